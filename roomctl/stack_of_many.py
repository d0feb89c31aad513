"""One stack among many: its command in a process of its own, and what came of it."""

import json
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fault import fault_of_ours
from roomctl.in_few_words import IN_FEW_WORDS
from roomctl.outcome import COULD_NOT_LOOK, FOUND
from roomctl.side_by_side import Ended, run
from roomctl.stack_environment import NoIdentityError, stack_environment

_WITHOUT_TENANT = ("--emulated", "--base")
"""Options with which a command signs in nowhere."""
_STACK_TYPE = "pulumi:pulumi:Stack"


@dataclass(frozen=True)
class Asked:
    """What is run for each stack: the command, its options, and the folder of the stacks' variables.

    seconds: how long one stack may take, for one that hangs must not hold up the others' report.
    """

    command: str
    options: tuple[str, ...]
    environments: Path
    seconds: float

    @property
    def signs_in(self) -> bool:
        """Whether the command signs in to the stack's tenant."""
        return not any(one.startswith(_WITHOUT_TENANT) for one in self.options)


@dataclass(frozen=True)
class StackAnswer:
    """What came of one stack: 0, 7 or 1. `answer` is its command's own document.

    tenant: its id, "" where it is not known or does not matter. tenant_name: "" where that was not said.
    """

    stack: str
    tenant: str
    code: int
    words: str
    tenant_name: str = ""
    answer: Any = field(default=None, repr=False)


class _NoAnswerError(Exception):
    """Nothing came of it that can be told: why."""


async def answer_of(stack: str, asked: Asked, environ: Mapping[str, str]) -> StackAnswer:
    """Run the command for the stack, with its own variables; whatever goes wrong is its answer."""
    tenant = ""
    try:
        environment = environ
        if asked.signs_in:
            own = stack_environment(stack, asked.environments, environ)
            tenant, environment = own.tenant_id, own.variables
            await _require_its_tenant(stack, tenant, environment, asked)
        command = [sys.executable, "-m", "roomctl", asked.command, "--stack", stack, "--json", *asked.options]
        ended = await run(command, environment, asked.seconds)
        return _told(stack, tenant, ended, asked.command)
    except (NoIdentityError, _NoAnswerError) as reason:
        return StackAnswer(stack, tenant, COULD_NOT_LOOK, str(reason))
    except TimeoutError:
        minutes = f"{asked.seconds / 60:g} minutes"
        return StackAnswer(stack, tenant, COULD_NOT_LOOK, f"it did not end within {minutes}, and was ended")
    except OSError as error:
        return StackAnswer(stack, tenant, COULD_NOT_LOOK, f"it can't be run: {error.strerror}")
    except Exception as error:  # noqa: BLE001 - told in its line, and the others go on
        return StackAnswer(stack, tenant, COULD_NOT_LOOK, fault_of_ours(error))


async def _require_its_tenant(stack: str, tenant: str, environment: Mapping[str, str], asked: Asked) -> None:
    """A stack that was brought up knows its tenant, so that another stack's variables are noticed."""
    exported = await run(["pulumi", "stack", "export", "--stack", stack], environment, asked.seconds)
    if exported.code != 0:
        raise _NoAnswerError(_reason(exported))
    document = _parsed(exported.out, "pulumi stack export")
    resources = (document.get("deployment") or {}).get("resources") or []
    outputs = next((one.get("outputs") or {} for one in resources if one["type"] == _STACK_TYPE), {})
    recorded = str(outputs.get("tenantId") or tenant).lower()
    if recorded != tenant:
        raise _NoAnswerError(
            f"it was brought up in the tenant {recorded}, and {asked.environments}/{stack.rpartition('/')[2]}"
            f".env names {tenant}: are these another stack's variables? Nothing was asked there."
        )


def _told(stack: str, tenant: str, ended: Ended, command: str) -> StackAnswer:
    """By its document, where it has one; by what it says on standard error otherwise."""
    code = ended.code if ended.code in (0, FOUND) else COULD_NOT_LOOK
    if not ended.out.strip() and code == COULD_NOT_LOOK:
        raise _NoAnswerError(_reason(ended))
    answer = _parsed(ended.out, f"roomctl {command}")
    try:
        words = IN_FEW_WORDS[command](answer)
        name = str(answer.get("tenant", {}).get("name") or "")
    except (KeyError, TypeError, AttributeError) as error:
        raise _NoAnswerError(f"roomctl {command} answered what can't be read ({error!r}).") from None
    return StackAnswer(stack, tenant, code, words, name, answer)


def _parsed(text: str, of: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise _NoAnswerError(f"`{of} --stack …` did not answer JSON. Run it to see what it says.") from None


def _reason(ended: Ended) -> str:
    """What it said is wrong, in one line; a traceback's last."""
    lines = [line.strip() for line in ended.err.splitlines() if line.strip()]
    errors = [place for place, line in enumerate(lines) if line.startswith("error: ")]
    said = " ".join(lines[errors[0] :]) if errors else (lines or [""])[-1]
    if ended.code < 0:
        return f"it was ended by {signal.Signals(-ended.code).name}"
    return said.removeprefix("error: ") or f"it ended with {ended.code} and gave no reason"
