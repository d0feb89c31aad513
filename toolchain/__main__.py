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
    """Run the command line and return its exit code: 0 done, 1 no engine, 2 usage, 126 and 127 no command."""
    # A build in progress is stopped and cleared away on SIGTERM as it is on SIGINT.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    arguments = _parser().parse_args()
    try:
        if arguments.action == "where":
            return _where()
        engine = ensure_engine()
        if arguments.action == "run":
            _run(engine, arguments.command)
        return _say(_describe(engine))
    except NoEngineError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        folder = cache_root(os.environ)
        print(
            f"The engine's cache {folder} can't be used: {error.strerror or error}. Make it writable, free "
            "disk space, or set XDG_CACHE_HOME to another folder.",
            file=sys.stderr,
        )
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
    return _say(str(engine.bin_dir))


def _say(line: str) -> int:
    """Print the answer; 1 when nobody can read it, because the disk is full or the reader has ended."""
    try:
        print(line, flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python would try again at its end
        print(f"The answer can't be written: {error.strerror}.", file=sys.stderr)
        return 1
    return 0


def _run(engine: Engine, command: list[str]) -> NoReturn:
    """Become the command, so that signals and the exit code are its own."""
    variables = engine_environment(engine, os.environ)
    program = shutil.which(command[0], path=variables["PATH"])
    if program is None:
        print(f"{command[0]}: there is no such command on PATH.", file=sys.stderr)
        sys.exit(127)
    try:
        os.execve(program, command, variables)  # noqa: S606 - no shell is wanted
    except OSError as error:
        print(f"{program} can't be run: {error.strerror}.", file=sys.stderr)
        sys.exit(126)


def _describe(engine: Engine) -> str:
    return f"Pulumi engine {engine.version}, {_ORIGINS[engine.origin]}: {engine.bin_dir}"


if __name__ == "__main__":
    sys.exit(main())
