"""An application as Graph writes it, and as the provider's properties: the translation both ways.

https://learn.microsoft.com/graph/api/resources/application
"""

from emulator.azuread_plugin.graph import Document
from emulator.azuread_plugin.permissions import app_roles, feature_tags, ids_by_value, scopes, strings
from emulator.plugin.wire import Properties

_URLS = ("marketingUrl", "privacyStatementUrl", "supportUrl", "termsOfServiceUrl")
_CLAIM_KINDS = {"accessTokens": "accessToken", "idTokens": "idToken", "saml2Tokens": "saml2Token"}


def always_sent(inputs: Properties, tags: list[str]) -> Document:
    """What every create and every update sends, changed or not; null where nothing is set."""
    return {
        "api": _api(inputs.get("api") or {}),
        "description": inputs.get("description") or None,
        "displayName": inputs["displayName"],
        "groupMembershipClaims": ",".join(inputs.get("groupMembershipClaims") or []) or None,
        "info": {url: inputs.get(url) or None for url in _URLS},
        "isDeviceOnlyAuthSupported": bool(inputs.get("deviceOnlyAuthEnabled")),
        "isFallbackPublicClient": bool(inputs.get("fallbackPublicClientEnabled")),
        "notes": inputs.get("notes") or None,
        "publicClient": _uris(inputs.get("publicClient")),
        "serviceManagementReference": inputs.get("serviceManagementReference") or None,
        "signInAudience": inputs.get("signInAudience"),
        "spa": _uris(inputs.get("singlePageApplication")),
        "tags": tags,
        "web": _web(inputs.get("web") or {}),
    }


def sent_when_changed(inputs: Properties) -> dict[str, Document]:
    """Input -> the part of the body that it stands for; a create sends them all."""
    claims = inputs.get("optionalClaims")
    return {
        "appRoles": {"appRoles": [_app_role(role) for role in inputs.get("appRoles") or []]},
        "identifierUris": {"identifierUris": inputs.get("identifierUris") or []},
        "optionalClaims": {"optionalClaims": _claims(claims) if claims else {}},
        "requiredResourceAccesses": {
            "requiredResourceAccess": [
                {"resourceAppId": needed["resourceAppId"], "resourceAccess": needed["resourceAccesses"]}
                for needed in inputs.get("requiredResourceAccesses") or []
            ]
        },
    }


def properties_of(app: Document) -> Properties:
    """The properties that GET /applications/{id} tells: absent blocks are null."""
    api, info, claims = app.get("api"), app.get("info") or {}, app.get("groupMembershipClaims")
    return {
        "api": None if api is None else _api_properties(api),
        "appRoleIds": ids_by_value(app.get("appRoles")),
        "appRoles": app_roles(app.get("appRoles")),
        "clientId": app.get("appId") or "",
        "description": app.get("description") or "",
        "deviceOnlyAuthEnabled": bool(app.get("isDeviceOnlyAuthSupported")),
        "disabledByMicrosoft": app.get("disabledByMicrosoftStatus") or "",
        "displayName": app.get("displayName") or "",
        "fallbackPublicClientEnabled": bool(app.get("isFallbackPublicClient")),
        "featureTags": feature_tags(app.get("tags")),
        "groupMembershipClaims": [claim.strip() for claim in claims.split(",")] if claims else [],
        "identifierUris": strings(app.get("identifierUris")),
        "logoUrl": info.get("logoUrl") or "",
        **{url: info.get(url) or "" for url in _URLS},
        "notes": app.get("notes") or "",
        "oauth2PermissionScopeIds": ids_by_value((api or {}).get("oauth2PermissionScopes")),
        "objectId": app["id"],
        "optionalClaims": _claims_properties(app.get("optionalClaims")),
        "publicClient": _uris_properties(app.get("publicClient")),
        "publisherDomain": app.get("publisherDomain") or "",
        "requiredResourceAccesses": _resource_accesses(app.get("requiredResourceAccess")),
        "serviceManagementReference": app.get("serviceManagementReference") or "",
        "signInAudience": app.get("signInAudience") or "",
        "singlePageApplication": _uris_properties(app.get("spa")),
        "tags": strings(app.get("tags")),
        "templateId": app.get("applicationTemplateId") or "",
        "web": _web_properties(app.get("web")),
    }


