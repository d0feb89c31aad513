"""The type tokens of the components: part of every URN, so a change here needs an alias."""

ROOM_CALENDAR_ACCESS = "placeosm365:index:RoomCalendarAccess"
APP_REGISTRATION = "placeosm365:index:AppRegistration"
ROOM_GROUP = "placeosm365:index:RoomGroup"
STAFF_GROUP = "placeosm365:index:StaffGroup"
EXISTING_STAFF_GROUP = "placeosm365:index:ExistingStaffGroup"
EXISTING_APPLICATION = "placeosm365:index:ExistingApplication"
MAILBOX_SCOPE = "placeosm365:index:MailboxScope"
ADMIN_CONSENT = "placeosm365:index:AdminConsent"
GITHUB_FEDERATED_CREDENTIAL = "placeosm365:index:GitHubFederatedCredential"
AZURE_DEVOPS_FEDERATED_CREDENTIAL = "placeosm365:index:AzureDevOpsFederatedCredential"
KEY_VAULT_SECRET = "placeosm365:index:KeyVaultSecret"  # noqa: S105 (a type's name)
CLIENT_SECRET = "placeosm365:index:ClientSecret"  # noqa: S105 (a type's name)
