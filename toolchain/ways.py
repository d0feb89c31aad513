"""What every way to an engine has in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from toolchain.report import Report


@dataclass(frozen=True)
class Engine:
    """A Pulumi engine that can run Python programs."""

    bin_dir: Path
    """The directory with `pulumi` and the plugins that belong to it."""
    version: str
    """Its version without the leading `v`."""
    origin: Literal["path", "installer", "module"]
    """How it came here: found on PATH, by Pulumi's installer, or built from its released Go module."""


class WayClosedError(Exception):
    """A way that leads to no engine on this machine; the text says why."""


class Way(Protocol):
    """One way to an engine."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a module's constant
        """What the way is called in messages."""

    def find(self, environ: Mapping[str, str]) -> Engine | None:
        """The engine when it is already there; quick, and without the network."""

    def make(self, environ: Mapping[str, str], report: Report) -> Engine:
        """Make the engine. Raises WayClosedError when that is not possible here."""
