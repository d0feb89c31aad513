"""What the engine finds otherwise in the tenant than it has recorded; a refresh that changes nothing."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from drift.looks import Unseen
from drift.managed import Changed
from roomctl.engine_events import Event, engine_events

_ABOUT = "what Pulumi manages"
_AGAIN = "run pulumi refresh --preview-only, and mend what it says"
_NOT_WHOLE = "the engine told only a part of it"
_ENGINES_OWN = "__"
"""With which the names of properties begin that are the engine's or a provider's own."""
_PATH = re.compile(r"[.\[]")
"""What follows the name of a property in a path into it."""
_MASKED = "[secret]"
"""What the engine shows in place of a secret value."""
_SOMETHING = {"something": ("as recorded", "otherwise")}


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
    elif step["op"] == "update" and (properties := _different(step)):
        yield Changed(kind, name, properties)


def _different(step: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What the tenant has otherwise than it is recorded, and than the program declared it at the last run.

    The second is all that is left after a refresh wrote the tenant's into the state. What the program does
    not declare and the tenant does not have is as the code says, whatever such a state remembers. What is not
    shown is told as something.
    """
    old = step.get("old") or {}
    before, declared = _shown(old, "outputs"), _shown(old, "inputs")
    after = _shown(step.get("new") or {}, "outputs")
    told = {
        key: both
        for key, both in _unlike(before, after, {*before, *after}).items()
        if key in declared or _meant(both[1]) is not None
    }
    named = {_PATH.split(one)[0] for one in step.get("diffs") or ()}
    told |= _unlike(declared, after, named - told.keys())
    if told or (before != after and not _hides([before, after])):
        return told
    # What a provider fills in by itself is declared as null.
    return _unlike(declared, after, {key for key, one in declared.items() if one is not None}) or _SOMETHING


def _unlike(
    before: Mapping[str, Any], after: Mapping[str, Any], keys: Iterable[str]
) -> dict[str, tuple[Any, Any]]:
    both = {key: (before.get(key), after.get(key)) for key in sorted(keys)}
    return {key: (was, is_) for key, (was, is_) in both.items() if _meant(was) != _meant(is_)}


def _shown(state: Mapping[str, Any], part: str) -> dict[str, Any]:
    properties = state.get(part) or {}
    return {key: value for key, value in properties.items() if not key.startswith(_ENGINES_OWN)}


def _meant(value: Any) -> Any:
    """The value without what says nothing, at any depth; None when that is all of it.

    azuread's plugin writes the same nothing as absent, as null and, once it has read it, as empty or false.
    In a list everything keeps its place.
    """
    if isinstance(value, Mapping):
        kept = {
            key: said
            for key, one in value.items()
            if not str(key).startswith(_ENGINES_OWN) and (said := _meant(one)) is not None
        }
        return kept or None
    if isinstance(value, list):
        said = [_meant(one) for one in value]
        return None if all(one is None for one in said) else said
    return None if value is False or value == "" else value


def _hides(value: Any) -> bool:
    """Whether a value in it is masked, which could be what differs."""
    if isinstance(value, Mapping):
        return any(map(_hides, value.values()))
    if isinstance(value, list):
        return any(map(_hides, value))
    return bool(value == _MASKED)


def _in_a_line(reason: str) -> str:
    return "; ".join(line.strip() for line in reason.splitlines() if line.strip())
