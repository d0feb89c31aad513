"""How a cmdlet travels: the JSON around its parameters, and the JSON around its records."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from emulator.directory import is_guid
from emulator.store import Document


class EnvelopeError(Exception):
    """The request's body is no cmdlet; the text says what is wrong with it."""


@dataclass(frozen=True)
class Invocation:
    """A cmdlet's name and its parameters, as the caller wrote them."""

    name: str
    parameters: Mapping[str, object]


def read(body: bytes) -> Invocation:
    """What `{"CmdletInput": {"CmdletName": …, "Parameters": {…}}}` asks for; EnvelopeError otherwise."""
    try:
        envelope = json.loads(body)
    except ValueError as reason:
        raise EnvelopeError(f"The body is no JSON: {reason}") from reason
    cmdlet = envelope.get("CmdletInput") if isinstance(envelope, dict) else None
    if not isinstance(cmdlet, dict):
        raise EnvelopeError("The body has no object CmdletInput.")
    name, parameters = cmdlet.get("CmdletName"), cmdlet.get("Parameters", {})
    if not isinstance(name, str) or not name:
        raise EnvelopeError("CmdletInput has no text CmdletName.")
    if not isinstance(parameters, dict):
        raise EnvelopeError("CmdletInput.Parameters is no object.")
    return Invocation(name, parameters)


def write(
    context: str, records: Iterable[Document], select: str, warnings: list[str], next_link: str
) -> Document:
    """The answer's JSON; `select` names the properties to give, separated by commas (empty: all)."""
    answer: Document = {
        "@odata.context": context,
        "@adminapi.warnings@odata.type": "#Collection(String)",
        "@adminapi.warnings": warnings,
        "value": [_typed(_selected(record, select)) for record in records],
    }
    return answer | ({"@odata.nextLink": next_link} if next_link else {})


def _selected(record: Document, select: str) -> Document:
    wanted = {name.strip().lower() for name in select.split(",")} - {""}
    return {name: value for name, value in record.items() if not wanted or name.lower() in wanted}


def _typed(record: Document) -> Document:
    typed: Document = {}
    for name, value in record.items():
        if isinstance(value, list):
            typed[f"{name}@odata.type"] = "#Collection(String)"
        elif name == "Guid" and is_guid(value):
            typed[f"{name}@odata.type"] = "#Guid"
        typed[name] = value
    return typed
