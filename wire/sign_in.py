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
    "AADSTS7000112": "Switch the application's service principal on: Entra, Enterprise applications.",
    "AADSTS7000229": "Make the application's service principal: az ad sp create --id with its client id.",
    "AADSTS53003": "Exclude the application in Entra, Conditional Access, from the policies for workload "
    "identities, or run this from a place that they trust.",
    "AADSTS90002": "Check ARM_TENANT_ID.",
    "AADSTS700027": "Check that the certificate is among the application's keys.",
    "AADSTS700211": "Add a federated credential for this pipeline's issuer to the application.",
    "AADSTS700212": "Correct the audience of the application's federated credential.",
    "AADSTS700213": "Add a federated credential for this pipeline's subject to the application.",
    "AADSTS700024": "Get a new token from the pipeline: one lives for minutes. Check the clock, too.",
    "AADSTS50020": "Run `az login --tenant` with the tenant of ARM_TENANT_ID.",
    "AADSTS90072": "Run `az login --tenant` with the tenant of ARM_TENANT_ID.",
}
_NO_TENANT = "Check ARM_TENANT_ID, and the cloud: the sign-in service does not know this tenant."
_NO_CLI = "Install it and sign in with `az login`, or set ARM_CLIENT_ID and a credential."
# msal keeps neither the status nor the headers of an answer that is no sign-in error.
_BUSY = re.compile(
    r"HTTP Error: (?:5\d\d|410)|AADSTS(?:90033|90006|90024)\b|temporarily_unavailable", re.IGNORECASE
)
_TOO_MANY = re.compile(r"HTTP Error: 429|TooManyRequests|Too Many Requests|AADSTS50196\b", re.IGNORECASE)


def _advice(code: str, text: str) -> str:
    if "CLI not found" in text:
        return _NO_CLI
    return _NO_TENANT if "Unable to get authority configuration" in text else _ADVICE.get(code, "")


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
        advice=_advice(code, text),
    )
