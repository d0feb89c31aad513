"""azuread.Application: the app registration.

Call by call as hashicorp/terraform-provider-azuread v3.9.0, internal/services/applications.
"""

import uuid
from collections.abc import Callable, Iterable
from typing import ClassVar

from emulator.azuread_plugin import validation
from emulator.azuread_plugin.application_documents import always_sent, properties_of, sent_when_changed
from emulator.azuread_plugin.diff import changed, differ
from emulator.azuread_plugin.graph import Document, Graph, GraphError, saying, when
from emulator.azuread_plugin.owners import change_owners, complete_owners, first_owners, owners_of
from emulator.azuread_plugin.permissions import FEATURE_TAGS, TAGS, tags_of
from emulator.azuread_plugin.resource import Field, Kind, Minutes, Resource, kept_when_unfinished
from emulator.plugin.errors import PluginError
from emulator.plugin.wire import UNKNOWN, Properties

_TYPE = "application"
_NOT_REPLICATED = when(404, 409)
_STILL_ENABLED = when(
    400, saying=r"Permission \(scope or role\) cannot be deleted or updated unless disabled"
)

_NAME = Field(required=True, check=validation.not_empty)
_ID = Field(required=True, check=validation.is_uuid)
_URIS = Field(Kind.SET, most=256, element=Field(check=validation.not_empty))
_CLAIM_PROPERTIES = (
    "cloud_displayname",
    "dns_domain_and_sam_account_name",
    "emit_as_roles",
    "include_externally_authenticated_upn_without_hash",
    "include_externally_authenticated_upn",
    "max_size_limit",
    "netbios_domain_and_sam_account_name",
    "on_premise_security_identifier",
    "sam_account_name",
    "use_guid",
)
_CLAIM = Field(
    Kind.OBJECT,
    members={
        "additionalProperties": Field(Kind.LIST, element=Field(check=validation.one_of(*_CLAIM_PROPERTIES))),
        "essential": Field(Kind.FLAG, default=False),
        "name": Field(required=True, check=validation.not_empty),
        "source": Field(),
    },
)
_CLAIMS = Field(Kind.LIST, element=_CLAIM)
_SCOPE = Field(
    Kind.OBJECT,
    members={
        "id": _ID,
        "adminConsentDescription": Field(check=validation.not_empty),
        "adminConsentDisplayName": Field(check=validation.not_empty),
        "enabled": Field(Kind.FLAG, default=True),
        "type": Field(default="User", check=validation.one_of("Admin", "User")),
        "userConsentDescription": Field(check=validation.not_empty),
        "userConsentDisplayName": Field(check=validation.not_empty),
        "value": Field(),
    },
)
_APP_ROLE = Field(
    Kind.OBJECT,
    members={
        "id": _ID,
        "allowedMemberTypes": Field(
            Kind.SET, required=True, element=Field(check=validation.one_of("Application", "User"))
        ),
        "description": _NAME,
        "displayName": _NAME,
        "enabled": Field(Kind.FLAG, default=True),
        "value": Field(),
    },
)
_RESOURCE_ACCESS = Field(
    Kind.OBJECT,
    members={
        "resourceAppId": Field(required=True),
        "resourceAccesses": Field(
            Kind.LIST,
            required=True,
            element=Field(
                Kind.OBJECT,
                members={
                    "id": _ID,
                    "type": Field(required=True, check=validation.one_of("Role", "Scope")),
                },
            ),
        ),
    },
)
_SCOPES = Field(Kind.SET, element=_SCOPE)
_API = {
    "knownClientApplications": Field(Kind.SET, element=Field(check=validation.is_uuid)),
    "mappedClaimsEnabled": Field(Kind.FLAG),
    "oauth2PermissionScopes": _SCOPES,
    "requestedAccessTokenVersion": Field(Kind.NUMBER, default=1, check=validation.one_of(1, 2)),
}
_WEB = {
    "homepageUrl": Field(check=validation.is_web_address),
    "implicitGrant": Field(
        Kind.OBJECT,
        members={
            "accessTokenIssuanceEnabled": Field(Kind.FLAG),
            "idTokenIssuanceEnabled": Field(Kind.FLAG),
        },
    ),
    "logoutUrl": Field(check=validation.is_web_address),
    "redirectUris": _URIS,
}
_AUDIENCES = (
    "AzureADMyOrg",
    "AzureADMultipleOrgs",
    "AzureADandPersonalMicrosoftAccount",
    "PersonalMicrosoftAccount",
)


