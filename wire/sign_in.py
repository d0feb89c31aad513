"""What a refused sign-in means."""

import re

from azure.core.exceptions import AzureError, ClientAuthenticationError

from wire.connection import connection_error
from wire.errors import NotAuthorised, NotDone, Throttled, Transient, WireError

SERVICE = "Sign-in"
# learn.microsoft.com/entra/identity-platform/reference-error-codes
_ADVICE = {
    "AADSTS7000215": "Check the client secret's value (not its id); one made seconds ago is not known yet.",
    "AADSTS7000222": "Make a new client secret; this one has expired.",
    "AADSTS700016": "Check client id and tenant; an application made seconds ago is not known yet.",
    "AADSTS90002": "Check ARM_TENANT_ID.",
    "AADSTS700027": "Check that the certificate is among the application's keys.",
    "AADSTS700213": "Add a federated credential for this pipeline's subject to the application.",
}
_MOMENTARY = {"AADSTS90033", "AADSTS50196", "AADSTS90006", "AADSTS90024"}


def sign_in_error(operation: str, error: ClientAuthenticationError) -> WireError:
    """The error of azure-identity by meaning; nothing was sent to the service that was to be called."""
    if isinstance(error.__cause__, AzureError):
        broken = connection_error(SERVICE, operation, error.__cause__)
        return NotDone.like(broken) if isinstance(broken, Transient) else broken
    text = str(error.message)
    found = re.search(r"AADSTS\d+", text)
    code = found.group() if found else ""
    trace = re.search(r"Trace ID: (\S+)", text)
    status = error.status_code or 0
    kind: type[WireError] = NotAuthorised
    if status == 429:
        kind = Throttled
    elif status >= 500 or code in _MOMENTARY:
        kind = NotDone
    return kind(
        SERVICE,
        operation,
        text.removeprefix("Authentication failed: "),
        code=code,
        request_id=trace.group(1) if trace else "",
        advice=_ADVICE.get(code, ""),
        status=status,
    )
