"""Which application permissions a call needs.

Each rule follows the "Permissions" table of the call's page under
https://learn.microsoft.com/en-us/graph/api/overview, which is made of permissions/new/permissions.json in
https://github.com/microsoftgraph/microsoft-graph-devx-content; where pages and service disagree, the service.
"""

from emulator.graph.errors import request_denied
from emulator.store import Document
from emulator.tokens import Token

# a token satisfies it when it holds one permission of every inner tuple
Needs = tuple[tuple[str, ...], ...]

READ_DIRECTORY = ("Directory.Read.All", "Directory.ReadWrite.All")

READ_APPLICATIONS: Needs = (
    ("Application.Read.All", "Application.ReadWrite.All", "Application.ReadWrite.OwnedBy", *READ_DIRECTORY),
)
# where the page leaves out Application.ReadWrite.OwnedBy
READ_EVERY_APPLICATION: Needs = (("Application.Read.All", "Application.ReadWrite.All", *READ_DIRECTORY),)
WRITE_APPLICATIONS: Needs = (("Application.ReadWrite.All", "Directory.ReadWrite.All"),)
MANAGE_APPLICATIONS: Needs = (("Application.ReadWrite.All", "Application.ReadWrite.OwnedBy"),)
# whoever adds an owner must be allowed to read the directory, too
ADD_OWNERS: Needs = (*MANAGE_APPLICATIONS, READ_DIRECTORY)
READ_CONSENTS = READ_APPLICATIONS
REVOKE_CONSENTS: Needs = (("AppRoleAssignment.ReadWrite.All",),)
# consent needs both; Application.ReadWrite.All alone is refused (terraform-provider-azuread #1661)
GRANT_CONSENTS: Needs = (
    *REVOKE_CONSENTS,
    ("Application.Read.All", "Application.ReadWrite.All", *READ_DIRECTORY),
)
READ_DELEGATED_GRANTS: Needs = (("DelegatedPermissionGrant.ReadWrite.All", *READ_DIRECTORY),)
MANAGE_DELEGATED_GRANTS: Needs = (("DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"),)
READ_USERS: Needs = (("User.Read.All", "User.ReadBasic.All", "User.ReadWrite.All", *READ_DIRECTORY),)
READ_MANAGERS: Needs = (("User.Read.All", "User.ReadWrite.All", *READ_DIRECTORY),)
READ_GROUPS: Needs = (("Group.Read.All", "GroupMember.Read.All", "Group.ReadWrite.All", *READ_DIRECTORY),)
READ_MEMBERS: Needs = READ_GROUPS
MANAGE_GROUPS: Needs = (("Group.ReadWrite.All", "Directory.ReadWrite.All"),)
MANAGE_MEMBERS: Needs = (("GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"),)
READ_ROLES: Needs = (
    ("RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory", *READ_DIRECTORY),
)
READ_UNITS: Needs = (("AdministrativeUnit.Read.All", "AdministrativeUnit.ReadWrite.All", *READ_DIRECTORY),)
MANAGE_UNITS: Needs = (("AdministrativeUnit.ReadWrite.All",),)
MANAGE_ROLES: Needs = (("RoleManagement.ReadWrite.Directory",),)
READ_POLICIES: Needs = (("Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration"),)
READ_CONDITIONAL_ACCESS: Needs = (("Policy.Read.ConditionalAccess", "Policy.Read.All"),)
READ_ASSIGNED_POLICIES: Needs = (*READ_POLICIES, *MANAGE_APPLICATIONS)
READ_SIGN_INS: Needs = (("AuditLog.Read.All",),)
READ_AUDITS: Needs = (*READ_SIGN_INS, ("Directory.Read.All",))
READ_ORGANIZATION: Needs = (("Organization.Read.All", *READ_DIRECTORY),)
READ_DOMAINS: Needs = (("Domain.Read.All", *READ_DIRECTORY),)
READ_PLACES: Needs = (("Place.Read.All", "Place.ReadWrite.All"),)
READ_CALENDARS: Needs = (("Calendars.Read", "Calendars.ReadWrite"),)
WRITE_CALENDARS: Needs = (("Calendars.ReadWrite",),)
READ_MAIL: Needs = (("Mail.Read", "Mail.ReadWrite"),)
SEND_MAIL: Needs = (("Mail.Send",),)
READ_CONTACTS: Needs = (("Contacts.Read", "Contacts.ReadWrite"),)
INVITE_GUESTS: Needs = (("User.Invite.All", "User.ReadWrite.All", "Directory.ReadWrite.All"),)
READ_DEVICES: Needs = (("DeviceManagementManagedDevices.Read.All",),)
NOTHING: Needs = ()


def satisfies(token: Token, needs: Needs) -> bool:
    """Whether the token holds one permission of each set."""
    return suffices(token.roles, needs)


def suffices(permissions: frozenset[str], needs: Needs) -> bool:
    """Whether one permission of each set is among these."""
    return all(permissions.intersection(choice) for choice in needs)


def must_manage(token: Token, document: Document) -> None:
    """Refuse when Application.ReadWrite.OwnedBy is all the caller has and the object isn't its own."""
    if "Application.ReadWrite.All" not in token.roles and token.object_id not in document["_owners"]:
        raise request_denied()
