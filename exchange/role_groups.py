"""Role groups: Exchange's own way to let an application run some cmdlets and no others.

learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2, "Assign custom role groups to the
application using service principals".
"""

from collections.abc import Collection
from dataclasses import dataclass

from exchange.admin_api import ExchangeAdmin, Record
from exchange.records import required
from wire import AlreadyExists, in_parallel

_NAMES = ("Guid", "Identity", "Name", "DisplayName")


@dataclass(frozen=True)
class Member:
    """One member: its object id, "" where Exchange shows none, and all that it is called, in lower case."""

    object_id: str
    called: frozenset[str]

    def __str__(self) -> str:
        return self.object_id or ", ".join(sorted(self.called))


@dataclass(frozen=True)
class RoleGroup:
    """A role group: its description, its roles, sorted, and its members."""

    name: str
    description: str
    roles: tuple[str, ...]
    members: tuple[Member, ...]


@dataclass(frozen=True)
class KnownApplication:
    """An application as Exchange was told of it, in lower case; `object_id` is its service principal's."""

    object_id: str
    app_id: str
    name: str


def every(exchange: ExchangeAdmin) -> list[RoleGroup]:
    """All role groups of the tenant with their members, by name."""
    records = exchange.run("Get-RoleGroup", ResultSize="Unlimited")
    return sorted(in_parallel(lambda one: _group(exchange, one), records), key=lambda one: one.name)


def known_applications(exchange: ExchangeAdmin) -> list[KnownApplication]:
    """The applications that Exchange was told of."""
    return [
        KnownApplication(
            required(one, "ObjectId", "application").lower(),
            required(one, "AppId", "application").lower(),
            str(one.get("DisplayName") or "").lower(),
        )
        for one in exchange.run("Get-ServicePrincipal")
    ]


def who(member: Member, known: Collection[KnownApplication]) -> set[str]:
    """The object ids of the applications that the member may be.

    One where Exchange shows an id; where it shows a display name only, all of that name; none for a person.
    """
    if member.object_id:
        return {member.object_id}
    by_id = {one.object_id for one in known if one.object_id in member.called}
    return by_id or {one.object_id for one in known if one.name in member.called}


def create(exchange: ExchangeAdmin, name: str, roles: Collection[str], description: str) -> None:
    """Make the role group, without members; one of that name that is there is left as it is."""
    try:
        exchange.ensure("New-RoleGroup", Name=name, Roles=list(roles), Description=description)
    except AlreadyExists:
        return


def add_role(exchange: ExchangeAdmin, name: str, role: str) -> None:
    """Give the role group one role more; one that it has is fine.

    learn.microsoft.com/powershell/module/exchangepowershell/set-rolegroup: a group's roles are changed by
    their assignments.
    """
    try:
        exchange.ensure("New-ManagementRoleAssignment", SecurityGroup=name, Role=role)
    except AlreadyExists:
        return


def introduce(exchange: ExchangeAdmin, app_id: str, principal_id: str, name: str) -> None:
    """Tell Exchange of the application; one that it knows is fine. NotFound while Exchange can't see it."""
    try:
        exchange.ensure("New-ServicePrincipal", AppId=app_id, ObjectId=principal_id, DisplayName=name)
    except AlreadyExists:
        return


def join(exchange: ExchangeAdmin, name: str, principal_id: str) -> None:
    """Make the application a member; one that is, is fine."""
    try:
        exchange.ensure(
            "Add-RoleGroupMember",
            Identity=name,
            Member=principal_id,
            BypassSecurityGroupManagerCheck=True,
        )
    except AlreadyExists:
        return


def _group(exchange: ExchangeAdmin, record: Record) -> RoleGroup:
    name = str(record.get("Name") or record.get("Identity") or "")
    members = exchange.run("Get-RoleGroupMember", Identity=name, ResultSize="Unlimited")
    # A role may come back with the tenant's path before its name.
    roles = sorted(str(role).replace("\\", "/").rpartition("/")[2] for role in record.get("Roles") or ())
    return RoleGroup(name, str(record.get("Description") or ""), tuple(roles), tuple(map(_member, members)))


def _member(record: Record) -> Member:
    called = frozenset(str(record[key]).lower() for key in _NAMES if record.get(key))
    object_id = str(record.get("ExternalDirectoryObjectId") or "").lower()
    if not (object_id or called):
        required(record, "Identity", "member of a role group")
    return Member(object_id, called)
