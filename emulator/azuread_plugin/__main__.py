"""`python -m emulator.azuread_plugin`: print the port, serve until stdin is closed (the parent ended)."""

import os
import sys
from contextlib import suppress

from emulator.azuread_plugin.lean_import import import_only_protocol


def main() -> None:
    """Serve with the credentials of this process's environment."""
    import_only_protocol()
    from emulator.azuread_plugin.plugin import AzureadPlugin  # noqa: PLC0415 - after the lean import

    plugin = AzureadPlugin(os.environ)
    with suppress(KeyboardInterrupt):
        print(plugin.start(), flush=True)
        while sys.stdin.buffer.read(1024):
            pass
    plugin.stop()


if __name__ == "__main__":
    main()
