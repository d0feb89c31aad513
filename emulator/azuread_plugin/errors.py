"""What can go wrong, as the one line that the person at the engine reads."""

from typing import Any


class PluginError(Exception):
    """A failure with a message for the user; it never holds a secret."""


class Vanished(PluginError):  # noqa: N818 - named after what was seen
    """An object that was just made could not be read back: it is in the tenant, but not in the state."""

    def __init__(self, id_: str) -> None:
        super().__init__(
            f"Root object was present, but now absent: {id_} was created, but reading it back found nothing. "
            "It may be in the tenant without being in the state; look it up there and import it, or remove it"
        )


class Unfinished(PluginError):  # noqa: N818 - named after the resource's condition
    """A resource that exists but is not as it should be: the engine keeps it, to update it next time."""

    def __init__(self, id_: str, properties: dict[str, Any], cause: PluginError) -> None:
        super().__init__(str(cause))
        self.id = id_
        self.properties = properties
