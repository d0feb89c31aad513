"""Who can make a deployer, a person or an application: told to who may not."""

from rights import On

_PERSON = (
    "It takes a Global Administrator; or an Application Administrator who is Privileged Role Administrator "
    "and Exchange Administrator, too."
)


def rights(*, gives_directory_role: bool, names_owners: bool) -> dict[On, list[str]]:
    """The rights with which an application can make one.

    Every directory role is looked at, and whoever adds an owner must read the directory
    (learn.microsoft.com/graph/api/rbacapplication-list-roleassignments, application-post-owners).
    """
    roles = "RoleManagement.ReadWrite.Directory" if gives_directory_role else "RoleManagement.Read.Directory"
    return {
        On.GRAPH: [
            "Application.ReadWrite.All",
            "AppRoleAssignment.ReadWrite.All",
            roles,
            *(["Directory.Read.All"] if names_owners else []),
        ],
        On.EXCHANGE_ONLINE: ["Exchange.ManageAsApp"],
        On.EXCHANGE_ROLE: ["Role Management"],
    }


def who(held: dict[On, list[str]]) -> str:
    """In words, with the rights of an application."""
    application = "; ".join(f"{', '.join(names)} ({on})" for on, names in held.items())
    return f"{_PERSON} An application needs {application}."
