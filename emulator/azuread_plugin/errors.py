"""What can go wrong with an object of Entra, beside what can with any."""

from emulator.plugin.errors import PluginError


class Vanished(PluginError):  # noqa: N818 - named after what was seen
    """An object that was just made could not be read back: it is in the tenant, but not in the state."""

    def __init__(self, id_: str) -> None:
        super().__init__(
            f"Root object was present, but now absent: {id_} was created, but reading it back found nothing. "
            "It may be in the tenant without being in the state; look it up there and import it, or remove it"
        )
