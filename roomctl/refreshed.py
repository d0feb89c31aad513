"""What the engine finds otherwise in the tenant than it has recorded; a refresh that changes nothing."""

from collections.abc import Iterator, Mapping
from typing import Any

from drift.looks import Unseen
from drift.managed import Changed
from roomctl.engine_events import Event, engine_events

_ABOUT = "what Pulumi manages"
_AGAIN = "run pulumi refresh --preview-only, and mend what it says"
_NOT_WHOLE = "the engine told only a part of it"
_ENGINES_OWN = "__"
"""With which the names of properties begin that are the engine's or a provider's own."""


def refreshed(stack: str | None) -> tuple[list[Changed], list[Unseen]]:
    """The resources that are otherwise, and why some could not be looked at."""
    told = engine_events("refresh", "--preview-only", stack=stack)
    reason = told.failed or ("" if told.whole else _NOT_WHOLE)
    changes: list[Changed] = []
    try:
        changes.extend(_changes(told.events))
    except (AttributeError, LookupError, TypeError) as error:
        reason = reason or f"the engine told what is not known ({type(error).__name__}: {error})"
    return changes, [Unseen(_ABOUT, _in_a_line(reason), _AGAIN)] if reason else []


def _changes(events: tuple[Event, ...]) -> Iterator[Changed]:
    for event in events:
        if "resOutputsEvent" in event:
            yield from _change(event["resOutputsEvent"]["metadata"])


def _change(step: Mapping[str, Any]) -> Iterator[Changed]:
    kind, name = str(step["type"]), str(step["urn"]).rpartition("::")[2]
    if step["op"] == "delete":
        yield Changed(kind, name)
    elif step["op"] == "update":
        yield Changed(kind, name, _different(step.get("old") or {}, step.get("new") or {}))


def _different(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What the program declares and the tenant has otherwise; what only a provider keeps, if that is all."""
    before, after = old.get("outputs") or {}, new.get("outputs") or {}
    differing = {
        key: (before.get(key), after.get(key))
        for key in sorted({*before, *after})
        if _said(before.get(key)) != _said(after.get(key)) and not key.startswith(_ENGINES_OWN)
    }
    declared = {key: value for key, value in differing.items() if key in (old.get("inputs") or {})}
    return declared or differing or {"something": ("as recorded", "otherwise")}


def _said(value: Any) -> Any:
    """Azuread's plugin writes the same nothing as absent and, once it has read it, as empty."""
    return None if value in ([], {}, "") else value


def _in_a_line(reason: str) -> str:
    return "; ".join(line.strip() for line in reason.splitlines() if line.strip())
