"""azuread.ServicePrincipal: the application's identity in this tenant.

Call by call as hashicorp/terraform-provider-azuread v3.9.0, internal/services/serviceprincipals.
"""

import uuid
from typing import ClassVar

from emulator.azuread_plugin import validation
from emulator.azuread_plugin.diff import changed
from emulator.azuread_plugin.graph import Document, Graph, GraphError, quoted, saying, when
from emulator.azuread_plugin.owners import change_owners, complete_owners, first_owners, owners_of
from emulator.azuread_plugin.permissions import (
    FEATURE_TAGS,
    TAGS,
    app_roles,
    feature_tags,
    ids_by_value,
    scopes,
    strings,
    tags_of,
)
from emulator.azuread_plugin.resource import Field, Kind, Minutes, Resource, kept_when_unfinished
from emulator.plugin.errors import PluginError
from emulator.plugin.wire import Properties

_TYPE = "servicePrincipal"
_APPLICATION_UNKNOWN = when(
    400, saying="The appId '.+' of the service principal does not reference a valid application object"
)
_APPLICATION_ELSEWHERE = when(
    403,
    saying="When using this permission, the backing application of the service principal being created "
    "must in the local tenant",
)
_TEXTS = Field(Kind.SET, element=Field(check=validation.not_empty))


class ServicePrincipal(Resource):
    """The service principal; its id is `/servicePrincipals/{objectId}`."""

    token = "azuread:index/servicePrincipal:ServicePrincipal"  # noqa: S105 - a type token
    schema_version = 1
    minutes = Minutes(create=10, read=5, update=10, delete=5)
    conflicts = (("tags", "featureTags"), ("tags", "features"), ("featureTags", "features"))
    outputs = (
        "appRoleIds",
        "appRoles",
        "applicationTenantId",
        "displayName",
        "homepageUrl",
        "logoutUrl",
        "oauth2PermissionScopeIds",
        "oauth2PermissionScopes",
        "objectId",
        "redirectUris",
        "samlMetadataUrl",
        "servicePrincipalNames",
        "signInAudience",
        "type",
    )
    fields: ClassVar = {
        "clientId": Field(required=True, replaces=True, check=validation.is_uuid),
        "accountEnabled": Field(Kind.FLAG, default=True),
        "alternativeNames": _TEXTS,
        "appRoleAssignmentRequired": Field(Kind.FLAG),
        "description": Field(check=validation.at_most(1024)),
        "featureTags": FEATURE_TAGS,
        "features": Field(
            Kind.LIST,
            computed=True,
            refused="the stand-in takes featureTags, not the deprecated features",
            element=Field(Kind.OBJECT),
        ),
        "loginUrl": Field(check=validation.is_web_address),
        "notes": Field(check=validation.at_most(1024)),
        "notificationEmailAddresses": _TEXTS,
        "owners": Field(Kind.SET, element=Field(check=validation.is_uuid)),
        "preferredSingleSignOnMode": Field(
            check=validation.one_of("", "notSupported", "oidc", "password", "saml")
        ),
        "samlSingleSignOn": Field(Kind.OBJECT, members={"relayState": Field(check=validation.not_empty)}),
        "tags": TAGS,
        "useExisting": Field(Kind.FLAG),
    }

    def create(self, graph: Graph, inputs: Properties) -> tuple[str, Properties]:
        """Adopt what is there if so wished; else POST under a passing description, PATCH the real one."""
        existing = graph.list("/servicePrincipals", filter_=f"appId eq {quoted(inputs['clientId'])}")
        if existing:
            return self._adopt(graph, inputs, existing)
        owners = inputs.get("owners") or []
        body = {
            **_sent(inputs, _tags(inputs)),
            "appId": inputs["clientId"],
            "description": f"TERRAFORM_UPDATE_{uuid.uuid4()}",
            **first_owners(graph, owners),
        }
        with saying("Could not create service principal"):
            made = graph.post("/servicePrincipals", body, type_=_TYPE, retry=_application_lags)
        id_ = f"/servicePrincipals/{made['id']}"
        with kept_when_unfinished(id_, inputs):
            _describe(graph, id_, inputs.get("description") or None)
            complete_owners(graph, id_, owners)
            return id_, self.read_back(graph, id_, inputs)

    def read(self, graph: Graph, id_: str, known: Properties) -> Properties | None:
        """Three GETs: the service principal, one property that only beta has, the owners."""
        validation.expect_id("Service Principal", "/servicePrincipals/{objectId}", id_)
        found = graph.find(id_)
        if found is None:
            return None
        saml = found.get("samlSingleSignOnSettings")
        return {
            **details(graph, found),
            "alternativeNames": strings(found.get("alternativeNames")),
            "notificationEmailAddresses": strings(found.get("notificationEmailAddresses")),
            "owners": owners_of(graph, id_),
            "samlSingleSignOn": None if saml is None else {"relayState": saml.get("relayState") or ""},
            "useExisting": known.get("useExisting"),
        }

    def update(self, graph: Graph, id_: str, inputs: Properties, state: Properties) -> Properties:
        """One PATCH of everything, then the owners if they changed."""
        new_features = changed(self, "featureTags", state, inputs)
        tags = _tags(inputs) if new_features else inputs.get("tags") or []
        with saying(f"Updating {id_}"):
            graph.patch(id_, _sent(inputs, tags), type_=_TYPE)
        if changed(self, "owners", state, inputs):
            change_owners(graph, id_, inputs.get("owners") or [])
        return self.read_back(graph, id_, inputs)

    def delete(self, graph: Graph, id_: str, state: Properties) -> None:
        """DELETE, also of an adopted one, whose failure alone is forgiven.

        That is the real provider's way: https://github.com/pulumi/pulumi-azuread/issues/2045
        """
        try:
            graph.delete(id_)
        except GraphError:
            if not state.get("useExisting"):
                raise
        if not state.get("useExisting"):
            graph.gone(id_, f"Waiting for deletion of {id_}")

    def _adopt(self, graph: Graph, inputs: Properties, existing: list[Document]) -> tuple[str, Properties]:
        object_id = existing[0]["id"]
        if not inputs.get("useExisting"):
            raise PluginError(
                f'A resource with the ID "{object_id}" already exists: to be managed, this service principal '
                f"needs to be imported as /servicePrincipals/{object_id}"
            )
        id_ = f"/servicePrincipals/{object_id}"
        with kept_when_unfinished(id_, inputs):
            return id_, self.update(graph, id_, inputs, {})


