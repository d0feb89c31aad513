"""What an answer of Exchange's admin endpoint means."""

import re
from typing import Any

from wire import (
    AlreadyExists,
    Invalid,
    NotAuthorised,
    NotFound,
    NotReady,
    Throttled,
    Transient,
    WireError,
)
from wire.answers import Answer, by_status
from wire.errors import cleaned

SERVICE = "Exchange"

_SECURITY_GROUPS = "Security Group Creation and Membership"
# Without that role a cmdlet has fewer parameters, and only a group's owners may change it.
_NO_SECURITY_GROUPS = re.compile(
    r"parameter cannot be found that matches|can only be performed by a manager of the group", re.IGNORECASE
)
# The Exchange role that a refused cmdlet lacks; the first row that fits counts. See rights.py.
_ROLES = (
    (r"(Get|Test)-ApplicationAccessPolicy\b", "Organization Configuration or View-Only Configuration"),
    (r"\w+-ApplicationAccessPolicy\b", "Organization Configuration"),
    (r"Get-OrganizationConfig\b", "Organization Configuration or View-Only Configuration"),
    (r"Get-(Recipient\w*|Mailbox\w*|Group|DistributionGroup\w*)\b", "View-Only Recipients"),
    (r"\w+-(DistributionGroup|DistributionGroupMember|Group)\b", "Distribution Groups"),
    (r"Get-(RoleGroup|RoleGroupMember|ServicePrincipal|Management\w+)\b", "View-Only Configuration"),
    (r"\w+-(RoleGroup|RoleGroupMember|ServicePrincipal|Management\w+)\b", "Role Management"),
)
_POLICIES_FULL = (
    "Remove access policies that nobody needs, or shorten their descriptions: the tenant's limit counts both."
)
_ON_PREMISES = "Exchange Online can't change a synchronised object; change it on premises or use another."

# The exception's type does not depend on language and outranks text and status: the same event is reported
# as 400, 404 or 500 (Microsoft365DSC #2998, ExoHelper Get-ExoException).
_BY_TYPE: tuple[tuple[str, type[WireError], str], ...] = (
    ("AlreadyExistsException", AlreadyExists, ""),
    ("ProxyAddressExistsException", AlreadyExists, ""),
    ("ObjectNotFoundException", NotFound, ""),
    ("MemberNotFoundException", NotFound, ""),
    # a cmdlet that no role of the caller brings does not exist for it: nothing was looked up
    ("CommandNotFoundException", NotAuthorised, ""),
    ("CmdletAccessDeniedException", NotAuthorised, ""),
    ("OperationRequiresGroupManagerException", NotAuthorised, ""),
    ("InvalidOperationInDehydratedContextException", NotReady, ""),
    ("CmdletProxyNotAvailableFailure", Transient, ""),
    ("ServerBusyException", Transient, ""),
    ("TransientException", Transient, ""),
    ("BackendCommunicationException", Transient, ""),
    ("UnableToWriteToAadException", Transient, ""),
)
_BY_TEXT: tuple[tuple[re.Pattern[str], type[WireError], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind, advice)
    for pattern, kind, advice in (
        (r"maximum number of concurrent requests", Throttled, ""),
        (r"total size of App Access Policies exceeded", Invalid, _POLICIES_FULL),
        (r"synchronized from your on-premises organization", Invalid, _ON_PREMISES),
        (r"can only be performed by a manager of the group", NotAuthorised, ""),
        (r"parameter cannot be found that matches parameter name", NotAuthorised, ""),
        (r"isn't supported in this scenario|is not recognized as", NotAuthorised, ""),
        (r"is already a member of the group|already exists", AlreadyExists, ""),
        (r"isn't a member of the group", NotFound, ""),
        (r"couldn't be found|wasn't found", NotFound, ""),
    )
)


def judge(operation: str, answer: Answer) -> WireError | None:
    """None for an answer that holds the cmdlet's result, else the error by meaning."""
    document = answer.document or {}
    error = _field(document, "error")
    if answer.status < 300 and not error and (answer.document is not None or not _known(answer.text)):
        return None
    code, reason = _complaint(error, answer)
    kind, advice = _meaning(answer, code, reason, explained=bool(error))
    if kind is NotAuthorised:
        advice = _missing_role(operation, reason)
    if answer.status in (401, 403) and not reason:
        reason = f"refused with {answer.status} and no reason"
    return kind(
        SERVICE,
        operation,
        reason or f"status {answer.status}",
        code=code,
        request_id=answer.headers.get("request-id") or answer.headers.get("x-ms-request-id") or "",
        advice=advice,
        status=answer.status,
    )


def _meaning(answer: Answer, code: str, reason: str, *, explained: bool) -> tuple[type[WireError], str]:
    for ending, kind, advice in _BY_TYPE:
        if code.endswith(ending):
            return kind, advice
    if answer.status in (401, 403):
        return NotAuthorised, ""
    if text := _known(reason):
        return text
    if answer.status == 404 and not explained:  # a wrong address or tenant, not an absent object
        return Invalid, "Check EXCHANGE_ENDPOINT and ARM_TENANT_ID: nothing was looked up."
    return by_status(answer.status), ""


def _missing_role(operation: str, reason: str) -> str:
    """Which rights to grant to who may not run the cmdlet."""
    by_cmdlet = (role for pattern, role in _ROLES if re.match(pattern, operation))
    role = _SECURITY_GROUPS if _NO_SECURITY_GROUPS.search(reason) else next(by_cmdlet, "")
    such = f", such as {role}" if role else ""
    return (
        f"The deployer needs Exchange.ManageAsApp and an Exchange role that has this cmdlet{such}; "
        "a role granted minutes ago is not in force yet."
    )


def _known(text: str) -> tuple[type[WireError], str] | None:
    return next(((kind, advice) for pattern, kind, advice in _BY_TEXT if pattern.search(text)), None)


def _complaint(error: Any, answer: Answer) -> tuple[str, str]:
    """Exception type and text: details, inner exception, message, headers, plain body; first that speaks."""
    details = _field(error, "details")
    for detail in details if isinstance(details, list) else ():
        parts = str(_field(detail, "message") or "").split("|", 2)
        if len(parts) == 3:
            return parts[1].strip(), cleaned(parts[2])
    inner = _field(_field(error, "innererror"), "internalexception")
    header_type = answer.headers.get("x-ExceptionType", "")
    for source in (inner, error):
        if message := _field(source, "message"):
            return header_type or str(_field(source, "type") or _field(source, "code") or ""), cleaned(
                str(message)
            )
    diagnostics = answer.headers.get("x-ms-diagnostics", "")
    plain = "" if answer.document is not None or answer.text.lstrip().startswith("<") else answer.text
    return header_type, cleaned(diagnostics or plain)


def _field(source: Any, name: str) -> Any:
    """A property whatever its case: Exchange writes internalException and internalexception."""
    if not isinstance(source, dict):
        return None
    return next((value for key, value in source.items() if key.lower() == name), None)
