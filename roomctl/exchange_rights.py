"""The deployer's roles in Exchange: by a role group of its own, and by nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass

from exchange import role_groups
from exchange.admin_api import ExchangeAdmin
from exchange.application_roles import application_roles
from exchange.role_groups import KnownApplication, Member, RoleGroup
from roomctl.own_application import NOTE


@dataclass(frozen=True)
class ExchangeRights:
    """What Exchange has of the deployer, as it was read; `principal_id` is "" while there is none."""

    name: str
    principal_id: str
    groups: tuple[RoleGroup, ...]
    known: tuple[KnownApplication, ...]
    application_roles: tuple[str, ...]

    @property
    def group(self) -> RoleGroup | None:
        """The role group of the deployer's name."""
        return next((one for one in self.groups if one.name.casefold() == self.name.casefold()), None)

    @property
    def joined(self) -> bool:
        """Whether the deployer is a member of that group."""
        return self.group is not None and any(self._is_deployer(one) for one in self.group.members)

    def doubts(self, wanted_roles: list[str]) -> Iterator[str]:
        """Why the group of its name is not its own; without wanted roles it needs none."""
        group = self.group
        if group is None or not wanted_roles:
            return
        if NOTE not in group.description:
            yield (
                f"a role group {group.name} is there that this command did not make: choose another --name, "
                "or remove it with Remove-RoleGroup"
            )
        if surplus := [role for role in group.roles if role not in wanted_roles]:
            yield (
                f"the role group {group.name} has roles that are not needed ({', '.join(surplus)}): take "
                "them away with Remove-ManagementRoleAssignment, or name the option that needs them"
            )
        others = [one for one in group.members if self.principal_id not in self._who(one)]
        if others:
            yield (
                f"the role group {group.name} has other members than the deployer "
                f"({'; '.join(map(str, others))}): take them out with Remove-RoleGroupMember"
            )

    def besides(self, wanted_roles: list[str]) -> Iterator[str]:
        """What else gives it rights in Exchange, and what can't be told."""
        own = self.group if wanted_roles else None
        for group in self.groups if self.principal_id else ():
            if group is not own and any(self._is_deployer(one) for one in group.members):
                yield (
                    f"it is a member of the role group {group.name} ({', '.join(group.roles)}), which is not "
                    "needed: take it out with Remove-RoleGroupMember"
                )
            for member in group.members:
                if self.principal_id in (who := self._who(member)) and len(who) > 1:
                    yield (
                        f"Exchange shows a member of the role group {group.name} as {member} only, and "
                        f"{len(who)} applications are called so: rename the others with Set-ServicePrincipal"
                    )
        for role in self.application_roles:
            yield (
                f"the Exchange role {role} is assigned to it and not needed: take it away with "
                "Remove-ManagementRoleAssignment"
            )

    def _is_deployer(self, member: Member) -> bool:
        return self._who(member) == {self.principal_id}

    def _who(self, member: Member) -> set[str]:
        return role_groups.who(member, self.known)


def look(exchange: ExchangeAdmin, name: str, app_id: str, principal_id: str) -> ExchangeRights:
    """Read what Exchange has of the deployer; WireError when it can't be.

    Exchange may know a service principal, by its application, of which Microsoft Graph has not told yet.
    """
    known = tuple(role_groups.known_applications(exchange))
    own = principal_id or next((one.object_id for one in known if app_id and one.app_id == app_id), "")
    return ExchangeRights(
        name=name,
        principal_id=own,
        groups=tuple(role_groups.every(exchange)),
        known=known,
        application_roles=tuple(application_roles(exchange, own) if own else ()),
    )