def details(graph: Graph, found: Document) -> Properties:
    """What a service principal tells, as resource and as function; asks beta for the SAML address."""
    beta = graph.get(f"/servicePrincipals/{found['id']}", version="beta", select="samlMetadataUrl")
    features = feature_tags(found.get("tags"))[0]
    texts = ("description", "displayName", "loginUrl", "logoutUrl", "notes", "preferredSingleSignOnMode")
    return {
        **{text: found.get(text) or "" for text in texts},
        "accountEnabled": bool(found.get("accountEnabled")),
        "appRoleAssignmentRequired": bool(found.get("appRoleAssignmentRequired")),
        "appRoleIds": ids_by_value(found.get("appRoles")),
        "appRoles": app_roles(found.get("appRoles")),
        "applicationTenantId": found.get("appOwnerOrganizationId") or "",
        "clientId": found.get("appId") or "",
        "featureTags": [features],
        "features": [
            {
                "customSingleSignOnApp": features["customSingleSignOn"],
                "enterpriseApplication": features["enterprise"],
                "galleryApplication": features["gallery"],
                "visibleToUsers": not features["hide"],
            }
        ],
        "homepageUrl": found.get("homepage") or "",
        "oauth2PermissionScopeIds": ids_by_value(found.get("oauth2PermissionScopes")),
        "oauth2PermissionScopes": scopes(found.get("oauth2PermissionScopes")),
        "objectId": found["id"],
        "redirectUris": strings(found.get("replyUrls")),
        "samlMetadataUrl": beta.get("samlMetadataUrl") or "",
        "servicePrincipalNames": [
            name for name in strings(found.get("servicePrincipalNames")) if name != found.get("appId")
        ],
        "signInAudience": found.get("signInAudience") or "",
        "tags": strings(found.get("tags")),
        "type": found.get("servicePrincipalType") or "",
    }


def _sent(inputs: Properties, tags: list[str]) -> Document:
    saml = inputs.get("samlSingleSignOn") or {}
    texts = ("description", "loginUrl", "notes", "preferredSingleSignOnMode")
    return {
        **{text: inputs.get(text) or None for text in texts},
        "accountEnabled": inputs.get("accountEnabled", True),
        "alternativeNames": inputs.get("alternativeNames") or [],
        "appRoleAssignmentRequired": bool(inputs.get("appRoleAssignmentRequired")),
        "notificationEmailAddresses": inputs.get("notificationEmailAddresses") or [],
        "samlSingleSignOnSettings": {"relayState": saml.get("relayState") or ""} if saml else {},
        "tags": tags,
    }


def _tags(inputs: Properties) -> list[str]:
    features: list[Properties] = inputs.get("featureTags") or []
    return tags_of(features) if features else inputs.get("tags") or []


def _application_lags(failure: GraphError) -> bool:
    """The application was just made, and this replica of Graph does not know it yet."""
    return _APPLICATION_UNKNOWN(failure) or _APPLICATION_ELSEWHERE(failure)


def _describe(graph: Graph, id_: str, description: str | None) -> None:
    """The first PATCH tells whether the object is there yet; a 404 is not retried, as upstream."""
    try:
        graph.patch(id_, {"description": description}, type_=_TYPE)
    except GraphError as failure:
        if failure.status == 404:
            doing = "Timed out whilst waiting for new service principal to be replicated in Azure AD"
        else:
            doing = "Failed to patch service principal after creating"
        raise failure.about(doing) from None
