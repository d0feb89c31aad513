"""The type tokens that rules look for, as the engine sends them."""

STACK = "pulumi:pulumi:Stack"
APPLICATION = "azuread:index/application:Application"
APPLICATION_REGISTRATION = "azuread:index/applicationRegistration:ApplicationRegistration"
APPLICATION_API_ACCESS = "azuread:index/applicationApiAccess:ApplicationApiAccess"
APPLICATION_REDIRECT_URIS = "azuread:index/applicationRedirectUris:ApplicationRedirectUris"
APPLICATION_PASSWORD = "azuread:index/applicationPassword:ApplicationPassword"  # noqa: S105 (a type's name)
FEDERATED_CREDENTIAL = (
    "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential"
)
FLEXIBLE_CREDENTIAL = (
    "azuread:index/applicationFlexibleFederatedIdentityCredential"
    ":ApplicationFlexibleFederatedIdentityCredential"
)
SERVICE_PRINCIPAL = "azuread:index/servicePrincipal:ServicePrincipal"
SERVICE_PRINCIPAL_PASSWORD = "azuread:index/servicePrincipalPassword:ServicePrincipalPassword"  # noqa: S105 (a type's name)
APP_ROLE_ASSIGNMENT = "azuread:index/appRoleAssignment:AppRoleAssignment"
DELEGATED_GRANT = (
    "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant"
)
ACCESS_POLICIES = "pulumi-python:dynamic/exchange:AccessPolicies"
CONSENT_BY_PERSON = "pulumi-python:dynamic/exchange:ConsentByPerson"
EXISTING_GROUP = "pulumi-python:dynamic/exchange:ExistingGroup"
SECURITY_GROUP = "pulumi-python:dynamic/exchange:SecurityGroup"
