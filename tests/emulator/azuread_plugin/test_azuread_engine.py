import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from emulator.azuread_plugin.graph import Graph
from toolchain.engine import engine_environment, ensure_engine

pytestmark = pytest.mark.engine

EXPECT_NONE = ("preview", "--expect-no-changes")
DRIFT = ("refresh", "--preview-only", "--expect-no-changes", "--diff")


@dataclass(frozen=True)
class Run:
    """One command: its exit code and everything it printed."""

    code: int
    output: str


class Stack:
    """The program's stack in a folder of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.environ = engine_environment(ensure_engine(), os.environ) | {
            "PULUMI_BACKEND_URL": f"file://{folder}",
            "PULUMI_CONFIG_PASSPHRASE": "rehearsal",
            "PULUMI_DEBUG_PROVIDERS": f"azuread:{port}",
            "PULUMI_HOME": str(folder / "home"),
        }
        runtime = {"name": "python", "options": {"virtualenv": sys.prefix}}
        project = {"name": "rooms", "runtime": runtime}
        (folder / "Pulumi.yaml").write_text(yaml.safe_dump(project))
        shutil.copy(Path(__file__).with_name("engine_program.py"), folder / "__main__.py")
        assert self.pulumi("stack", "init", "dev").code == 0

    def pulumi(self, *arguments: str) -> Run:
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive", "--color", "never"],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        run = Run(done.returncode, done.stdout + done.stderr)
        assert "Traceback" not in run.output
        return run

    def configure(self, **settings: str) -> None:
        pairs = [word for name, value in settings.items() for word in ("--plaintext", f"{name}={value}")]
        assert self.pulumi("config", "set-all", *pairs).code == 0

    def up(self, *arguments: str) -> str:
        run = self.pulumi("up", "--yes", "--skip-preview", "--diff", *arguments)
        assert run.code == 0, run.output
        return run.output

    def outputs(self) -> dict[str, Any]:
        return dict(json.loads(self.pulumi("stack", "output", "--json", "--show-secrets").output))

    def resources(self) -> list[dict[str, Any]]:
        return list(json.loads(self.pulumi("stack", "export").output)["deployment"]["resources"])


@pytest.fixture
def stack(tmp_path: Path, plugin_port: int) -> Stack:
    stack = Stack(tmp_path, plugin_port)
    stack.configure(name="Rooms", permissions="Calendars.ReadWrite", end="2099-01-01T00:00:00Z", period="1")
    return stack


def test_life_of_a_stack(stack: Stack, graph: Graph) -> None:
    preview = stack.pulumi("preview")
    assert preview.code == 0, preview.output
    assert "+ 5 to create" in preview.output  # the stack itself is one
    assert "+ 5 created" in stack.up()
    first = stack.outputs()
    assert stack.pulumi(*EXPECT_NONE).code == 0
    clean = stack.pulumi(*DRIFT)
    assert clean.code == 0, clean.output
    assert first["secret"] not in json.dumps(stack.resources())

    stack.configure(name="Rooms of Contoso", notes="plc:1a2b3c4d")
    assert stack.pulumi(*EXPECT_NONE).code == 7
    assert "~ 1 updated" in stack.up()
    assert graph.get(first["applicationId"])["displayName"] == "Rooms of Contoso"

    stack.configure(period="2")
    assert "+-1 replaced" in stack.up()
    second = stack.outputs()
    assert second["secret"] != first["secret"]
    assert [one["keyId"] for one in graph.get(first["applicationId"])["passwordCredentials"]] == [
        second["keyId"]
    ]
    stack.configure(permissions="Calendars.ReadWrite Place.Read.All")
    assert "+ 1 created" in stack.up()
    assert stack.pulumi(*EXPECT_NONE).code == 0

    destroyed = stack.pulumi("destroy", "--yes", "--skip-preview")
    assert destroyed.code == 0, destroyed.output
    assert "- 6 deleted" in destroyed.output
    assert graph.find(first["applicationId"]) is None


def test_drift_is_found_and_repaired(stack: Stack, graph: Graph) -> None:
    stack.up()
    application = stack.outputs()["applicationId"]
    consent = next(
        resource["id"] for resource in stack.resources() if resource["type"].endswith("AppRoleAssignment")
    )
    graph.patch(application, {"displayName": "Stolen"}, type_="application")
    graph.delete(consent)
    drift = stack.pulumi(*DRIFT)
    assert drift.code == 7, drift.output
    assert '"Rooms" => "Stolen"' in drift.output
    assert "- azuread:index/appRoleAssignment:AppRoleAssignment" in drift.output
    assert stack.pulumi(*EXPECT_NONE).code == 0, "a plain preview does not look"
    repaired = stack.up("--refresh")
    assert "+ 1 created" in repaired
    assert "~ 1 updated" in repaired
    assert graph.get(application)["displayName"] == "Rooms"
    assert stack.pulumi(*DRIFT).code == 0


def test_an_end_date_with_an_offset_never_settles(stack: Stack) -> None:
    stack.configure(end="2099-01-01T00:00:00+00:00")
    stack.up()
    preview = stack.pulumi("preview", "--diff")
    assert "+-1 to replace" in preview.output
    assert '"2099-01-01T00:00:00Z" => "2099-01-01T00:00:00+00:00"' in preview.output


def test_an_error_is_one_message(stack: Stack) -> None:
    stack.configure(end="tomorrow")
    run = stack.pulumi("preview")
    assert run.code != 0
    assert run.output.count('expected "end_date" to be a valid RFC3339 date, got "tomorrow"') <= 2
    assert "Examine values at 'rooms.endDate'" in run.output


def test_an_application_is_imported(stack: Stack, graph: Graph) -> None:
    made = graph.post("/applications", {"displayName": "By hand", "notes": "theirs"}, type_="application")
    run = stack.pulumi(
        "import",
        "azuread:index/application:Application",
        "found",
        f"/applications/{made['id']}",
        "--generate-code=false",
        "--yes",
        "--protect=false",
    )
    assert run.code == 0, run.output
    found = next(one for one in stack.resources() if one["urn"].endswith("::found"))
    assert found["inputs"]["displayName"] == "By hand"
    assert found["outputs"]["notes"] == "theirs"
