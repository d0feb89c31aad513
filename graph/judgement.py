"""What an answer of Microsoft Graph means."""

import re

from wire import (
    AlreadyExists,
    Invalid,
    NotAuthorised,
    NotDone,
    NotReady,
    Transient,
    WireError,
)
from wire.answers import Answer, by_status

SERVICE = "Microsoft Graph"

# Texts of objects that exist but have not reached every copy of the directory (terraform-provider-azuread
# retries on the same ones in its service principal and app role assignment resources).
_NOT_REPLICATED = re.compile(
    r"does not reference a valid application object|not a valid reference update"
    r"|queried reference-property objects are not present",
    re.IGNORECASE,
)
_EXISTS = re.compile(r"already exists?\b|conflicting object with one or more of the specified", re.IGNORECASE)
_EXISTS_CODES = {"Request_MultipleObjectsWithSameKeyValue", "ObjectConflict", "ErrorItemAlreadyExists"}

BLOCKED_BY_POLICY = "[RAOP]"
"""What Graph says when an access policy refuses; a missing permission is refused without it
(https://learn.microsoft.com/graph/auth-limit-mailbox-access shows the text's beginning)."""
AGAINST_POLICY = "AsPerAppPolicy"
"""How the codes end with which Entra refuses a client secret that an app management policy does not allow
(github.com/Azure/azure-cli/issues/28522)."""
SHORTEN = (
    "The tenant's app management policy limits client secrets: shorten rotationPeriodDays (a secret lives "
    "for two periods), or have the application exempted by an app management policy of its own, then run it "
    "again."
)

_ON_THE_WAY = "This is not Microsoft Graph's own answer: look at the proxy or firewall on the way to it."
_NOT_GRAPHS = {
    401: _ON_THE_WAY,
    403: _ON_THE_WAY,
    404: "Check the cloud's Graph address: nothing was looked up.",
}
"""What a failure without a code of Graph's calls for: it is a page, and tells of no right and no object."""

# The application permission that a refused request lacks; the first row that fits counts. Other paths get
# no advice: a probe is refused on purpose (learn.microsoft.com/graph/permissions-reference, and the page of
# each method).
_RIGHTS = (
    (
        r"/(tokenLifetime|(default)?[aA]ppManagement)Polic(y|ies)\b|/identity/conditionalAccess/",
        "Policy.Read.All",
    ),
    (r"/auditLogs/", "AuditLog.Read.All (the log takes Entra ID P1, too)"),
    (
        r"PATCH /v1\.0/servicePrincipals/|POST /v1\.0/servicePrincipals/[^/]+/removePassword\b",
        "Application.ReadWrite.OwnedBy, as an owner of the service principal, or Application.ReadWrite.All",
    ),
    (r"/directoryRoles\b|GET /v1\.0/roleManagement\b", "RoleManagement.Read.Directory"),
    (r"/oauth2PermissionGrants\b|GET /v1\.0/groups/[^/]+/memberOf\b", "Directory.Read.All"),
    (
        r"POST /v1\.0/applications/[^/]+/(add|remove)Password\b",
        (
            "Application.ReadWrite.OwnedBy, as an owner of the application (for rotation alone, a custom "
            "role of Entra with microsoft.directory/applications/credentials/update on it)"
        ),
    ),
    (
        r"(POST|PATCH|DELETE) /v1\.0/applications\b",
        "Application.ReadWrite.OwnedBy, as an owner of the application, or Application.ReadWrite.All",
    ),
    (r"POST /v1\.0/roleManagement\b", "RoleManagement.ReadWrite.Directory"),
    (r"POST /v1\.0/servicePrincipals/", "AppRoleAssignment.ReadWrite.All and Application.Read.All"),
    (r"POST /v1\.0/servicePrincipals\b", "Application.ReadWrite.All"),
    (r"GET /v1\.0/(applications|servicePrincipals|directory/deletedItems)\b", "Application.Read.All"),
)


def judge(operation: str, answer: Answer) -> WireError | None:
    """None for success, else the error by meaning."""
    error = (answer.document or {}).get("error")
    if answer.status < 300:
        return Transient(SERVICE, operation, "it said yes, and an error beside it") if error else None
    error = error if isinstance(error, dict) else {}
    code, message = str(error.get("code") or ""), str(error.get("message") or "")
    inner = error.get("innerError")
    kind, advice = _meaning(answer.status, code, message)
    if kind is NotAuthorised and answer.status == 403:
        advice = _missing_right(operation)
    return kind(
        SERVICE,
        operation,
        f"{code}: {message}" if code and message else message or code or f"status {answer.status}",
        code=code,
        request_id=answer.headers.get("request-id")
        or str((inner or {}).get("request-id") or "" if isinstance(inner, dict) else ""),
        advice=advice,
        status=answer.status,
    )


def _meaning(status: int, code: str, message: str) -> tuple[type[WireError], str]:
    if not code and status in _NOT_GRAPHS:
        return Invalid, _NOT_GRAPHS[status]
    if code.endswith(AGAINST_POLICY):
        return Invalid, SHORTEN
    if code == "Directory_ConcurrencyViolation":  # refused because of another change at the same moment
        return NotDone, ""
    if code in _EXISTS_CODES or (status in (400, 409) and _EXISTS.search(message)):
        return AlreadyExists, ""
    if status == 400 and _NOT_REPLICATED.search(message):
        return NotReady, ""
    return by_status(status), ""


def _missing_right(operation: str) -> str:
    """Which right to grant to who may not do this; "" when none is known."""
    for pattern, right in _RIGHTS:
        if re.search(pattern, operation):
            return f"Grant the deployer {right} on Microsoft Graph, with admin consent."
    return ""
