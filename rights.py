"""What each role may do in the tenant: the one list that the README shows and `create-deployer` grants.

Rights on Microsoft Graph are the least that Microsoft lists for each call
(github.com/microsoftgraph/microsoft-graph-devx-content, permissions/new/permissions.json). Which Exchange
role has which cmdlet is published nowhere as a whole: the roles are those that the cmdlets' own pages
(learn.microsoft.com/powershell/module/exchangepowershell) and Microsoft365DSC's settings.json name. Those on
a key vault are actions, of which Azure roles consist
(learn.microsoft.com/azure/role-based-access-control/permissions/security#microsoftkeyvault): data actions are
what the vault itself asks for, the others what Azure Resource Manager does. The action of the role on the
application is one of those for Entra's custom roles
(learn.microsoft.com/entra/identity/role-based-access-control/custom-available-permissions).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum


class On(StrEnum):
    """Whose right it is, or what kind."""

    GRAPH = "Microsoft Graph"
    EXCHANGE_ONLINE = "Office 365 Exchange Online"
    EXCHANGE_ROLE = "Exchange role"
    CREDENTIALS = "Entra role on the application"
    VAULT_ACTION = "key vault (action)"
    VAULT_DATA_ACTION = "key vault (data action)"


class Role(StrEnum):
    """What an identity is for. One may be several: it then has the rights of each."""

    READ = "read"
    """`pulumi preview`, `roomctl review`, `drift`, `evidence` and `secrets`; it changes nothing."""
    ROTATE = "rotate"
    """`pulumi up --target` of the client secrets, and of Microsoft Graph's proof before them."""
    APPLY = "apply"
    """`pulumi up` and `pulumi destroy`, without the right to consent."""
    CONSENT = "consent"
    """The consents to Microsoft Graph's permissions; best a person."""
    FINISH = "finish"
    """`roomctl finish-destroy`."""
    CONTAIN = "contain"
    """`roomctl contain` and `roomctl resume`."""


DEPLOY = frozenset({Role.APPLY, Role.CONSENT})
"""One identity that runs `pulumi up`, consents included."""


@dataclass(frozen=True)
class Right:
    """One right: `without` is the heart of what a person sees who lacks it.

    `setting` names the setting without which it is not needed; "" for a right that always is.
    """

    name: str
    on: On
    purpose: str
    roles: frozenset[Role]
    without: str
    setting: str = ""
    optional: bool = False
    """Whether a run goes on without it, and says what it could not look at."""


_APPLY = frozenset({Role.APPLY})
_ROTATE = frozenset({Role.ROTATE})
_WRITE = frozenset({Role.APPLY, Role.FINISH})
_PREVIEW = frozenset({Role.READ, Role.APPLY})
_SECRETS = frozenset({Role.ROTATE, Role.APPLY})
_PROGRAM = frozenset({Role.READ, Role.ROTATE, Role.APPLY})
_EXCHANGE = frozenset({Role.READ, Role.APPLY, Role.FINISH})

