"""The types of the resources that a review understands, and of whose drift a finding tells."""

APPLICATION = "azuread:index/application:Application"
SERVICE_PRINCIPAL = "azuread:index/servicePrincipal:ServicePrincipal"
APP_ROLE_ASSIGNMENT = "azuread:index/appRoleAssignment:AppRoleAssignment"
DELEGATED_GRANT = (
    "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant"
)
CLIENT_SECRET = "azuread:index/applicationPassword:ApplicationPassword"  # noqa: S105 (a type's name)
FEDERATED_CREDENTIAL = (
    "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential"
)
CERTIFICATE = "azuread:index/applicationCertificate:ApplicationCertificate"
VAULT_SECRET = "azure-native:keyvault:Secret"  # noqa: S105 (a type's name)

_EXCHANGE = "pulumi-python:dynamic/exchange:"
SECURITY_GROUP = f"{_EXCHANGE}SecurityGroup"
EXISTING_GROUP = f"{_EXCHANGE}ExistingGroup"
GROUP_MEMBERS = f"{_EXCHANGE}GroupMembers"
ACCESS_POLICIES = f"{_EXCHANGE}AccessPolicies"
CONFIGURED_ACCESS = f"{_EXCHANGE}ConfiguredAccess"
ENFORCED_ACCESS = f"{_EXCHANGE}EnforcedAccess"
CONSENT_BY_PERSON = f"{_EXCHANGE}ConsentByPerson"

ADMIN_CONSENT = "placeosm365:index:AdminConsent"
KEY_VAULT_SECRET = "placeosm365:index:KeyVaultSecret"  # noqa: S105 (a type's name)

PROVIDERS = "pulumi:providers:"
WITH_ALL_SETTINGS = frozenset({f"{PROVIDERS}pulumi-python", f"{PROVIDERS}pulumi"})
"""Providers whose inputs are the settings of the stack, which are told as such."""

_GRANT_NOTHING = ("pulumi:pulumi:Stack", PROVIDERS)
_COMPONENTS = "placeosm365:index:"
_UNDERSTOOD = frozenset({
    APPLICATION, SERVICE_PRINCIPAL, APP_ROLE_ASSIGNMENT, DELEGATED_GRANT, CLIENT_SECRET, FEDERATED_CREDENTIAL,
    CERTIFICATE, VAULT_SECRET, SECURITY_GROUP, EXISTING_GROUP, GROUP_MEMBERS, ACCESS_POLICIES,
    CONFIGURED_ACCESS, ENFORCED_ACCESS, CONSENT_BY_PERSON,
})  # fmt: skip


def understood(kind: str) -> bool:
    """Whether a review knows what a resource of that type lets anybody do."""
    return kind in _UNDERSTOOD or kind.startswith((*_GRANT_NOTHING, _COMPONENTS))
