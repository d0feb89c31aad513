"""The lines of code that make a finding right to have."""

from collections.abc import Iterable
from math import inf

import yaml

from drift.code import Code, CodeGroup, Source
from stack_files import settings_file

_KEYS = {Source.ROOMS: "rooms", Source.STAFF: "staff"}
"""The settings that are lists of addresses."""


def setting(code: Code, key: str, values: Iterable[str]) -> str:
    """A setting of the stack as it has to be."""
    listed = yaml.safe_dump(sorted(values), width=inf).splitlines()
    lines = [f"  placeos-m365:{key}:", *(f"    {value}" for value in listed)]
    return "\n".join([f"# {settings_file(code.stack)}", "config:", *lines])


def one_more(code: Code, key: str, value: str) -> str:
    """A setting with one value beside those that it has."""
    return f"{setting(code, key, [value])} # beside those that are there"


def row(code: Code, group: CodeGroup, address: str) -> str:
    """The mailbox where the code names those of the group; "" where it names none of them."""
    if group.source is Source.INVENTORY:
        return f"# {group.source}: a row with the address {address}"
    key = _KEYS.get(group.source)
    return one_more(code, key, address) if key else ""


def no_row(code: Code, group: CodeGroup, address: str) -> str:
    """The same without it."""
    if group.source is Source.INVENTORY:
        return f"# {group.source}: no row with the address {address}"
    return f"# {settings_file(code.stack)}: {group.source} without {address}" if group.source in _KEYS else ""
