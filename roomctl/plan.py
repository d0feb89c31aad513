"""What the engine plans: its stream of events, as the Automation API gets it, read whole."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from review.declared import Sides, Step, resource, sides
from review.policy import Violation
from roomctl.console import working
from roomctl.engine_events import Event, engine_events
from roomctl.outcome import could_not_look
from roomctl.policy_pack import PolicyPack

_PREVIEW = "Run pulumi preview to see what it says."
_NOT_WHOLE = f"the engine told its plan only in part, so what it would change is not known. {_PREVIEW}"


@dataclass(frozen=True)
class Plan:
    """A preview: both sides of each resource, the settings by key, namespace included, the pack's words."""

    sides: Sides
    settings: Mapping[str, str]
    violations: tuple[Violation, ...]


def plan(
    stack: str | None,
    pack: PolicyPack,
    *,
    options: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    project: Path | None = None,
) -> Plan:
    """Preview the stack, or the selected one; nothing is changed, neither in the tenant nor in the state.

    Ends the command with 1 and the engine's reasons when there is no plan, or not all of it.
    """
    with working("Previewing"):
        told = engine_events(
            "preview", *pack.options, *options, stack=stack, environment=environment, project=project
        )
    try:
        if told.failed:
            could_not_look(told.failed)
        if not told.whole:
            could_not_look(_NOT_WHOLE)
        events = told.events
        return Plan(sides(_steps(events)), _settings(events), tuple(_violations(events, pack)))
    except (KeyError, TypeError, AttributeError) as error:
        could_not_look(f"the engine's events are not as this review knows them ({error!r}). {_PREVIEW}")


def _steps(events: Sequence[Event]) -> Iterator[Step]:
    for event in events:
        if "resourcePreEvent" in event:
            step = event["resourcePreEvent"]["metadata"]
            old, new = (resource(step[side]) if step.get(side) else None for side in ("old", "new"))
            yield Step(step["op"], old, new)


def _settings(events: Sequence[Event]) -> dict[str, str]:
    preludes = (event["preludeEvent"] for event in events if "preludeEvent" in event)
    return {key: str(value) for prelude in preludes for key, value in prelude["config"].items()}


def _violations(events: Sequence[Event], pack: PolicyPack) -> Iterator[Violation]:
    found = {
        Violation(
            rule=one["policyName"],
            resource=str(one.get("resourceUrn") or "").rpartition("::")[2] or "the stack",
            message=_without_description(one["message"]),
            refused=pack.refuses(one["policyName"]),
        )
        for event in events
        if (one := event.get("policyEvent"))
    }
    yield from sorted(found, key=lambda one: (not one.refused, one))


def _without_description(message: str) -> str:
    """The engine puts the rule's description on a line before what the rule says."""
    description, _, said = message.strip().partition("\n")
    return " ".join((said or description).split())
