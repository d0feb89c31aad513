"""Who may run which cmdlet: Exchange roles, from directory roles and from Exchange's own role groups.

An app needs Exchange.ManageAsApp and a role; either comes with learn.microsoft.com/powershell/exchange/
app-only-auth-powershell-v2. The roles that a cmdlet needs stand with the cmdlet. No page lists them all:
those of access policies, role groups and recipients follow settings.json of EXOApplicationAccessPolicy,
EXORoleGroup and EXOMailboxSettings in github.com/microsoft/Microsoft365DSC, those of groups
learn.microsoft.com/exchange/distribution-groups-role-exchange-2013-help. Where these are silent, the emulator
asks for more.
"""

from dataclasses import dataclass
from http import HTTPStatus

from emulator.tenant import Tenant
from emulator.tokens import EXCHANGE, InvalidTokenError, Token, authenticate, directory_roles

MANAGE_AS_APP = "Exchange.ManageAsApp"
DISTRIBUTION_GROUPS = "Distribution Groups"
MAIL_RECIPIENTS = "Mail Recipients"
ORGANIZATION_CONFIGURATION = "Organization Configuration"
ROLE_MANAGEMENT = "Role Management"
SECURITY_GROUPS = "Security Group Creation and Membership"
VIEW_CONFIGURATION = "View-Only Configuration"
VIEW_RECIPIENTS = "View-Only Recipients"

READ_CONFIGURATION = frozenset({VIEW_CONFIGURATION, ORGANIZATION_CONFIGURATION})
READ_RECIPIENTS = frozenset({VIEW_RECIPIENTS, MAIL_RECIPIENTS})
READ_GROUPS = READ_RECIPIENTS | {DISTRIBUTION_GROUPS}
READ_ROLES = frozenset({VIEW_CONFIGURATION, ROLE_MANAGEMENT})

EVERY_ROLE = READ_CONFIGURATION | READ_GROUPS | READ_ROLES | {SECURITY_GROUPS}

# learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference: template ids
_FROM_DIRECTORY = {
    "62e90394-69f5-4237-9190-012177145e10": EVERY_ROLE,  # Global Administrator
    "29232cdf-9323-42fd-ade2-1d097af3e4de": EVERY_ROLE,  # Exchange Administrator
    "31392ffb-586c-42d1-9346-e59415a2cc4e": frozenset(
        {DISTRIBUTION_GROUPS, MAIL_RECIPIENTS}
    ),  # its Recipient one
    "f2ef992c-3afb-46b9-b7cf-a126ee74c451": frozenset({VIEW_CONFIGURATION, VIEW_RECIPIENTS}),  # Global Reader
}


@dataclass(frozen=True)
class Caller:
    """An app, and the Exchange roles that it holds."""

    client_id: str
    object_id: str
    roles: frozenset[str]


class AdmissionError(Exception):
    """The endpoint refuses the caller before any cmdlet is looked at; `diagnostics` says why, if anything."""

    def __init__(self, status: HTTPStatus, reason: str, diagnostics: str = "") -> None:
        super().__init__(reason)
        self.status, self.diagnostics = status, diagnostics


def admit(tenant: Tenant, authorization: str | None, tenant_segment: str) -> Caller:
    """The caller of a request, if its token and path let it in; AdmissionError otherwise.

    401: no valid token, a tenant named by anything but its GUID, no Exchange.ManageAsApp, or no role
    at all. 403: a role that was given after the token was issued, or that has nothing to do with Exchange.
    Which of the two Exchange answers in each case is known from single reports only.
    """
    try:
        token = authenticate(tenant, authorization, EXCHANGE)
    except InvalidTokenError as reason:
        raise AdmissionError(HTTPStatus.UNAUTHORIZED, str(reason)) from reason
    if tenant_segment.lower() != tenant.id.lower():
        raise AdmissionError(HTTPStatus.UNAUTHORIZED, "the tenant in the path must be its GUID")
    if MANAGE_AS_APP not in token.roles:
        raise AdmissionError(HTTPStatus.UNAUTHORIZED, f"the token lacks {MANAGE_AS_APP}")
    groups = [one for one in tenant.store.all("roleGroup") if token.object_id in one["_members"]]
    if tenant.only_reads(token.client_id):
        groups = []
    if not groups and not token.directory_roles:
        raise _without_role(tenant, token)
    roles = frozenset(role for group in groups for role in group["Roles"]).union(
        *(_FROM_DIRECTORY.get(role, frozenset()) for role in token.directory_roles)
    )
    if not roles:
        raise AdmissionError(
            HTTPStatus.FORBIDDEN,
            "none of the directory roles is known to Exchange",
            '2000008;reason="The role assigned to application isn\'t supported in this scenario.";'
            'error_category="CmdletAccessDeniedException"',
        )
    return Caller(token.client_id, token.object_id, roles)


def _without_role(tenant: Tenant, token: Token) -> AdmissionError:
    if directory_roles(tenant, token.object_id):
        return AdmissionError(HTTPStatus.FORBIDDEN, "the role was given after the token was issued")
    return AdmissionError(HTTPStatus.UNAUTHORIZED, "the app holds no role")
