"""One command over many stacks, each in a tenant of its own: a line a stack, and a total.

Each stack has a process of its own, with the variables of its own file (roomctl/stack_environment.py); one
that fails says why in its line, and stops no other.
"""

import asyncio
import functools
import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any

import typer

from nearest import did_you_mean
from roomctl.console import working
from roomctl.duration import duration
from roomctl.outcome import COULD_NOT_LOOK, FOUND
from roomctl.pulumi import ask_pulumi_json
from roomctl.side_by_side import each
from roomctl.stack_of_many import Asked, StackAnswer, answer_of
from roomctl.stacks_told import as_json, show
from stack_files import short_name

_AT_ONCE, _ENVIRONMENTS = 4, Path("environments")
_USUAL, _EVERY_MAILBOX = timedelta(minutes=30), timedelta(hours=6)
"""How long one stack may take, and with a call for each mailbox of its tenant."""
_OWN = ("stacks", "at_once", "environments")
_OF_ONE_STACK = ("stack", "markdown", "sarif", "check_catalogue", "accepted_file")

_Stacks = Annotated[
    str | None,
    typer.Option(
        metavar="PATTERN", help="Every stack that matches, such as 'prod-*': a line each, and a total."
    ),
]
_AtOnce = Annotated[int, typer.Option(metavar="N", min=1, help="With --stacks: how many at once.")]
_Environments = Annotated[
    Path,
    typer.Option(
        metavar="FOLDER",
        help="With --stacks: STACK.env of each stack, with ARM_TENANT_ID, ARM_CLIENT_ID and "
        "ARM_CLIENT_SECRET=${NAME}, where NAME is a variable that you set.",
    ),
]


def for_many_stacks(command: Callable[..., None]) -> Callable[..., None]:
    """The command, which has --stack and --json, with --stacks: its other options go to each stack's own."""

    def with_stacks(
        context: typer.Context,
        stacks: _Stacks = None,
        at_once: _AtOnce = _AT_ONCE,
        environments: _Environments = _ENVIRONMENTS,
        **own: Any,
    ) -> None:
        if stacks is not None:
            _refuse(context, _OF_ONE_STACK, "is about one stack, and --stacks about several: one of them")
            name, limit = context.command.name or "", _limit(context.params)
            asked = Asked(name, _passed_on(context), environments, limit.total_seconds())
            raise typer.Exit(_all(asked, stacks, at_once, machines=own["as_json"]))
        _refuse(context, _OWN, "goes with --stacks")
        command(**own)

    added = list(inspect.signature(with_stacks).parameters.values())[:-1]
    parameters = [*inspect.signature(command).parameters.values(), *added]
    functools.update_wrapper(with_stacks, command)
    with_stacks.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters]
    )
    return with_stacks


def _all(asked: Asked, pattern: str, at_once: int, *, machines: bool) -> int:
    stacks = _matching(pattern, asked)
    what = f"roomctl {asked.command} for {len(stacks)} stacks"
    with working(what) as status:
        told = each(
            lambda stack: answer_of(stack, asked, os.environ),
            stacks,
            at_once,
            lambda done: status.update(f"[dim]{what}: {done} done …[/]"),
        )
        answers = asyncio.run(told)
    code = _exit_code(answers)
    if machines:
        typer.echo(as_json(asked.command, answers, code))
    else:
        show(answers)
    return code


def _matching(pattern: str, asked: Asked) -> list[str]:
    """The stacks whose whole name, or what is after its last slash, matches; in their order.

    Those of this backend, and those that have variables of their own: one may have another backend, and one
    that is nowhere must not be missing from the total in silence.
    """
    listed = [str(one["name"]) for one in ask_pulumi_json("stack", "ls", "--json")]
    known = {short_name(one) for one in listed}
    files = asked.environments.glob("*.env") if asked.signs_in else ()
    stacks = [*listed, *(file.stem for file in files if file.stem not in known)]
    found = {one for one in stacks if fnmatchcase(one, pattern) or fnmatchcase(short_name(one), pattern)}
    if not found:
        others = did_you_mean(pattern, stacks) if stacks else "the project has none in this backend"
        raise typer.BadParameter(f"no stack matches {pattern}: {others}")
    return sorted(found)


def _exit_code(answers: Sequence[StackAnswer]) -> int:
    """What was found outranks what could not be looked at."""
    codes = {one.code for one in answers}
    return next((code for code in (FOUND, COULD_NOT_LOOK) if code in codes), 0)


def _refuse(context: typer.Context, names: Sequence[str], why: str) -> None:
    for option in context.command.params:
        if option.name in names and _is_given(context, option.name):
            raise typer.BadParameter(f"{option.opts[0]} {why}")


def _is_given(context: typer.Context, name: str | None) -> bool:
    source = context.get_parameter_source(name) if name else None
    return source is not None and source.name == "COMMANDLINE"


def _limit(options: Mapping[str, Any]) -> timedelta:
    """How long one stack may take: what a command is told to wait comes on top."""
    usual = _EVERY_MAILBOX if options.get("every_mailbox") else _USUAL
    return usual + duration(options.get("wait") or "0s")


def _passed_on(context: typer.Context) -> tuple[str, ...]:
    """The command's own options as they were given, but for --json, which each stack's has anyway."""
    words: list[str] = []
    for option in context.command.params:
        if option.name in (*_OWN, "as_json") or not _is_given(context, option.name):
            continue
        value = context.params[option.name]
        if value is True:
            words.append(option.opts[0])
        else:
            words += [
                f"{option.opts[0]}={one}" for one in (value if isinstance(value, list | tuple) else [value])
            ]
    return tuple(words)