class Application(Resource):
    """The app registration; its id is `/applications/{objectId}`."""

    token = "azuread:index/application:Application"  # noqa: S105 - a type token
    schema_version = 2
    minutes = Minutes(create=10, read=5, update=10, delete=5)
    conflicts = (("tags", "featureTags"),)
    unsettles: ClassVar = {
        "appRoleIds": "appRoles",
        "oauth2PermissionScopeIds": "api.oauth2PermissionScopes",
    }
    outputs = (
        "appRoleIds",
        "clientId",
        "disabledByMicrosoft",
        "logoUrl",
        "oauth2PermissionScopeIds",
        "objectId",
        "publisherDomain",
    )
    fields: ClassVar = {
        "displayName": _NAME,
        "api": Field(Kind.OBJECT, members=_API),
        "appRoles": Field(Kind.SET, element=_APP_ROLE),
        "description": Field(check=validation.at_most(1024)),
        "deviceOnlyAuthEnabled": Field(Kind.FLAG),
        "fallbackPublicClientEnabled": Field(Kind.FLAG),
        "featureTags": FEATURE_TAGS,
        "groupMembershipClaims": Field(
            Kind.SET,
            element=Field(
                check=validation.one_of("All", "ApplicationGroup", "DirectoryRole", "None", "SecurityGroup")
            ),
        ),
        "identifierUris": Field(Kind.SET, element=Field(check=validation.not_empty)),
        "logoImage": Field(refused="the stand-in does not upload logos"),
        "marketingUrl": Field(),
        "notes": Field(check=validation.not_empty),
        "oauth2PostResponseRequired": Field(Kind.FLAG),
        "optionalClaims": Field(
            Kind.OBJECT, members={"accessTokens": _CLAIMS, "idTokens": _CLAIMS, "saml2Tokens": _CLAIMS}
        ),
        "owners": Field(Kind.SET, most=100, element=Field(check=validation.is_uuid)),
        "password": Field(refused="the stand-in makes passwords as azuread.ApplicationPassword only"),
        "preventDuplicateNames": Field(Kind.FLAG, default=False),
        "privacyStatementUrl": Field(),
        "publicClient": Field(Kind.OBJECT, members={"redirectUris": _URIS}),
        "requiredResourceAccesses": Field(Kind.SET, element=_RESOURCE_ACCESS),
        "serviceManagementReference": Field(),
        "signInAudience": Field(default="AzureADMyOrg", check=validation.one_of(*_AUDIENCES)),
        "singlePageApplication": Field(Kind.OBJECT, members={"redirectUris": _URIS}),
        "supportUrl": Field(),
        "tags": TAGS,
        "templateId": Field(
            replaces=True, computed=True, refused="the stand-in makes no application from a template"
        ),
        "termsOfServiceUrl": Field(),
        "web": Field(Kind.OBJECT, members=_WEB),
    }

    def plan(self, graph: Graph, state: Properties, inputs: Properties) -> None:
        """Look for a namesake of a new name; only a new application is refused for it before the update.

        The update's comparison never matches upstream, see applicationResourceCustomizeDiff.
        """
        if inputs["displayName"] is UNKNOWN or inputs["displayName"] == state.get("displayName"):
            return
        namesakes = _namesakes(graph, inputs)
        if not state:
            _refuse(namesakes)

    def create(self, graph: Graph, inputs: Properties) -> tuple[str, Properties]:
        """POST, then the display name away and back until every replica knows the object, then the rest."""
        _refuse(_namesakes(graph, inputs))
        owners = inputs.get("owners") or []
        body = always_sent(inputs, _tags(inputs)) | first_owners(graph, owners)
        for part in sent_when_changed(inputs).values():
            body |= part
        api = body["api"]
        if api["acceptMappedClaims"]:  # with Application.ReadWrite.OwnedBy only an update may set it
            body["api"] = {name: value for name, value in api.items() if name != "acceptMappedClaims"}
        with saying("Could not create application"):
            id_ = f"/applications/{graph.post('/applications', body, type_=_TYPE)['id']}"
        with kept_when_unfinished(id_, inputs):
            for name in (f"TERRAFORM_UPDATE_{uuid.uuid4()}", inputs["displayName"]):
                _patch_new(graph, id_, {"displayName": name})
            if inputs.get("oauth2PostResponseRequired") is not None:
                _patch_new(graph, id_, _post_response(inputs), version="beta")
            if api["acceptMappedClaims"]:
                _patch_new(graph, id_, {"api": api})
            complete_owners(graph, id_, owners)
            return id_, self.read_back(graph, id_, inputs)

    def read(self, graph: Graph, id_: str, known: Properties) -> Properties | None:
        """Three GETs: the application, one property that only beta has, the owners."""
        validation.expect_id("Application", "/applications/{objectId}", id_)
        app = graph.find(id_)
        if app is None:
            return None
        beta = graph.get(id_, version="beta", select="oauth2RequirePostResponse")
        return {
            **properties_of(app),
            "oauth2PostResponseRequired": bool(beta.get("oauth2RequirePostResponse")),
            "owners": owners_of(graph, id_),
            "logoImage": "",
            "password": None,
            "preventDuplicateNames": bool(known.get("preventDuplicateNames")),
        }

    def update(self, graph: Graph, id_: str, inputs: Properties, state: Properties) -> Properties:
        """One PATCH of what is always sent and what changed; permissions to be changed are disabled first."""
        with graph.lock(id_):
            _refuse(found for found in _namesakes(graph, inputs) if found["id"] != id_.rsplit("/", 1)[-1])
            new_features = changed(self, "featureTags", state, inputs)
            body = always_sent(inputs, _tags(inputs) if new_features else inputs.get("tags") or [])
            for name, part in sent_when_changed(inputs).items():
                if changed(self, name, state, inputs):
                    body |= part
            self._disable_permissions(graph, id_, inputs, state, body)
            with saying(f'Could not update application with object ID: "{id_.rsplit("/", 1)[-1]}"'):
                graph.patch(id_, body, type_=_TYPE)
            if changed(self, "oauth2PostResponseRequired", state, inputs):
                graph.patch(id_, _post_response(inputs), type_=_TYPE, version="beta")
            if changed(self, "owners", state, inputs):
                change_owners(graph, id_, inputs.get("owners") or [])
            return self.read_back(graph, id_, inputs)

    def delete(self, graph: Graph, id_: str, state: Properties) -> None:
        """DELETE, then wait until it is seen no more."""
        del state
        graph.delete(id_)
        graph.gone(id_, f"Waiting for deletion of application with object ID {id_.rsplit('/', 1)[-1]}")

    def _disable_permissions(
        self, graph: Graph, id_: str, inputs: Properties, state: Properties, body: Document
    ) -> None:
        """Graph changes or removes a role or scope only when it is disabled: an update before the update."""
        if "appRoles" in body:
            _disable(graph, id_, _app_roles, body["appRoles"], lambda some: {"appRoles": some})
        old, new = (side.get("api") or {} for side in (state, inputs))
        if differ(_SCOPES, old.get("oauth2PermissionScopes"), new.get("oauth2PermissionScopes")):
            wanted = body["api"]["oauth2PermissionScopes"]
            _disable(graph, id_, _scopes, wanted, lambda some: {"api": {"oauth2PermissionScopes": some}})
        else:
            del body["api"]["oauth2PermissionScopes"]


