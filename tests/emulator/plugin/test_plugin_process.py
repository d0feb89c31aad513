import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.emulator.azuread_plugin.provider_client import ProviderClient

COMMAND = [sys.executable, "-m", "emulator.stand_ins"]


@pytest.fixture
def process(environ: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        COMMAND,
        env={**os.environ, **environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def test_it_prints_its_port_and_ends_when_nobody_holds_its_input(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    client = ProviderClient(int(process.stdout.readline().partition("azuread:")[2].partition(",")[0]))
    client.configure()
    made = client.create("Application", displayName="Rooms")
    assert client.refresh(made) is not None
    client.close()
    rest, errors = process.communicate()
    assert (process.returncode, rest, errors) == (0, "", "")


def test_ctrl_c_ends_it_quietly(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(2)
    assert process.wait() == 0
    assert process.stderr is not None
    assert process.stderr.read() == ""


def test_it_does_not_import_the_whole_sdk() -> None:
    program = (
        "import sys; from emulator.plugin.lean_import import import_only_protocol; "
        "import_only_protocol(); import emulator.azuread_plugin.servicer, emulator.plugin.server; "
        "print([name for name in sys.modules if name.startswith('pulumi.') and '.runtime' not in name])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
