"""The types of Graph objects: which properties each has, and which are shown when nobody selects.

https://learn.microsoft.com/en-us/graph/api/resources/application and its neighbours
"""

import copy
from dataclasses import dataclass

from emulator.graph.errors import GraphError, bad_request
from emulator.store import Document

# what a stored document keeps without it being a property
_PRIVATE = {"members"}


@dataclass(frozen=True)
class Entity:
    """A type: `template` holds every property with the value it has until somebody sets it."""

    name: str
    collection: str
    kind: str
    template: Document
    usual_names: tuple[str, ...] = ()
    expandable: tuple[str, ...] = ()
    read_only: frozenset[str] = frozenset({"id", "createdDateTime", "deletedDateTime"})

    def whole(self, document: Document) -> Document:
        """The object with all its properties and nothing of what the emulator keeps to itself."""
        public = {
            key: value for key, value in document.items() if not key.startswith("_") and key not in _PRIVATE
        }
        return {**copy.deepcopy(self.template), **public}

    def usual(self, whole: Document) -> Document:
        """The properties that version 1.0 answers when there is no `$select`."""
        return {name: whole[name] for name in self.usual_names} if self.usual_names else whole

    def must_know(self, name: str) -> None:
        """Refuse a property that the type doesn't have: a typo must not read as an empty value."""
        if name.partition("/")[0] not in self.template:
            raise GraphError(
                400,
                "BadRequest",
                f"Could not find a property named '{name}' on type 'microsoft.graph.{self.name}'.",
            )

    def accept(self, body: Document, current: Document | None = None) -> Document:
        """What a client sent, without annotations and with `null` as Graph stores it for each property.

        GraphError for properties that the type doesn't have, and for a read-only one that is not as it is
        in the `current` object.
        """
        accepted = {}
        for name, value in body.items():
            if "@" in name:
                continue
            if name not in self.template:
                raise bad_request(f"Invalid property '{name}'.")
            if name not in self.read_only:
                accepted[name] = _as_stored(value, self.template[name])
            elif value is not None and value != (current or {}).get(name):
                raise bad_request(f"Property '{name}' is read-only and cannot be set.")
        return accepted


def _as_stored(value: object, empty: object) -> object:
    if value is None:
        return copy.deepcopy(empty)
    if isinstance(value, dict) and isinstance(empty, dict):
        return {name: _as_stored(inner, empty.get(name)) for name, inner in value.items()}
    return value


def merge(document: Document, change: Document) -> None:
    """Set what the change names; inside complex properties too."""
    for name, value in change.items():
        if isinstance(value, dict) and isinstance(document.get(name), dict):
            merge(document[name], value)
        else:
            document[name] = value


def _nothing(*names: str) -> Document:
    return dict.fromkeys(names)


def _empty(*names: str) -> Document:
    return {name: [] for name in names}


APPLICATION = Entity(
    "application",
    "applications",
    "application",
    {
        **_nothing(
            "id", "appId", "displayName", "description", "notes", "createdDateTime", "deletedDateTime"
        ),
        **_nothing("applicationTemplateId", "certification", "createdByAppId", "defaultRedirectUri"),
        **_nothing("disabledByMicrosoftStatus", "groupMembershipClaims", "isDeviceOnlyAuthSupported"),
        **_nothing("isFallbackPublicClient", "logo", "nativeAuthenticationApisEnabled", "optionalClaims"),
        **_nothing("oauth2RequirePostResponse", "onPremisesPublishing", "publisherDomain", "samlMetadataUrl"),
        **_nothing("requestSignatureVerification", "serviceManagementReference", "tokenEncryptionKeyId"),
        **_nothing("servicePrincipalLockConfiguration", "uniqueName", "authenticationBehaviors"),
        **_empty("addIns", "appRoles", "identifierUris", "keyCredentials", "passwordCredentials", "tags"),
        **_empty("requiredResourceAccess"),
        "signInAudience": "AzureADMyOrg",
        "api": {
            "acceptMappedClaims": None,
            "knownClientApplications": [],
            "requestedAccessTokenVersion": None,
            "oauth2PermissionScopes": [],
            "preAuthorizedApplications": [],
        },
        "info": _nothing("logoUrl", "marketingUrl", "privacyStatementUrl", "supportUrl", "termsOfServiceUrl"),
        "parentalControlSettings": {"countriesBlockedForMinors": [], "legalAgeGroupRule": "Allow"},
        "publicClient": {"redirectUris": []},
        "spa": {"redirectUris": []},
        "verifiedPublisher": _nothing("displayName", "verifiedPublisherId", "addedDateTime"),
        "web": {
            "homePageUrl": None,
            "logoutUrl": None,
            "redirectUris": [],
            "implicitGrantSettings": {"enableAccessTokenIssuance": False, "enableIdTokenIssuance": False},
            "redirectUriSettings": [],
        },
    },
    expandable=("owners",),
    read_only=frozenset({"id", "appId", "createdDateTime", "deletedDateTime", "publisherDomain"}),
)