def _api(api: Properties) -> Document:
    return {
        "acceptMappedClaims": bool(api.get("mappedClaimsEnabled")),
        "knownClientApplications": api.get("knownClientApplications") or [],
        "oauth2PermissionScopes": [_scope(scope) for scope in api.get("oauth2PermissionScopes") or []],
        "requestedAccessTokenVersion": api.get("requestedAccessTokenVersion", 1),
    }


def _api_properties(api: Document) -> Properties:
    version = api.get("requestedAccessTokenVersion")
    return {
        "knownClientApplications": strings(api.get("knownClientApplications")),
        "mappedClaimsEnabled": bool(api.get("acceptMappedClaims")),
        "oauth2PermissionScopes": scopes(api.get("oauth2PermissionScopes")),
        "requestedAccessTokenVersion": 1 if version is None else version,
    }


def _scope(scope: Properties) -> Document:
    texts = (
        "adminConsentDescription",
        "adminConsentDisplayName",
        "userConsentDescription",
        "userConsentDisplayName",
        "value",
    )
    return {
        "id": scope["id"],
        "isEnabled": scope.get("enabled", True),
        "type": scope.get("type", "User"),
        **{text: scope.get(text) or "" for text in texts},
    }


def _app_role(role: Properties) -> Document:
    return {
        "id": role["id"],
        "allowedMemberTypes": role["allowedMemberTypes"],
        "description": role["description"],
        "displayName": role["displayName"],
        "isEnabled": role.get("enabled", True),
        "value": role.get("value") or "",
    }


def _claims(claims: Properties) -> Document:
    return {
        graph_name: [
            {
                "additionalProperties": claim.get("additionalProperties") or [],
                "essential": bool(claim.get("essential")),
                "name": claim["name"],
                **({"source": claim["source"]} if claim.get("source") else {}),
            }
            for claim in claims.get(name) or []
        ]
        for name, graph_name in _CLAIM_KINDS.items()
    }


def _claims_properties(claims: Document | None) -> Properties | None:
    if claims is None:
        return None
    return {
        name: [
            {
                "additionalProperties": strings(claim.get("additionalProperties")),
                "essential": bool(claim.get("essential")),
                "name": claim.get("name") or "",
                "source": claim.get("source") or "",
            }
            for claim in claims.get(graph_name) or []
        ]
        for name, graph_name in _CLAIM_KINDS.items()
    }


def _uris(client: Properties | None) -> Document:
    return {"redirectUris": (client or {}).get("redirectUris") or []}


def _uris_properties(client: Document | None) -> Properties | None:
    return None if client is None else {"redirectUris": strings(client.get("redirectUris"))}


def _web(web: Properties) -> Document:
    grant = web.get("implicitGrant") or {}
    return {
        "homePageUrl": web.get("homepageUrl") or None,
        "implicitGrantSettings": {
            "enableAccessTokenIssuance": bool(grant.get("accessTokenIssuanceEnabled")),
            "enableIdTokenIssuance": bool(grant.get("idTokenIssuanceEnabled")),
        },
        "logoutUrl": web.get("logoutUrl") or None,
        "redirectUris": web.get("redirectUris") or [],
    }


def _web_properties(web: Document | None) -> Properties | None:
    if web is None:
        return None
    grant = web.get("implicitGrantSettings")
    return {
        "homepageUrl": web.get("homePageUrl") or "",
        "implicitGrant": None
        if grant is None
        else {
            "accessTokenIssuanceEnabled": bool(grant.get("enableAccessTokenIssuance")),
            "idTokenIssuanceEnabled": bool(grant.get("enableIdTokenIssuance")),
        },
        "logoutUrl": web.get("logoutUrl") or "",
        "redirectUris": strings(web.get("redirectUris")),
    }


def _resource_accesses(needed: list[Document] | None) -> list[Properties]:
    return [
        {
            "resourceAppId": resource.get("resourceAppId") or "",
            "resourceAccesses": [
                {"id": access.get("id") or "", "type": access.get("type") or ""}
                for access in resource.get("resourceAccess") or []
            ],
        }
        for resource in needed or []
    ]
