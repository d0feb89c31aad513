"""Role groups: Exchange's own way to let an application run some cmdlets and no others.

learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2, "Assign custom role groups to the
application using service principals".
"""

from dataclasses import dataclass

from exchange.admin_api import ExchangeAdmin
from wire import AlreadyExists, NotFound


@dataclass(frozen=True)
class RoleGroup:
    """A role group: its roles, sorted, and its members by whatever id Exchange shows, in lower case."""

    name: str
    roles: tuple[str, ...]
    members: frozenset[str]


def find(exchange: ExchangeAdmin, name: str) -> RoleGroup | None:
    """The role group of this name; None when there is none."""
    record = exchange.look_up("Get-RoleGroup", "Name", name)
    if record is None:
        return None
    members = exchange.run("Get-RoleGroupMember", Identity=name, ResultSize="Unlimited")
    ids = {
        str(member[key]).lower()
        for member in members
        for key in ("Name", "Identity", "ExternalDirectoryObjectId")
        if member.get(key)
    }
    # A role may come back with the tenant's path before its name.
    roles = sorted(str(role).replace("\\", "/").rpartition("/")[2] for role in record.get("Roles") or ())
    return RoleGroup(name, tuple(roles), frozenset(ids))


def create(exchange: ExchangeAdmin, name: str, roles: list[str]) -> None:
    """Make the role group, without members."""
    exchange.run("New-RoleGroup", Name=name, Roles=roles)


def introduce(exchange: ExchangeAdmin, app_id: str, principal_id: str, name: str) -> None:
    """Tell Exchange of the application; one that it knows is fine. NotFound while Exchange can't see it."""
    try:
        exchange.run("New-ServicePrincipal", AppId=app_id, ObjectId=principal_id, DisplayName=name)
    except AlreadyExists:
        return


def knows(exchange: ExchangeAdmin, principal_id: str) -> bool:
    """Whether Exchange was told of the application."""
    try:
        return bool(exchange.run("Get-ServicePrincipal", Identity=principal_id))
    except NotFound:
        return False


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
