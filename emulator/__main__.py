"""The emulated tenant's command: serve it, or print what it knows."""

import argparse
import json
import os
import signal
import sqlite3
import sys
import threading
from pathlib import Path

from emulator.coverage import document
from emulator.fault_plans import plan, rehearse
from emulator.server import EmulatedTenant
from emulator.tenants import TenantFileError


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the answer is its exit code."""
    parser = argparse.ArgumentParser(prog="python -m emulator", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve a tenant until stdin closes or SIGTERM comes")
    serve.add_argument("--tenant", type=Path, help="the YAML file of a new tenant (default: contoso)")
    serve.add_argument("--state", type=Path, help="the SQLite file that keeps the tenant between runs")
    serve.add_argument(
        "--faults", type=_faults, action="append", default=[], metavar="NAME[:SEED]",
        help="rehearse a fault plan (fault_plans.yaml), the same each time for the same seed",
    )  # fmt: skip
    serve.add_argument("--ready", type=Path, help="written (0600) when ready: the environment, as JSON")
    serve.add_argument("--as", dest="name", help="the application whose environment it is (the deployer)")
    commands.add_parser("coverage", help="print COVERAGE.md")
    chosen = parser.parse_args(arguments)
    if chosen.command == "coverage":
        return _print(document())
    return _serve(chosen.tenant, chosen.state, chosen.ready, chosen.name, chosen.faults)


def _print(text: str) -> int:
    """Print the answer; 1 when nobody can read it, because the disk is full or the reader has ended."""
    try:
        print(text, end="", flush=True)
    except OSError as reason:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python would try again at its end
        print(f"emulator: the answer can't be written: {reason.strerror}", file=sys.stderr)
        return 1
    return 0


def _faults(text: str) -> tuple[str, int]:
    name, _, seed = text.partition(":")
    try:
        plan(name)
        return name, int(seed or 0)
    except ValueError as reason:
        raise argparse.ArgumentTypeError(str(reason)) from None


def _serve(
    tenant_file: Path | None,
    state: Path | None,
    ready: Path | None,
    name: str | None,
    faults: list[tuple[str, int]],
) -> int:
    finished = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: finished.set())
    try:
        with EmulatedTenant(tenant_file, state) as served:
            for fault_plan, seed in faults:
                rehearse(served.tenant, fault_plan, seed)
            if ready is not None:
                environment = served.environment_of(name) if name else served.environment
                _write_private(ready, json.dumps(environment))
            print(f"The tenant {served.tenant.domain} is served at {served.url}", flush=True)
            threading.Thread(target=_until_closed, args=[finished], daemon=True).start()
            finished.wait()
    except TenantFileError as reason:
        print(f"emulator: {reason}", file=sys.stderr)
        return 64
    except sqlite3.Error as reason:
        print(f"emulator: the state {state} can't be used: {reason}. Give another --state.", file=sys.stderr)
        return 1
    except OSError as reason:
        print(f"emulator: {reason.filename or 'the tenant'}: {reason.strerror or reason}", file=sys.stderr)
        return 1
    return 0


def _until_closed(finished: threading.Event) -> None:
    sys.stdin.read()
    finished.set()


def _write_private(path: Path, text: str) -> None:
    """Write whole or not at all: who waits for the file must not read half of it."""
    draft = path.with_name(f".{path.name}.draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


if __name__ == "__main__":
    sys.exit(main())
