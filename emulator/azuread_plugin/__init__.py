"""A stand-in for the azuread plugin: resources of `pulumi_azuread` 6.11.1 against any Graph.

It speaks to Graph as the real provider does, so that either can serve the same program and the same state.
The engine is pointed at it with `PULUMI_DEBUG_PROVIDERS=azuread:PORT`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.azuread_plugin.plugin import AzureadPlugin

__all__ = ["AzureadPlugin"]


def __getattr__(name: str) -> object:
    """Import the server when it is asked for: a process of its own first arranges for a lean import."""
    if name != "AzureadPlugin":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from emulator.azuread_plugin.plugin import AzureadPlugin  # noqa: PLC0415 - that is the point

    return AzureadPlugin
