"""What an answer of Azure Resource Manager means.

https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors
"""

import re

from wire import Invalid, Transient, WireError
from wire.answers import Answer, by_status

SERVICE = "Azure Resource Manager"
REPORT = "Nothing can be told from it; please report this line."
_ACTION = re.compile(r"perform action '([^']+)'")
_OTHER_TENANT = "InvalidAuthenticationTokenTenant"


def judge(operation: str, answer: Answer) -> WireError | None:
    """None for success, else the error by meaning."""
    error = (answer.document or {}).get("error")
    if answer.status < 300:
        return Transient(SERVICE, operation, "it said yes, and an error beside it") if error else None
    error = error if isinstance(error, dict) else {}
    code, message = str(error.get("code") or ""), str(error.get("message") or "")
    # A 404 without a code is a wrong address, not an absent resource.
    kind = Invalid if answer.status == 404 and not code else by_status(answer.status)
    return kind(
        SERVICE,
        operation,
        f"{code}: {message}" if code and message else message or code or f"status {answer.status}",
        code=code,
        request_id=answer.headers.get("x-ms-request-id", ""),
        advice=_advice(code, message) if answer.status in (401, 403) else "",
        status=answer.status,
    )


def _advice(code: str, message: str) -> str:
    """What to do about a refusal; "" when that is not known."""
    if code == _OTHER_TENANT:
        return "The subscription is another tenant's: check its id, and ARM_TENANT_ID."
    if action := _ACTION.search(message):
        return f"Check the resource id, for Azure says the same where nothing is; or grant {action[1]} on it."
    return ""
