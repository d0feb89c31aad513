"""What a broken connection means."""

import ssl
from collections.abc import Iterator

from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from wire.errors import Invalid, NotDone, Transient, WireError


def connection_error(service: str, operation: str, error: Exception) -> WireError:
    """NotDone when no connection was made, Invalid for an untrusted certificate, else Transient."""
    causes = list(_causes(error))
    untrusted = next((cause for cause in causes if isinstance(cause, ssl.SSLCertVerificationError)), None)
    if untrusted is not None:
        return Invalid(
            service,
            operation,
            f"the server's certificate is not trusted: {untrusted.verify_message}",
            advice="If an own authority signs it, name its file in REQUESTS_CA_BUNDLE and SSL_CERT_FILE.",
        )
    if any(isinstance(cause, NewConnectionError | ConnectTimeoutError) for cause in causes):
        return NotDone(service, operation, "no connection could be made", advice="Check network and proxy.")
    return Transient(service, operation, f"the connection broke ({type(causes[-1]).__name__})")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it wraps, outermost first; azure-core, requests, urllib3 and httpx all wrap."""
    todo, seen = [error], set[int]()
    while todo:
        current = todo.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        inner = (
            getattr(current, "inner_exception", None),
            getattr(current, "reason", None),
            current.__cause__,
            current.__context__,
            *current.args,
        )
        todo.extend(cause for cause in inner if isinstance(cause, BaseException))
