"""The lines of code that make a finding right to have."""

from collections.abc import Iterable
from math import inf

import yaml

from drift.code import Code, CodeGroup
from stack_files import settings_file


def setting(code: Code, key: str, values: Iterable[str]) -> str:
    """A setting of the stack as it has to be."""
    listed = yaml.safe_dump(sorted(values), width=inf).splitlines()
    lines = [f"  placeos-m365:{key}:", *(f"    {value}" for value in listed)]
    return "\n".join([f"# {settings_file(code.stack)}", "config:", *lines])


def one_more(code: Code, key: str, value: str) -> str:
    """A setting with one value beside those that it has."""
    return f"{setting(code, key, [value])} # beside those that are there"


def row(group: CodeGroup, address: str) -> str:
    """The mailbox in the inventory, or in the list of staff."""
    return f"# {group.kind.source}: a row with the address {address}"


def no_row(group: CodeGroup, address: str) -> str:
    """The same without it."""
    return f"# {group.kind.source}: no row with the address {address}"