RIGHTS = (
    Right(
        "Application.ReadWrite.OwnedBy",
        On.GRAPH,
        "application, service principal, secrets; the deployer becomes an owner",
        frozenset({Role.APPLY, Role.CONTAIN}),
        "Could not create application",
    ),
    Right(
        "AppRoleAssignment.ReadWrite.All",
        On.GRAPH,
        "consent",
        frozenset({Role.CONSENT}),
        "Could not create app role assignment",
    ),
    Right(
        "Application.Read.All",
        On.GRAPH,
        "the other half of consent; reading applications",
        _PROGRAM | {Role.CONSENT, Role.FINISH},
        "Insufficient privileges to complete the operation",
    ),
    Right(
        "RoleManagement.Read.Directory",
        On.GRAPH,
        "never to take an administrator's mailbox as the proof",
        _PREVIEW,
        "GET /v1.0/directoryRoles: Authorization_RequestDenied",
    ),
    Right(
        "User.Read.All",
        On.GRAPH,
        "finding `applicationOwners`; not needed without",
        _PROGRAM,
        "Finding user with UPN",
        setting="applicationOwners",
    ),
    Right(
        "Policy.Read.All",
        On.GRAPH,
        "whether the tenant limits client secrets; a run goes on without",
        _PROGRAM,
        "Not looked at: whether the tenant limits client secrets",
        optional=True,
    ),
    Right(
        "Policy.Read.All",
        On.GRAPH,
        "how long tokens that were issued live; without it the worst case is told",
        frozenset({Role.CONTAIN}),
        "at worst, a day: how long they live here could not be read",
        optional=True,
    ),
    Right(
        "AuditLog.Read.All",
        On.GRAPH,
        "which key signed in last, and from where (takes Entra ID P1); without it that is not told",
        frozenset({Role.CONTAIN}),
        "signed in last not known",
        optional=True,
    ),
    Right(
        "AuditLog.Read.All",
        On.GRAPH,
        "which client secret is in use (takes Entra ID P1), and who consented; without it neither is told",
        frozenset({Role.READ}),
        "The sign-in log was not read",
        optional=True,
    ),
    Right(
        "Directory.Read.All",
        On.GRAPH,
        "permissions in people's names, and groups in groups; without it `roomctl drift` is never clean",
        frozenset({Role.READ}),
        "could not be looked at",
        optional=True,
    ),
    Right(
        "microsoft.directory/applications/credentials/update",
        On.CREDENTIALS,
        "the client secrets of this one application, and the probe's (takes Entra ID P1)",
        _ROTATE,
        "addPassword: Authorization_RequestDenied",
    ),
    Right(
        "Exchange.ManageAsApp",
        On.EXCHANGE_ONLINE,
        "every cmdlet",
        _EXCHANGE,
        "refused with 401 and no reason",
    ),
    Right(
        "Exchange.ManageAsApp",
        On.EXCHANGE_ONLINE,
        "listing the rooms; not needed without `everyRoomMailbox`",
        _ROTATE,
        "refused with 401 and no reason",
        setting="everyRoomMailbox",
    ),
    Right(
        "Organization Configuration",
        On.EXCHANGE_ROLE,
        "access policies",
        _WRITE,
        "ApplicationAccessPolicy' isn't supported in this scenario",
    ),
    Right(
        "Distribution Groups",
        On.EXCHANGE_ROLE,
        "the group's lock and its members",
        _WRITE,
        "DistributionGroup' isn't supported in this scenario",
    ),
    Right(
        "Security Group Creation and Membership",
        On.EXCHANGE_ROLE,
        "a group of the type Security, which no mailbox has to own",
        _WRITE,
        "A parameter cannot be found that matches parameter name",
    ),
    Right(
        "View-Only Recipients",
        On.EXCHANGE_ROLE,
        "rooms and people",
        _EXCHANGE,
        "such as View-Only Recipients",
    ),
    Right(
        "View-Only Recipients",
        On.EXCHANGE_ROLE,
        "listing the rooms; not needed without `everyRoomMailbox`",
        _ROTATE,
        "such as View-Only Recipients",
        setting="everyRoomMailbox",
    ),
    Right(
        "View-Only Configuration",
        On.EXCHANGE_ROLE,
        "reading the access policies",
        frozenset({Role.READ}),
        "Get-ApplicationAccessPolicy' isn't supported in this scenario",
    ),
    Right(
        "View-Only Configuration",
        On.EXCHANGE_ROLE,
        "the roles in Exchange of the application `applicationClientId`; not needed without",
        _PREVIEW,
        "Get-ManagementRoleAssignment' isn't supported in this scenario",
        setting="applicationClientId",
    ),
    Right(
        "Microsoft.KeyVault/vaults/read",
        On.VAULT_ACTION,
        "whether `keyVault` is there, looked up before anything is made; not needed without",
        _PREVIEW,
        "does not have authorization to perform action",
        setting="keyVault",
    ),
    Right(
        "Microsoft.KeyVault/vaults/secrets/read",
        On.VAULT_ACTION,
        "the secret in `keyVault` as Azure Resource Manager tells it, without its value; not needed without",
        _PROGRAM,
        "does not have authorization to perform action",
        setting="keyVault",
    ),
    Right(
        "Microsoft.KeyVault/vaults/secrets/write",
        On.VAULT_ACTION,
        "writing it; not needed without `keyVault`",
        _SECRETS,
        "does not have authorization to perform action",
        setting="keyVault",
    ),
    Right(
        "Microsoft.KeyVault/vaults/secrets/delete",
        On.VAULT_DATA_ACTION,
        "deleting it: destroy, or another vault or name; not needed without `keyVault`",
        _APPLY,
        "Caller is not authorized to perform action on resource",
        setting="keyVault",
    ),
    Right(
        "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
        On.VAULT_DATA_ACTION,
        "finding it deleted, to write it again; not needed without `keyVault`",
        _APPLY,
        "is currently in a deleted but recoverable state",
        setting="keyVault",
    ),
    Right(
        "Microsoft.KeyVault/vaults/secrets/recover/action",
        On.VAULT_DATA_ACTION,
        "recovering it then; not needed without `keyVault`",
        _APPLY,
        "failed to recover soft-deleted secret",
        setting="keyVault",
    ),
)


def needed(roles: Collection[Role], *settings: str) -> tuple[Right, ...]:
    """The rights that the roles take together, with the settings that are used; in the order of the table."""
    return tuple(one for one in useful(roles, *settings) if not one.optional)


def useful(roles: Collection[Role], *settings: str) -> tuple[Right, ...]:
    """Those that the roles take, and those without which they see less."""
    return tuple(one for one in RIGHTS if one.roles.intersection(roles) and one.setting in ("", *settings))


def names(rights: Sequence[Right], on: On) -> list[str]:
    """The names of those rights that are on this service, or of this kind."""
    return list(dict.fromkeys(one.name for one in rights if one.on is on))


def names_in(text: str) -> set[str]:
    """The names of the rights that a text speaks of."""
    return {one.name for one in RIGHTS if one.name in text}
