"""The types of the stack's resources of whose drift a finding may tell."""

_EXCHANGE = "pulumi-python:dynamic/exchange:"
SECURITY_GROUP = f"{_EXCHANGE}SecurityGroup"
EXISTING_GROUP = f"{_EXCHANGE}ExistingGroup"
GROUP_MEMBERS = f"{_EXCHANGE}GroupMembers"
ACCESS_POLICIES = f"{_EXCHANGE}AccessPolicies"
CONFIGURED_ACCESS = f"{_EXCHANGE}ConfiguredAccess"
ENFORCED_ACCESS = f"{_EXCHANGE}EnforcedAccess"
CONSENT_BY_PERSON = f"{_EXCHANGE}ConsentByPerson"
APPLICATION = "azuread:index/application:Application"
SERVICE_PRINCIPAL = "azuread:index/servicePrincipal:ServicePrincipal"
APP_ROLE_ASSIGNMENT = "azuread:index/appRoleAssignment:AppRoleAssignment"
CLIENT_SECRET = "azuread:index/applicationPassword:ApplicationPassword"  # noqa: S105 (a type's name)
