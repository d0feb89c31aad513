"""How long, as an operator writes it."""

import re
from datetime import timedelta

import typer

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}
_LONGEST = timedelta(hours=24)


def duration(text: str) -> timedelta:
    """`90s`, `30m` or `2h`, at most a day; anything else is wrong usage."""
    found = re.fullmatch(r"(\d{1,6})([smh])", text.strip())
    if found is None:
        raise typer.BadParameter(f"{text!r} is no duration: write it as 90s, 30m or 2h")
    wait = timedelta(**{_UNITS[found[2]]: int(found[1])})
    if wait > _LONGEST:
        raise typer.BadParameter(f"{text} is longer than a day, after which no waiting helps")
    return wait
