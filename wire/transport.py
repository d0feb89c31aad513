"""The way out: azure-core's HTTP transport with the trusted authorities and the clock of the environment."""

from typing import Any

import requests
from azure.core.pipeline.transport import RequestsTransport

from clock import Clock
from https_json import ca_bundle

_CONNECT_SECONDS = 15
# Exchange ends a cmdlet after 15 minutes, says "About the Exchange Online PowerShell module" on
# learn.microsoft.com; giving up earlier would leave a write's outcome unknown.
_READ_SECONDS = 16 * 60


class ClockedTransport(RequestsTransport):  # type: ignore[misc]  # azure-core exports it untyped
    """Whoever waits between attempts on this transport waits on the clock it was given."""

    def __init__(
        self, clock: Clock, *, connect_seconds: float = _CONNECT_SECONDS, read_seconds: float = _READ_SECONDS
    ) -> None:
        super().__init__(
            connection_timeout=connect_seconds,
            read_timeout=read_seconds,
            connection_verify=ca_bundle() or True,
        )
        self._clock = clock
        self.open()  # now, because opening on first use is not safe between threads
        self.session.hooks["response"].append(_believe_the_status)

    def sleep(self, duration: float) -> None:
        """Wait `duration` seconds of the clock's time."""
        self._clock.sleep(duration)


def _believe_the_status(response: requests.Response, *_args: Any, **_options: Any) -> None:
    """Read the body as it came where no encoding was wanted.

    Exchange refuses with 403 and a body of NULs labelled gzip; to decode it fails and hides the status.
    """
    if response.request.headers.get("Accept-Encoding") == "identity":
        response.raw.headers.pop("Content-Encoding", None)
