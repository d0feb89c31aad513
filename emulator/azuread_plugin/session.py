"""azuread, configured: a session with Microsoft Graph."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from emulator.plugin import session


@dataclass(frozen=True)
class Settings(session.Settings):
    """azuread's configuration."""

    package = "azuread"


class Session(session.Session):
    """A signed-in azuread."""

    def service(self, metadata: Mapping[str, Any]) -> tuple[str, str]:
        """Microsoft Graph, which is named as it is addressed."""
        graph = str(metadata.get("microsoftGraphResourceId") or "")
        return graph, graph
