"""The real engine with the Python language host of this machine: programs, providers, policy packs, ends."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from toolchain.engine import Engine, engine_environment, ensure_engine

pytestmark = pytest.mark.engine

VENV = Path(sys.executable).parent.parent
RUNTIME = f"runtime: {{name: python, options: {{virtualenv: {VENV}}}}}\n"

GADGET = """\
import sys
import pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider

class GadgetProvider(ResourceProvider):
    serialize_as_secret_always = False

    def create(self, props):
        return CreateResult("g-1", {"size": props["size"], "made_by": sys.prefix})

class Gadget(Resource, module="tiny", name="Gadget"):
    size: pulumi.Output[int]
    made_by: pulumi.Output[str]

    def __init__(self, name, size):
        super().__init__(GadgetProvider(), name, {"size": size, "made_by": None})
"""

PROGRAM = """\
import sys
import pulumi
from gadget import Gadget

config = pulumi.Config()
gadget = Gadget("gadget", config.require_int("size"))
pulumi.export("size", gadget.size)
pulumi.export("provider", gadget.made_by)
pulumi.export("key", config.require_secret("key"))
pulumi.export("program", sys.prefix)
"""

RULE = """\
from pulumi_policy import EnforcementLevel, ResourceValidationPolicy

def _small(args, report):
    if args.resource_type == "pulumi-python:dynamic/tiny:Gadget" and args.props["size"] > 3:
        report("this gadget is too big")

RULE = ResourceValidationPolicy("gadgets-small", "Gadgets are small.", _small, EnforcementLevel.MANDATORY)
"""

PACK = """\
from pulumi_policy import PolicyPack
from rule import RULE

