"""The arguments of functions that find one thing by one of its names, and the ids of what they find."""

import base64
import hashlib
from collections.abc import Iterable
from typing import Any

from emulator.azuread_plugin.graph import Document
from emulator.plugin.errors import PluginError
from emulator.plugin.wire import Properties


def exactly_one(arguments: Properties, *names: str) -> tuple[str, Any]:
    """The argument that is given, and its value; PluginError when it is none or several."""
    given = [name for name in names if arguments.get(name)]
    if len(given) != 1:
        raise PluginError(
            f"Invalid combination of arguments: exactly one of {', '.join(names)} must be specified, "
            f"not {' and '.join(given) or 'none of them'}"
        )
    return given[0], arguments[given[0]]


def only(found: list[Document], none: str, several: str) -> Document:
    """The one match; PluginError in the words of the caller when there is none or several."""
    if len(found) != 1:
        raise PluginError(several if found else none)
    return found[0]


def digest(names: Iterable[str]) -> str:
    """The part of an id that stands for a list of names."""
    hashed = hashlib.sha1("/".join(names).encode(), usedforsecurity=False)
    return base64.urlsafe_b64encode(hashed.digest()).decode()