def _namesakes(graph: Graph, inputs: Properties) -> list[Document]:
    """The applications of that name, if they are to be prevented."""
    if not inputs.get("preventDuplicateNames"):
        return []
    name = inputs["displayName"]
    found = graph.list("/applications", filter_=f"displayName eq '{name}'")
    return [application for application in found if application.get("displayName") == name]


def _refuse(namesakes: Iterable[Document]) -> None:
    for found in namesakes:
        raise PluginError(
            f'An existing "azuread_application" with name "{found["displayName"]}" (ID: "{found["id"]}") was '
            "found and `prevent_duplicate_names` was specified: import it, or choose another name"
        )


def _tags(inputs: Properties) -> list[str]:
    features: list[Properties] = inputs.get("featureTags") or []
    return tags_of(features) if features else inputs.get("tags") or []


def _post_response(inputs: Properties) -> Document:
    return {"oauth2RequirePostResponse": bool(inputs.get("oauth2PostResponseRequired"))}


def _patch_new(graph: Graph, id_: str, body: Document, version: str = "v1.0") -> None:
    """PATCH an object that not every replica may have yet."""

    def retry(failure: GraphError) -> bool:
        return _NOT_REPLICATED(failure) or _STILL_ENABLED(failure)

    try:
        graph.patch(id_, body, type_=_TYPE, version=version, retry=retry)
    except GraphError as failure:
        if failure.status == 404:
            doing = "Timed out whilst waiting for new application to be replicated in Azure AD"
        else:
            object_id = id_.rsplit("/", 1)[-1]
            doing = f'Failed to patch application with object ID "{object_id}" after creating'
        raise failure.about(doing) from None


def _app_roles(app: Document) -> list[Document]:
    return app.get("appRoles") or []


def _scopes(app: Document) -> list[Document]:
    return (app.get("api") or {}).get("oauth2PermissionScopes") or []


def _disable(
    graph: Graph,
    id_: str,
    listed: Callable[[Document], list[Document]],
    wanted: list[Document],
    part: Callable[[list[Document]], Document],
) -> None:
    """Disable what will be removed, or is enabled now and will be changed, and wait until that is seen."""
    known = listed(graph.get(id_))
    stay = {permission["id"]: permission for permission in wanted}
    leaving = {
        permission["id"]
        for permission in known
        if permission["id"] not in stay
        or (permission.get("isEnabled") and not _covers(permission, stay[permission["id"]]))
    }
    if leaving:
        disabled = [
            {**permission, "isEnabled": False} if permission["id"] in leaving else permission
            for permission in known
        ]
        graph.patch(id_, part(disabled), type_=_TYPE)

        def seen() -> bool:
            now = listed(graph.get(id_))
            return not any(permission.get("isEnabled") for permission in now if permission["id"] in leaving)

        graph.settle(seen, times=1, every=1, doing=f"waiting for permissions to be disabled for {id_}")


def _covers(known: Document, wanted: Document) -> bool:
    return all(known.get(name) == value for name, value in wanted.items())
