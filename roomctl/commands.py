"""The commands: a module each, imported only when it is asked for, since all together take half a second."""

from collections.abc import Iterator, Mapping, MutableMapping
from functools import cache
from importlib import import_module
from typing import Any, cast

import typer
from typer.core import TyperCommand, TyperGroup

_NAMES = (
    "emulate", "create-deployer", "preflight", "review", "drift", "evidence", "handover", "verify",
    "finish-destroy", "secrets", "consent", "contain", "resume", "recover", "remove-secret",
    "remove-application",
)  # fmt: skip
"""As the help lists them; each is a function of its own name in a module of that name."""
_FUNCTIONS = {name: name.replace("-", "_") for name in _NAMES}
_FOR_MANY_STACKS = frozenset(("preflight", "review", "drift", "verify"))
_TAKES_OTHERS = {"emulate": {"ignore_unknown_options": True}}


class _Command(TyperCommand):
    def format_help(self, ctx: Any, formatter: Any) -> None:
        _calm_help()
        super().format_help(ctx, formatter)


class Commands(TyperGroup):
    """`roomctl` itself."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = cast(MutableMapping[str, Any], _Imported())

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Show the help."""
        _calm_help()
        super().format_help(ctx, formatter)


class _Imported(Mapping[str, TyperCommand]):
    """The commands by their names."""

    def __getitem__(self, name: str) -> TyperCommand:
        return _command(name, _FUNCTIONS[name])

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)


@cache
def _command(name: str, function: str) -> TyperCommand:
    runs = getattr(import_module(f"roomctl.{function}"), function)
    if name in _FOR_MANY_STACKS:
        from roomctl.many_stacks import for_many_stacks  # noqa: PLC0415 - only for these

        runs = for_many_stacks(runs)
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    alone.command(name, cls=_Command, context_settings=_TAKES_OTHERS.get(name))(runs)
    return cast(TyperCommand, typer.main.get_command(alone))


def _calm_help() -> None:
    """Help keeps to the colours of roomctl.console: yellow is for what a person has to do."""
    from typer import rich_utils  # noqa: PLC0415 - it costs a tenth of a second, and only help needs it

    rich_utils.STYLE_TYPES = rich_utils.STYLE_USAGE = "dim"
