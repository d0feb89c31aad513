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
    "AADSTS700211": "Add a federated credential for this pipeline's issuer to the application.",
    "AADSTS700212": "Correct the audience of the application's federated credential.",
    "AADSTS700213": "Add a federated credential for this pipeline's subject to the application.",
    "AADSTS700024": "Get a new token from the pipeline: one lives for minutes. Check the clock, too.",
    "AADSTS50020": "Run `az login --tenant` with the tenant of ARM_TENANT_ID.",
    "AADSTS90072": "Run `az login --tenant` with the tenant of ARM_TENANT_ID.",
}
_NO_CLI = "Install it and sign in with `az login`, or set ARM_CLIENT_ID and a credential."
# msal keeps neither the status nor the headers of an answer that is no sign-in error.
_BUSY = re.compile(
    r"HTTP Error: (?:5\d\d|410)|AADSTS(?:90033|90006|90024)\b|temporarily_unavailable", re.IGNORECASE
)
_TOO_MANY = re.compile(r"HTTP Error: 429|TooManyRequests|Too Many Requests|AADSTS50196\b", re.IGNORECASE)


def sign_in_error(operation: str, error: ClientAuthenticationError) -> WireError:
    """The error of azure-identity by meaning; nothing was sent to the service that was to be called."""
    if isinstance(error.__cause__, AzureError):
        broken = connection_error(SERVICE, operation, error.__cause__)
        return NotDone.like(broken) if isinstance(broken, Transient) else broken
    text = str(error.message)
    found = re.search(r"AADSTS\d+", text)
    code = found.group() if found else ""
    trace = re.search(r"Trace ID: (\S+)", text)
    kind: type[WireError] = NotAuthorised
    if _TOO_MANY.search(text):
        kind = Throttled
    elif _BUSY.search(text):
        kind = NotDone
    return kind(
        SERVICE,
        operation,
        text.removeprefix("Authentication failed: "),
        code=code,
        request_id=trace.group(1) if trace else "",
        advice=_NO_CLI if "CLI not found" in text else _ADVICE.get(code, ""),
    )
