"""What the engine tells while it previews: its stream of events, as the Automation API gets it.

The Automation API would select the stack for whoever comes next, so the stream that it reads is asked for
here (pulumi/pulumi, sdk/python/lib/pulumi/automation/_stack.py).
"""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roomctl.pulumi import run_pulumi

Event = Mapping[str, Any]

_SAYS_YES = "PULUMI_SKIP_CONFIRMATIONS"
"""Pipelines set it; Pulumi refuses `refresh --preview-only` with it, for there is nothing to say yes to."""


@dataclass(frozen=True)
class Told:
    """events: in their order, up to the first that is not whole. failed: why it broke off, or ""."""

    events: tuple[Event, ...]
    failed: str

    @property
    def whole(self) -> bool:
        """Whether the engine said its last word."""
        return any("summaryEvent" in event for event in self.events)


def engine_events(
    *command: str,
    stack: str | None,
    environment: Mapping[str, str] | None = None,
    project: Path | None = None,
) -> Told:
    """Run the engine's command, which changes nothing, and keep what it tells.

    Ends our command with 1 when there is no Pulumi that can be run.
    """
    # With this variable Pulumi has the option --event-log.
    variables = {**(environment or os.environ), "PULUMI_DEBUG_COMMANDS": "true"}
    variables.pop(_SAYS_YES, None)
    chosen = ["--stack", stack] if stack else []
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "events.jsonl")
        done = run_pulumi(
            command[0], "--non-interactive", "--event-log", str(log), *command[1:], *chosen,
            environment=variables, folder=project,
        )  # fmt: skip
        events = tuple(_events(log))
    if done.returncode == 0:
        return Told(events, "")
    reasons = "\n".join(_errors(events)) or done.stderr.strip().removeprefix("error: ")
    said = f"pulumi {command[0]} ended with {done.returncode} and gave no reason."
    return Told(events, reasons or said)


def _events(log: Path) -> Iterator[Event]:
    """Up to the first that is not whole: the engine may have died in the middle of it."""
    if not log.exists():
        return  # it ended before the first event, with a reason
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            return
        if not isinstance(event, dict):
            return
        yield event


def _errors(events: tuple[Event, ...]) -> list[str]:
    found = (
        str(one["message"]).strip()
        for event in events
        if (one := event.get("diagnosticEvent")) and one.get("severity") == "error"
    )
    return list(dict.fromkeys(one for one in found if one))
