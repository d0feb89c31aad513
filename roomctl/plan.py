"""What the engine plans: its stream of events, as the Automation API gets it, read whole."""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from review.declared import Sides, Step, resource, sides
from review.policy import Violation
from roomctl.console import working
from roomctl.outcome import could_not_look
from roomctl.policy_pack import PolicyPack
from roomctl.pulumi import run_pulumi

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

    The Automation API would select the stack for whoever comes next, so the stream that it reads is asked for
    here (pulumi/pulumi, sdk/python/lib/pulumi/automation/_stack.py). Ends the command with 1 and the engine's
    reasons when there is no plan, or not all of it.
    """
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "events.jsonl")
        command = ["preview", "--non-interactive", "--event-log", str(log), *pack.options, *options]
        command += ["--stack", stack] if stack else []
        # With this variable Pulumi has the option --event-log.
        environment = {**(environment or os.environ), "PULUMI_DEBUG_COMMANDS": "true"}
        with working("Previewing"):
            done = run_pulumi(*command, environment=environment, folder=project)
        events = list(_events(log))
    try:
        if done.returncode != 0:
            reasons = "\n".join(_errors(events)) or done.stderr.strip().removeprefix("error: ")
            could_not_look(reasons or f"pulumi preview ended with {done.returncode} and gave no reason.")
        if not any("summaryEvent" in event for event in events):  # the engine's last word
            could_not_look(_NOT_WHOLE)
        return Plan(sides(_steps(events)), _settings(events), tuple(_violations(events, pack)))
    except (KeyError, TypeError, AttributeError) as error:
        could_not_look(f"the engine's events are not as this review knows them ({error!r}). {_PREVIEW}")


def _events(log: Path) -> Iterator[dict[str, Any]]:
    """Up to the first that is not whole: the engine may have died in the middle of it."""
    if not log.exists():
        return  # it ended before the first event, with a reason
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            return


def _steps(events: list[dict[str, Any]]) -> Iterator[Step]:
    for event in events:
        if "resourcePreEvent" in event:
            step = event["resourcePreEvent"]["metadata"]
            old, new = (resource(step[side]) if step.get(side) else None for side in ("old", "new"))
            yield Step(step["op"], old, new)


def _settings(events: list[dict[str, Any]]) -> dict[str, str]:
    preludes = (event["preludeEvent"] for event in events if "preludeEvent" in event)
    return {key: str(value) for prelude in preludes for key, value in prelude["config"].items()}


def _violations(events: list[dict[str, Any]], pack: PolicyPack) -> Iterator[Violation]:
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


def _errors(events: list[dict[str, Any]]) -> list[str]:
    found = (
        str(one["message"]).strip()
        for event in events
        if (one := event.get("diagnosticEvent")) and one.get("severity") == "error"
    )
    return list(dict.fromkeys(one for one in found if one))
