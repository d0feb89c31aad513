"""The rights that are asked of `create-deployer`: which they are, and which options ask for none."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from graph import directory_roles
from rights import RIGHTS, On, Right, Role, names, useful


class ExchangeBy(StrEnum):
    """How the deployer gets its Exchange roles."""

    ROLE_GROUP = "role-group"
    DIRECTORY_ROLE = "directory-role"


OPTIONS = {"Policy.Read.All": "--read-policies", "AuditLog.Read.All": "--read-sign-ins"}
"""The rights that are given when they are asked for only: a run goes on without."""


@dataclass(frozen=True)
class AskedRights:
    """What the identity is for, and what the options say.

    `settings` are those that the stack sets: facts, which may change nothing. `optional` are the rights of
    OPTIONS that were asked for.
    """

    roles: Collection[Role]
    settings: Collection[str]
    optional: Collection[str]
    exchange: ExchangeBy

    @property
    def rights(self) -> tuple[Right, ...]:
        """What the roles take with these settings, without those of OPTIONS that were not asked for."""
        declined = OPTIONS.keys() - self.optional
        found = useful(self.roles, *self.settings)
        return tuple(one for one in found if not (one.optional and one.name in declined))

    @property
    def directory_role(self) -> tuple[str, str] | None:
        """The least of Microsoft's roles that has these rights in Exchange: its template id and its name.

        None where there are none, or where a role group gives them.
        """
        roles = names(self.rights, On.EXCHANGE_ROLE)
        if self.exchange is ExchangeBy.ROLE_GROUP or not roles:
            return None
        if all(role.startswith("View-Only ") for role in roles):
            return directory_roles.GLOBAL_READER, "Global Reader"
        return directory_roles.EXCHANGE_ADMINISTRATOR, "Exchange Administrator"

    def problems(self) -> Iterator[str]:
        """Which options ask for what an identity of these roles has no use for."""
        held, it = {one.name for one in self.rights}, f"an identity of {' and '.join(sorted(self.roles))}"
        for name in self.optional:
            if name not in held:
                users = {role for one in RIGHTS if one.name == name for role in one.roles}
                fitting = " or ".join(role for role in Role if role in users)
                yield f"{OPTIONS[name]} does nothing for {it}: it goes with --role {fitting}"
        if self.exchange is ExchangeBy.DIRECTORY_ROLE and not self.directory_role:
            yield f"--exchange directory-role does nothing for {it}, which takes no Exchange role"
