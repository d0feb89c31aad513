"""The toolchain: `setup` makes the engine, `run` runs a command with it, `where` tells where it is."""

import argparse
import os
import shutil
import signal
import sys
from typing import NoReturn

from toolchain.cache import cache_root
from toolchain.engine import Engine, NoEngineError, engine_environment, ensure_engine, find_engine

_ORIGINS = {"path": "found on PATH", "installer": "by Pulumi's installer", "module": "built from its module"}


def main() -> int:
    """Run the command line and return its exit code: 0 done, 1 no engine, 2 misused, 127 no such command."""
    # A build in progress is stopped and cleared away on SIGTERM as it is on SIGINT.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    arguments = _parser().parse_args()
    try:
        if arguments.action == "setup":
            print(_describe(ensure_engine()))
            return 0
        if arguments.action == "where":
            return _where()
        _run(arguments.command)
    except NoEngineError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The engine's cache {cache_root(os.environ)} cannot be used: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; nothing half-made is left. Run it again to go on.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m toolchain", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("setup", help="find or make the engine")
    actions.add_parser("where", help="print the engine's directory")
    run = actions.add_parser("run", help="run a command with the engine: run -- pulumi preview")
    run.add_argument("command", nargs="+")
    return parser


def _where() -> int:
    engine = find_engine(os.environ)
    if engine is None:
        print("There is no Pulumi engine yet; `python -m toolchain setup` makes one.", file=sys.stderr)
        return 1
    print(engine.bin_dir)
    return 0


def _run(command: list[str]) -> NoReturn:
    """Become the command, so that signals and the exit code are its own."""
    variables = engine_environment(ensure_engine(), os.environ)
    program = shutil.which(command[0], path=variables["PATH"])
    if program is None:
        print(f"{command[0]}: there is no such command on PATH", file=sys.stderr)
        sys.exit(127)
    os.execve(program, command, variables)  # noqa: S606 - no shell is wanted


def _describe(engine: Engine) -> str:
    return f"Pulumi engine {engine.version}, {_ORIGINS[engine.origin]}: {engine.bin_dir}"


if __name__ == "__main__":
    sys.exit(main())
