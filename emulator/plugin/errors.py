"""What can go wrong, as the one line that the person at the engine reads."""

from typing import Any


class PluginError(Exception):
    """A failure with a message for the user; it never holds a secret."""


class Unfinished(PluginError):  # noqa: N818 - named after the resource's condition
    """A resource that exists but is not as it should be: the engine keeps it, to update it next time."""

    def __init__(self, id_: str, properties: dict[str, Any], cause: PluginError) -> None:
        super().__init__(str(cause))
        self.id = id_
        self.properties = properties
