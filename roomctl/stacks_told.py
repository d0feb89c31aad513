"""Many stacks in a line each, and a total; or all of it for machines."""

import json
from collections.abc import Sequence

from rich.markup import escape

from roomctl.console import console
from roomctl.outcome import COULD_NOT_LOOK, FOUND
from roomctl.stack_of_many import StackAnswer
from visible import visible

_COLOURS = {0: "green", FOUND: "yellow", COULD_NOT_LOOK: "red"}


def show(answers: Sequence[StackAnswer]) -> None:
    """A line a stack: its name, its tenant, how it ended, what came of it."""
    out = console()
    stack, tenant = (max(len(name) for name in names) for names in zip(*map(_names, answers), strict=True))
    for one in answers:
        name, where = _names(one)
        colour = _COLOURS[one.code]
        words = escape(" ".join(visible(one.words).split()))
        out.print(
            f"[dim]{escape(name):<{stack}}  {escape(where):<{tenant}}[/]  [{colour}]{one.code}[/]  {words}",
            soft_wrap=True,
        )
    out.print(f"\n{_total(answers)}", soft_wrap=True, markup=False)


def as_json(command: str, answers: Sequence[StackAnswer], code: int) -> str:
    """One document: every stack in its order, with its command's own."""
    stacks = [
        {
            "stack": one.stack,
            "tenant": {"id": one.tenant, "name": one.tenant_name},
            "exitCode": one.code,
            "summary": one.words,
            "answer": one.answer,
        }
        for one in answers
    ]
    return json.dumps({"command": command, "exitCode": code, "stacks": stacks}, indent=2, ensure_ascii=False)


def _names(one: StackAnswer) -> tuple[str, str]:
    return visible(one.stack), visible(one.tenant_name or one.tenant) or "-"


def _total(answers: Sequence[StackAnswer]) -> str:
    fine = sum(one.code == 0 for one in answers)
    said = [f"{fine} fine"]
    for code, words in ((FOUND, "found something"), (COULD_NOT_LOOK, "could not look")):
        if names := [visible(one.stack) for one in answers if one.code == code]:
            said.append(f"{len(names)} {words} ({', '.join(names)})")
    return f"{len(answers)} {'stack' if len(answers) == 1 else 'stacks'}: {', '.join(said)}."
