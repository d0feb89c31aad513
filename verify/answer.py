"""What an HTTP response says, and whether it is Microsoft Graph's own answer to the call."""

import json

import httpx

from verify.outcome import Seen
from verify.shape import Shape

_KEYS = 5
"""How many names of an object's properties are told."""


def document_of(response: httpx.Response) -> object:
    """The body as JSON; None for an empty one, its text for one that is no JSON."""
    text = response.text
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # the latter for one that is nested without end
        return text


def seen_in(response: httpx.Response, shape: Shape) -> Seen:
    """The answer of a call that answers `shape` when it works."""
    document = document_of(response)
    code, message = _complaint(document)
    is_graphs = bool(code) or shape.fits(response.status_code, document)
    return Seen(response.status_code, code, message, "" if is_graphs else _described(response, document))


def _described(response: httpx.Response, document: object) -> str:
    """What came, without what may stand in it."""
    match document:
        case None:
            return "an empty body"
        case dict(found):
            names = ", ".join(list(found)[:_KEYS])
            return f"an object with {names or 'nothing in it'}"
        case str() if not response.text.lstrip().startswith('"'):
            kind = response.headers.get("Content-Type", "").partition(";")[0].strip()
            return f"{kind or 'a body of no type'} that is no JSON"
    return "JSON that is no object"


def _complaint(document: object) -> tuple[str, str]:
    """Code and message of what went wrong, be it told inside an answer of success.

    Such is a schedule that could not be read (https://learn.microsoft.com/graph/api/resources/freebusyerror).
    """
    match document:
        case {"error": {"code": str(code), **error}}:
            return code, str(error.get("message") or "")
        case {"value": [{"scheduleId": _, "error": {"responseCode": str(code), **error}}, *_]}:
            return code, str(error.get("message") or "")
    return "", ""
