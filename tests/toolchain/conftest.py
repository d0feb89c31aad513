"""A machine of its own for each test: its PATH, its home and its cache are folders of the test."""

import io
import os
import select
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from toolchain.report import Report


@dataclass(frozen=True)
class Machine:
    bin: Path
    home: Path

    @property
    def environ(self) -> dict[str, str]:
        return {"PATH": str(self.bin), "HOME": str(self.home)}

    @property
    def cache(self) -> Path:
        return self.home / ".cache" / "placeos-m365"

    def install(self, name: str, body: str) -> Path:
        """Put a shell script on PATH; it has the usual tools, whatever PATH the test gives it."""
        file = self.bin / name
        file.write_text(f"#!/bin/sh\nPATH=$PATH:/usr/bin:/bin\n{body}\n")
        file.chmod(0o755)
        return file

    def install_pulumi(self, version: str, *, host: bool = True) -> None:
        """Put an engine on PATH, with the Python language host or without."""
        self.install("pulumi", f"echo v{version}")
        if host:
            self.install("pulumi-language-python", "")


@pytest.fixture
def new_machine(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Machine]:
    def make() -> Machine:
        return Machine(tmp_path_factory.mktemp("bin"), tmp_path_factory.mktemp("home"))

    return make


@pytest.fixture
def machine(new_machine: Callable[[], Machine]) -> Machine:
    return new_machine()


@pytest.fixture
def closes() -> Callable[[int], bool]:
    """Whether the last process that holds the other end of a pipe ends within half a minute."""

    def wait(pipe: int) -> bool:
        readable, _, _ = select.select([pipe], [], [], 30)
        return bool(readable) and os.read(pipe, 1) == b""

    return wait


@pytest.fixture
def said() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def report(said: io.StringIO) -> Report:
    return Report(said)


@pytest.fixture
def go(machine: Machine, tmp_path: Path) -> Path:
    """A `go` that builds an empty engine at once; answers the log of its calls."""
    sdk = tmp_path / "sdk"
    for script in ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python"):
        (sdk / script).parent.mkdir(parents=True)
        (sdk / script).write_text("#!/bin/sh\n")
    pulumi = sdk / "pulumi"
    pulumi.write_text("#!/bin/sh\necho v3.259.0\n")
    pulumi.chmod(0o755)
    calls = tmp_path / "go-calls"
    machine.install(
        "go",
        f"""
        echo "$PWD $GOWORK $*" >> {calls}
        case $1 in
            list) echo {sdk} ;;
            build) while [ "$1" != -o ]; do shift; done; cp {pulumi} "$2" ;;
        esac
        """,
    )
    return calls
