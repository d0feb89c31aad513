"""The stand-ins for Pulumi's plugins, attached to the engine: it then starts none of its own for them.

`python -m emulator.stand_ins` prints what PULUMI_DEBUG_PROVIDERS takes, and serves until its standard input
is closed, which happens when its parent ends.
"""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress

from emulator.plugin.lean_import import import_only_protocol


class StandIns:
    """Every stand-in, on ports of 127.0.0.1.

    `environ` holds the ARM_* variables and the CA bundle, as real plugins find them in their environment.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        # Here, because a process of its own first arranges for a lean import.
        from emulator.azure_native_plugin.servicer import AzureNativeServicer  # noqa: PLC0415
        from emulator.azuread_plugin.servicer import AzureadServicer  # noqa: PLC0415
        from emulator.plugin.server import PluginServer  # noqa: PLC0415

        servicers = (AzureadServicer(environ), AzureNativeServicer(environ))
        self._servers = {servicer.package: PluginServer(servicer) for servicer in servicers}

    def start(self) -> str:
        """Serve; the value of PULUMI_DEBUG_PROVIDERS."""
        return ",".join(f"{package}:{server.start()}" for package, server in self._servers.items())

    def stop(self) -> None:
        """Stop serving; calls under way are cut off."""
        for server in self._servers.values():
            server.stop()


def main() -> None:
    """Serve with the credentials of this process's environment."""
    import_only_protocol()
    stand_ins = StandIns(os.environ)
    with suppress(KeyboardInterrupt):
        print(stand_ins.start(), flush=True)  # noqa: T201
        while sys.stdin.buffer.read(1024):
            pass
    stand_ins.stop()


if __name__ == "__main__":
    main()