SERVICE_PRINCIPAL = Entity(
    "servicePrincipal",
    "servicePrincipals",
    "servicePrincipal",
    {
        **_nothing("id", "appId", "displayName", "appDisplayName", "appDescription", "description", "notes"),
        **_nothing("appOwnerOrganizationId", "applicationTemplateId", "createdDateTime", "deletedDateTime"),
        **_nothing("disabledByMicrosoftStatus", "homepage", "loginUrl", "logoutUrl", "samlMetadataUrl"),
        **_nothing("preferredSingleSignOnMode", "preferredTokenSigningKeyThumbprint", "signInAudience"),
        **_nothing("samlSingleSignOnSettings", "tokenEncryptionKeyId", "servicePrincipalType"),
        **_empty("addIns", "alternativeNames", "appRoles", "keyCredentials", "notificationEmailAddresses"),
        **_empty("oauth2PermissionScopes", "passwordCredentials", "replyUrls", "servicePrincipalNames"),
        **_empty("resourceSpecificApplicationPermissions", "tags"),
        "accountEnabled": True,
        "appRoleAssignmentRequired": False,
        "info": _nothing("logoUrl", "marketingUrl", "privacyStatementUrl", "supportUrl", "termsOfServiceUrl"),
        "verifiedPublisher": _nothing("displayName", "verifiedPublisherId", "addedDateTime"),
    },
    expandable=("owners", "appRoleAssignments"),
    read_only=frozenset(
        {"id", "appOwnerOrganizationId", "createdDateTime", "deletedDateTime", "servicePrincipalType"}
    ),
)

USER = Entity(
    "user",
    "users",
    "user",
    {
        **_nothing("id", "displayName", "givenName", "surname", "userPrincipalName", "mail", "mailNickname"),
        **_nothing("jobTitle", "department", "officeLocation", "companyName", "employeeId", "employeeType"),
        **_nothing("employeeHireDate", "employeeOrgData", "mobilePhone", "faxNumber", "preferredLanguage"),
        **_nothing("city", "country", "state", "streetAddress", "postalCode", "usageLocation", "ageGroup"),
        **_nothing("consentProvidedForMinor", "creationType", "externalUserState", "passwordPolicies"),
        **_nothing("externalUserStateChangeDateTime", "passwordProfile", "createdDateTime"),
        **_nothing("deletedDateTime", "onPremisesDistinguishedName", "onPremisesDomainName"),
        **_nothing("onPremisesImmutableId", "onPremisesSamAccountName", "onPremisesSecurityIdentifier"),
        **_nothing("onPremisesSyncEnabled", "onPremisesUserPrincipalName", "onPremisesLastSyncDateTime"),
        **_nothing("legalAgeGroupClassification", "securityIdentifier", "showInAddressList"),
        **_empty("businessPhones", "imAddresses", "otherMails", "proxyAddresses", "identities"),
        **_empty("assignedLicenses", "assignedPlans", "onPremisesProvisioningErrors"),
        "accountEnabled": True,
        "userType": "Member",
    },
    (
        "businessPhones",
        "displayName",
        "givenName",
        "id",
        "jobTitle",
        "mail",
        "mobilePhone",
        "officeLocation",
        "preferredLanguage",
        "surname",
        "userPrincipalName",
    ),
)

