"""App roles, delegated scopes and feature tags: parts that applications and service principals share."""

from typing import Any

from emulator.azuread_plugin.graph import Document
from emulator.azuread_plugin.resource import Field, Kind
from emulator.plugin.wire import Properties

_FEATURES = {
    "customSingleSignOn": "WindowsAzureActiveDirectoryCustomSingleSignOnApplication",
    "enterprise": "WindowsAzureActiveDirectoryIntegratedApp",
    "gallery": "WindowsAzureActiveDirectoryGalleryApplicationNonPrimaryV1",
    "hide": "HideApp",
}

FEATURE_TAGS = Field(
    Kind.LIST,
    computed=True,
    element=Field(Kind.OBJECT, members=dict.fromkeys(_FEATURES, Field(Kind.FLAG))),
)
TAGS = Field(Kind.SET, computed=True, element=Field())


def feature_tags(tags: list[str] | None) -> list[Properties]:
    """The features that these tags stand for."""
    present = {tag.lower() for tag in tags or []}
    return [{feature: tag.lower() in present for feature, tag in _FEATURES.items()}]


def tags_of(features: list[Properties]) -> list[str]:
    """The tags that stand for these features."""
    chosen = features[0] if features else {}
    return [tag for feature, tag in _FEATURES.items() if chosen.get(feature)]


def app_roles(roles: list[Document] | None) -> list[Properties]:
    """Graph's app roles as properties."""
    return [
        {
            "id": role.get("id") or "",
            "allowedMemberTypes": role.get("allowedMemberTypes") or [],
            "description": role.get("description") or "",
            "displayName": role.get("displayName") or "",
            "enabled": bool(role.get("isEnabled")),
            "value": role.get("value") or "",
        }
        for role in roles or []
    ]


def scopes(permissions: list[Document] | None) -> list[Properties]:
    """Graph's delegated permission scopes as properties."""
    texts = (
        "adminConsentDescription",
        "adminConsentDisplayName",
        "id",
        "type",
        "userConsentDescription",
        "userConsentDisplayName",
        "value",
    )
    return [
        {**{text: scope.get(text) or "" for text in texts}, "enabled": bool(scope.get("isEnabled"))}
        for scope in permissions or []
    ]


def ids_by_value(permissions: list[Document] | None) -> dict[str, str]:
    """Permission name -> id: how a program gets from `Calendars.ReadWrite` to its id."""
    return {one["value"]: one["id"] for one in permissions or [] if one.get("value")}


def strings(values: Any) -> list[str]:
    """A list of texts, empty where Graph has null."""
    return [str(value) for value in values or []]