PolicyPack("tiny", policies=[RULE])
"""

HANG = """\
import os
alive = open(os.environ["TELL"], "w")
print("up", file=alive, flush=True)
os.read(os.open(os.environ["NEVER"], os.O_RDWR), 1)
"""


@dataclass(frozen=True)
class Stack:
    """A project with a stack, a state and a home of its own."""

    folder: Path
    environ: dict[str, str]

    def write(self, **files: str) -> None:
        for name, text in files.items():
            (self.folder / f"{name}.py").write_text(text)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; its output and errors are one text."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def pulumi(self, *arguments: str, code: int = 0) -> str:
        done = self.run("pulumi", *arguments, "--non-interactive", "--color", "never")
        assert done.returncode == code, done.stdout
        return done.stdout


@pytest.fixture(scope="module")
def engine() -> Engine:
    return ensure_engine()


@pytest.fixture
def stack(engine: Engine, tmp_path: Path) -> Stack:
    for folder in ("project", "state"):
        (tmp_path / folder).mkdir()
    for pipe in ("alive", "never"):
        os.mkfifo(tmp_path / pipe)
    (tmp_path / "project" / "Pulumi.yaml").write_text(f"name: tiny\n{RUNTIME}")
    variables = {
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_BACKEND_URL": f"file://{tmp_path}/state",
        "PULUMI_CONFIG_PASSPHRASE": "tiny",
        "TELL": str(tmp_path / "alive"),
        "NEVER": str(tmp_path / "never"),
    }
    made = Stack(tmp_path / "project", engine_environment(engine, os.environ) | variables)
    made.pulumi("stack", "init", "dev")
    return made


@pytest.fixture
def gadgets(stack: Stack) -> Stack:
    stack.write(gadget=GADGET, __main__=PROGRAM)
    stack.pulumi("config", "set", "size", "3")
    stack.pulumi("config", "set", "--secret", "key", "hidden")
    return stack


def test_a_program_with_a_dynamic_provider_runs_on_the_projects_python(gadgets):
    output = gadgets.pulumi("up", "--yes")
    assert "dynamic/tiny:Gadget gadget created" in output
    assert "warning" not in output
    outputs = json.loads(gadgets.pulumi("stack", "output", "--json", "--show-secrets"))
    assert outputs == {"size": 3, "key": "hidden", "program": str(VENV), "provider": str(VENV)}
    gadgets.pulumi("preview", "--expect-no-changes")
    gadgets.pulumi("config", "set", "size", "4")
    gadgets.pulumi("preview", "--expect-no-changes", code=7)
    gadgets.pulumi("destroy", "--yes")


@pytest.fixture
def pack(tmp_path: Path) -> str:
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "PulumiPolicy.yaml").write_text(RUNTIME)
    (folder / "rule.py").write_text(RULE)
    (folder / "__main__.py").write_text(PACK)
    return str(folder)


def test_a_policy_pack_passes_what_is_right(gadgets, pack):
    assert "too big" not in gadgets.pulumi("preview", "--policy-pack", pack)


def test_a_policy_pack_stops_what_is_wrong(gadgets, pack):
    gadgets.pulumi("config", "set", "size", "4")
    output = gadgets.pulumi("preview", "--policy-pack", pack, code=1)
    assert output.count("this gadget is too big") == 1
    assert "Traceback" not in output


def test_the_error_of_a_program_is_shown_once(stack):
    stack.write(__main__="raise ValueError('rooms.csv has no rooms')\n")
    output = stack.pulumi("preview", code=1)
    _, diagnostics = output.split("Diagnostics:\n")
    assert diagnostics.count("error:") == 1
    assert diagnostics.count("rooms.csv has no rooms") == 2  # the line of source, and the error
    assert "language_host" not in output
    assert "pulumi-language-python" not in output
    assert "exit code" not in output


def test_a_program_that_has_told_its_error_ends_with_32_and_no_second_one(stack):
    stack.write(__main__="import sys, pulumi\npulumi.log.error('rooms.csv has no rooms')\nsys.exit(32)\n")
    _, diagnostics = stack.pulumi("preview", code=1).split("Diagnostics:\n")
    assert diagnostics.count("error:") == diagnostics.count("rooms.csv has no rooms") == 1


def test_a_virtual_environment_that_is_missing_is_one_line(stack):
    (stack.folder / "Pulumi.yaml").write_text(
        "name: tiny\nruntime: {name: python, options: {virtualenv: gone}}\n"
    )
    output = stack.pulumi("preview", code=1)
    assert output.count(f"{stack.folder}/gone") == 1
    assert "Traceback" not in output


def test_about_knows_the_python_and_the_plugins(stack):
    stack.write(__main__="")
    about = json.loads(stack.run("pulumi", "about", "--json").stdout)
    assert about["runtime"]["executable"] == str(VENV / "bin" / "python")
    assert "azuread" in {plugin["name"] for plugin in about["plugins"]}


@pytest.fixture
def hang(stack: Stack) -> Callable[..., tuple[subprocess.Popen[str], int]]:
    """A running update whose program never ends, and a pipe that closes when the program has ended."""

    def start(pass_fds: Sequence[int] = ()) -> tuple[subprocess.Popen[str], int]:
        stack.write(__main__=HANG)
        engine = subprocess.Popen(
            ["pulumi", "up", "--yes", "--non-interactive", "--color", "never"],
            cwd=stack.folder,
            env=stack.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            pass_fds=pass_fds,
        )
        alive = os.open(stack.environ["TELL"], os.O_RDONLY)
        assert os.read(alive, 3) == b"up\n"
        return engine, alive

    return start


def test_an_interrupted_update_ends_without_noise(hang, closes):
    engine, alive = hang()
    engine.send_signal(signal.SIGINT)
    output, _ = engine.communicate(timeout=60)
    assert engine.returncode == 1
    assert "canceled" in output
    assert "Traceback" not in output
    assert "KeyboardInterrupt" not in output
    assert closes(alive)
    os.close(alive)


def test_host_and_program_end_with_an_engine_that_is_killed(hang, closes):
    processes, held = os.pipe()
    engine, alive = hang(pass_fds=[held])
    os.close(held)
    engine.kill()
    assert closes(alive), "the program outlives its engine"
    assert closes(processes), "the language host outlives its engine"
    engine.communicate()
    for pipe in (alive, processes):
        os.close(pipe)