GROUP = Entity(
    "group",
    "groups",
    "group",
    {
        **_nothing("id", "displayName", "description", "mail", "mailNickname", "visibility", "theme"),
        **_nothing("classification", "createdDateTime", "deletedDateTime", "renewedDateTime"),
        **_nothing("expirationDateTime", "isAssignableToRole", "membershipRule", "preferredDataLocation"),
        **_nothing("membershipRuleProcessingState", "onPremisesDomainName", "onPremisesLastSyncDateTime"),
        **_nothing("onPremisesNetBiosName", "onPremisesSamAccountName", "onPremisesSecurityIdentifier"),
        **_nothing("onPremisesSyncEnabled", "preferredLanguage", "securityIdentifier", "uniqueName"),
        **_nothing("allowExternalSenders", "autoSubscribeNewMembers", "hideFromAddressLists"),
        **_nothing("hideFromOutlookClients", "writebackConfiguration"),
        **_empty("groupTypes", "proxyAddresses", "resourceBehaviorOptions", "resourceProvisioningOptions"),
        **_empty("creationOptions", "onPremisesProvisioningErrors", "serviceProvisioningErrors"),
        "mailEnabled": False,
        "securityEnabled": True,
    },
    expandable=("members", "owners"),
    read_only=frozenset(
        {"id", "mail", "proxyAddresses", "createdDateTime", "deletedDateTime", "onPremisesSyncEnabled"}
    ),
)

APP_ROLE_ASSIGNMENT = Entity(
    "appRoleAssignment",
    "appRoleAssignments",
    "appRoleAssignment",
    {
        **_nothing("id", "appRoleId", "createdDateTime", "deletedDateTime", "principalId", "principalType"),
        **_nothing("principalDisplayName", "resourceId", "resourceDisplayName"),
    },
)

FEDERATED_CREDENTIAL = Entity(
    "federatedIdentityCredential",
    "federatedIdentityCredentials",
    "federatedIdentityCredential",
    {**_nothing("id", "name", "issuer", "subject", "description"), **_empty("audiences")},
)

DELEGATED_GRANT = Entity(
    "oAuth2PermissionGrant",
    "oauth2PermissionGrants",
    "oauth2PermissionGrant",
    _nothing("id", "clientId", "consentType", "principalId", "resourceId", "scope"),
)

DIRECTORY_ROLE = Entity(
    "directoryRole",
    "directoryRoles",
    "directoryRole",
    _nothing("id", "deletedDateTime", "displayName", "description", "roleTemplateId"),
    expandable=("members",),
)

ADMINISTRATIVE_UNIT = Entity(
    "administrativeUnit",
    "directory/administrativeUnits",
    "administrativeUnit",
    _nothing("id", "deletedDateTime", "displayName", "description", "visibility"),
)

ROLE_ASSIGNMENT = Entity(
    "unifiedRoleAssignment",
    "roleManagement/directory/roleAssignments",
    "roleAssignment",
    _nothing("id", "principalId", "roleDefinitionId", "directoryScopeId", "appScopeId"),
)

ROLE_DEFINITION = Entity(
    "unifiedRoleDefinition",
    "roleManagement/directory/roleDefinitions",
    "roleDefinition",
    {
        **_nothing("id", "displayName", "description", "templateId", "version"),
        "isBuiltIn": False,
        "isEnabled": True,
        "rolePermissions": [],
    },
    read_only=frozenset({"id", "isBuiltIn"}),
)

ORGANIZATION = Entity(
    "organization",
    "organization",
    "organization",
    {
        **_nothing("id", "displayName", "tenantType", "createdDateTime", "countryLetterCode"),
        **_nothing("onPremisesSyncEnabled", "defaultUsageLocation", "preferredLanguage"),
        **_empty("verifiedDomains", "assignedPlans", "technicalNotificationMails", "businessPhones"),
    },
)

