"""For each rule one thing that breaks it, in the resource that it then names."""

import tokens
from tests.policies.stack import UNKNOWN, Part, changed, clean

CRITICAL = "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"
"""RoleManagement.ReadWrite.Directory."""


def _props(name: str, **props: object) -> tuple[str, dict[str, Part]]:
    return name, changed(name, **props)


def _unprotected() -> tuple[str, dict[str, Part]]:
    parts = clean()
    parts["group"].protect = False
    return "group", parts


def _added(part: Part) -> tuple[str, dict[str, Part]]:
    return part.name, {**clean(), part.name: part}


def _unscoped() -> tuple[str, dict[str, Part]]:
    parts = clean()
    parts["application"].props["requiredResourceAccesses"] = []
    parts["policies"].props["groupObjectIds"] = []
    return "consent", parts


BROKEN = {
    "permissions-on-list": lambda: _props("consent", appRoleId="089fe4d0-434a-44c5-8827-41ba8a0b17f5"),
    "no-critical-permission": lambda: _props("consent", appRoleId=CRITICAL),
    "no-delegated-permission": lambda: _props(
        "application", requiredResourceAccesses=[{"resourceAccesses": [{"id": "x", "type": "Scope"}]}]
    ),
    "mailbox-permission-scoped": _unscoped,
    "restrict-access-only": lambda: _props("policies", accessRights=["DenyAccess"]),
    "scope-group-locked": lambda: _props("group", memberJoin="Open"),
    "single-tenant": lambda: _props("application", signInAudience="AzureADMultipleOrgs"),
    "no-sign-in-flow": lambda: _props("application", web={"redirectUris": ["https://localhost/"]}),
    "no-wildcard-subject": lambda: _added(
        Part(tokens.FEDERATED_CREDENTIAL, "trust", {"subject": "repo:contoso/rooms:ref:refs/heads/*"})
    ),
    "secret-lifetime-limited": lambda: _props("secret", endDate="2999-01-01T00:00:00Z"),
    "no-secret-in-outputs": lambda: _props("placeos-m365-dev", adminPassword=UNKNOWN),
    "owners-set": lambda: _props("application", owners=[]),
    "protected-from-deletion": _unprotected,
    "own-resource-types": lambda: _added(Part("azuread:index/group:Group", "other")),
}
