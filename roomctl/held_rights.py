"""Which of the rights that a run needs the deployer has, read without trying any of them.

Application permissions stand in the token; which cmdlets a role brings, Exchange lists for who asks. The
permissions that do as well are those of github.com/microsoftgraph/microsoft-graph-devx-content,
permissions/new/permissions.json.
"""

from collections.abc import Callable, Collection, Iterator
from functools import cache, partial

from exchange import role_groups
from exchange.admin_api import ExchangeAdmin
from graph.directory_roles import EXCHANGE_ADMINISTRATOR, GLOBAL_ADMINISTRATOR
from rights import On, Right
from roomctl.deployer_identity import Identity
from roomctl.look import Look, Row, Section, Service
from roomctl.vault_looks import VaultLooks
from settings import Settings
from wire.claims import Claims

_DO_AS_WELL = {
    "Application.ReadWrite.OwnedBy": {"Application.ReadWrite.All"},
    "Application.Read.All": {
        "Application.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    },
    "RoleManagement.Read.Directory": {
        "RoleManagement.ReadWrite.Directory",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    },
    "User.Read.All": {"User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"},
}
SECURITY_GROUPS = "Security Group Creation and Membership"
CMDLETS = {
    "Organization Configuration": (
        "New-ApplicationAccessPolicy", "Set-ApplicationAccessPolicy", "Remove-ApplicationAccessPolicy",
    ),
    "Distribution Groups": (
        "New-DistributionGroup", "Set-DistributionGroup", "Set-Group",
        "Add-DistributionGroupMember", "Remove-DistributionGroupMember", "Update-DistributionGroupMember",
    ),
    "View-Only Recipients": ("Get-Recipient", "Get-Mailbox", "Get-Group", "Get-DistributionGroup"),
    "View-Only Configuration": ("Get-ApplicationAccessPolicy", "Get-ManagementRoleAssignment"),
}  # fmt: skip
"""The cmdlets that a run takes of each Exchange role. `Security Group Creation and Membership` is not among
them: it brings parameters, which Exchange does not list."""
_PORTAL = {
    On.GRAPH: "Microsoft Graph",
    On.EXCHANGE_ONLINE: "APIs my organization uses, Office 365 Exchange Online",
}
_ON_VAULT = (On.VAULT_ACTION, On.VAULT_DATA_ACTION)
_GRAPH, _EXCHANGE = frozenset({Service.GRAPH}), frozenset({Service.EXCHANGE})
_OF_PERSON = "who signed in is a person, whose rights no token tells"
_AS_DEPLOYER = "run it as the deployer"


def right_looks(
    rights: Collection[Right],
    identity: Identity,
    settings: Settings | None,
    exchange: Callable[[], ExchangeAdmin],
    vault: VaultLooks | None = None,
) -> list[Look]:
    """A look for each right, once for each name; `vault` is the one that the settings name."""
    listed = cache(lambda: exchange().cmdlets())
    looks: dict[tuple[str, On], Look] = {}
    for right in rights:
        fix, undo = _grant(right, identity, settings)
        ask: Callable[[Look], Iterator[Row]]
        services = frozenset[Service]()
        if right.on is On.GRAPH:
            ask, services = partial(_consented, right.name, lambda: identity.on_graph), _GRAPH
        elif right.on is On.EXCHANGE_ONLINE:
            ask, services = partial(_consented, right.name, lambda: identity.on_exchange), _EXCHANGE
        elif right.name == SECURITY_GROUPS:
            ask, services = partial(_in_a_role_group, right.name, identity, exchange), _EXCHANGE
        elif right.name in CMDLETS:
            ask, services = partial(_listed, right.name, listed), _EXCHANGE
        elif vault and right.on in _ON_VAULT:
            ask = vault.has(right)
        else:
            ask = _not_told
        look = Look(Section.RIGHTS, f"{right.name} ({right.on})", right.purpose, ask, services, fix, undo)
        looks.setdefault((right.name, right.on), look)
    return list(looks.values())


def _consented(name: str, claims: Callable[[], Claims | None], look: Look) -> Iterator[Row]:
    held = claims()
    if held is None:
        yield look.not_looked("the token can't be read")
    elif not held.is_application:
        yield look.not_looked(f"{_OF_PERSON}: {_AS_DEPLOYER}")
    elif granted := sorted({name, *_DO_AS_WELL.get(name, ())} & held.permissions):
        yield look.fine("there" if name in granted else f"{granted[0]} does as well")
    else:
        yield look.found("it is not in the token; one granted minutes ago may not be in force yet")


def _listed(role: str, listed: Callable[[], Collection[str]], look: Look) -> Iterator[Row]:
    missing = [one for one in CMDLETS[role] if one.lower() not in listed()]
    if missing:
        yield look.found(f"Exchange does not list {', '.join(missing)} for the deployer")
    else:
        yield look.fine("Exchange lists its cmdlets for the deployer")


def _in_a_role_group(
    role: str, identity: Identity, exchange: Callable[[], ExchangeAdmin], look: Look
) -> Iterator[Row]:
    """A role that brings parameters only: whether the deployer is in a group that has it."""
    claims = identity.on_exchange
    if claims is None:
        yield look.not_looked("the token can't be read")
        return
    if claims.directory_roles & {EXCHANGE_ADMINISTRATOR, GLOBAL_ADMINISTRATOR}:
        yield look.fine("an Entra role brings it")
        return
    if not claims.is_application:
        yield look.not_looked(f"{_OF_PERSON}: {_AS_DEPLOYER}")
        return
    groups = [group for group in role_groups.every(exchange()) if role in group.roles]
    known = role_groups.known_applications(exchange())
    may_be = [role_groups.who(member, known) for group in groups for member in group.members]
    if {claims.object_id} in may_be:
        yield look.fine("a role group brings it")
    elif any(claims.object_id in ids for ids in may_be):
        yield look.not_looked("Exchange shows members by names that several applications have")
    else:
        yield look.found("no role group that has it has the deployer")


def _not_told(look: Look) -> Iterator[Row]:
    yield look.not_looked("no service that is asked here tells it")


def _grant(right: Right, identity: Identity, settings: Settings | None) -> tuple[str, str]:
    """How it is granted, and taken away again."""
    who = identity.called if right.on is On.GRAPH else identity.called_in_exchange
    name = right.name
    if portal := _PORTAL.get(right.on):
        where = f"Entra, App registrations, {who}, API permissions"
        consent = "then Grant admin consent, as a Privileged Role Administrator"
        fix = f"{where}: add {portal}, Application permissions, {name}; {consent}"
        return fix, f"{where}: revoke its consent, then remove it"
    if right.on is On.EXCHANGE_ROLE:
        if not identity.client_id:
            return "roomctl create-deployer makes a deployer that has it", "take it away again"
        group, role = _quoted(who), _quoted(name)
        fix = f"New-ManagementRoleAssignment -SecurityGroup {group} -Role {role}"
        listed = f"Get-ManagementRoleAssignment -RoleAssignee {group} -Role {role}"
        return fix, f"{listed} | Remove-ManagementRoleAssignment"
    if right.on not in _ON_VAULT:
        return f"give {who} {name} ({right.on})", "take it away again"
    vault = settings.key_vault.resource_id if settings and settings.key_vault else "the key vault"
    fix = f"az role assignment create, of a role with {name}, for {who}, --scope {vault}"
    return fix, f"az role assignment delete, with the same --scope {vault}"


def _quoted(text: str) -> str:
    """As PowerShell takes a text."""
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
