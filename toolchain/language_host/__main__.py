"""Starts the language host: prints its port, serves until the engine is gone or ends it."""

import argparse
from pathlib import Path

from toolchain.language_host.light_protos import skip_the_sdk


def main() -> None:
    """Serve the engine whose address is the last argument. The engine's logging flags are not used."""
    parser = argparse.ArgumentParser(prog="pulumi-language-python")
    parser.add_argument("--executor", type=Path, required=True, help="Pulumi's script that runs a program")
    parser.add_argument("engine", nargs="?", default="", help="address of the engine")
    arguments, _ = parser.parse_known_args()
    skip_the_sdk()
    # Imported here because the protocol modules become importable with the line above.
    from toolchain.language_host.server import serve  # noqa: PLC0415

    serve(arguments.executor, arguments.engine)


if __name__ == "__main__":
    main()