DOMAIN = Entity(
    "domain",
    "domains",
    "domain",
    {
        **_nothing("id", "authenticationType", "availabilityStatus", "state", "model", "manufacturer"),
        **_nothing("passwordNotificationWindowInDays", "passwordValidityPeriodInDays"),
        "isAdminManaged": True,
        "isDefault": False,
        "isInitial": False,
        "isRoot": True,
        "isVerified": True,
        "supportedServices": [],
    },
)

ROOM = Entity(
    "room",
    "places/microsoft.graph.room",
    "recipient",
    {
        **_nothing("id", "displayName", "emailAddress", "nickname", "label", "phone", "capacity", "building"),
        **_nothing("floorNumber", "floorLabel", "bookingType", "audioDeviceName", "videoDeviceName"),
        **_nothing("displayDeviceName", "geoCoordinates", "address", "placeId"),
        **_empty("tags"),
        "isWheelChairAccessible": False,
    },
)

EVENT = Entity(
    "event",
    "users",
    "event",
    {
        **_nothing("id", "subject", "start", "end", "location", "organizer", "bodyPreview", "iCalUId"),
        **_nothing("createdDateTime", "lastModifiedDateTime", "webLink", "seriesMasterId", "recurrence"),
        **_nothing("onlineMeeting", "onlineMeetingUrl", "transactionId", "changeKey"),
        **_empty("attendees", "categories", "locations"),
        "body": {"contentType": "html", "content": ""},
        "allowNewTimeProposals": True,
        "hasAttachments": False,
        "importance": "normal",
        "isAllDay": False,
        "isCancelled": False,
        "isOnlineMeeting": False,
        "isOrganizer": True,
        "isReminderOn": True,
        "reminderMinutesBeforeStart": 15,
        "responseRequested": True,
        "responseStatus": {"response": "organizer", "time": "0001-01-01T00:00:00Z"},
        "sensitivity": "normal",
        "showAs": "busy",
        "type": "singleInstance",
    },
    read_only=frozenset({"id", "createdDateTime", "lastModifiedDateTime", "changeKey", "iCalUId"}),
)

TOKEN_LIFETIME_POLICY = Entity(
    "tokenLifetimePolicy",
    "policies/tokenLifetimePolicies",
    "tokenLifetimePolicy",
    {
        **_nothing("id", "displayName", "description", "deletedDateTime"),
        **_empty("definition"),
        "isOrganizationDefault": False,
    },
)

CONDITIONAL_ACCESS_POLICY = Entity(
    "conditionalAccessPolicy",
    "identity/conditionalAccess/policies",
    "conditionalAccessPolicy",
    _nothing(
        "id", "templateId", "displayName", "createdDateTime", "modifiedDateTime", "state", "conditions",
        "grantControls", "sessionControls",
    ),
)  # fmt: skip

SIGN_IN = Entity(
    "signIn",
    "auditLogs/signIns",
    "signIn",
    {
        **_nothing("id", "createdDateTime", "appId", "appDisplayName", "ipAddress", "correlationId"),
        **_nothing("servicePrincipalId", "servicePrincipalName", "servicePrincipalCredentialKeyId"),
        **_nothing("servicePrincipalCredentialThumbprint", "resourceDisplayName", "resourceId"),
        **_nothing("clientCredentialType", "federatedCredentialId", "uniqueTokenIdentifier"),
        **_empty("signInEventTypes"),
        "status": _nothing("errorCode", "failureReason", "additionalDetails"),
        "location": _nothing("city", "state", "countryOrRegion", "geoCoordinates"),
    },
)

DIRECTORY_AUDIT = Entity(
    "directoryAudit",
    "auditLogs/directoryAudits",
    "directoryAudit",
    {
        **_nothing("id", "activityDateTime", "activityDisplayName", "category", "correlationId"),
        **_nothing("loggedByService", "operationType", "result", "resultReason"),
        **_empty("additionalDetails", "targetResources"),
        "initiatedBy": _nothing("app", "user"),
    },
)

DIRECTORY_OBJECTS = (USER, GROUP, SERVICE_PRINCIPAL, APPLICATION)
