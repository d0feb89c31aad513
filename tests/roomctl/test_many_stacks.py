"""`--stacks`: three customers, each with a tenant of its own, and what goes wrong with one of them."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from emulator.server import EmulatedTenant
from emulator.tenants import CONTOSO
from roomctl.stack_of_many import Asked, StackAnswer, answer_of
from tests.emulated import trusted_alone
from tests.in_process import roomctl
from tests.prerequisites.conftest import GOOD

STACKS = ("prod-contoso", "prod-fabrikam", "prod-northwind")

# Answers as Pulumi does, from a folder a stack; a file with a command's name is run in place of an answer.
_PULUMI = """#!/bin/sh
here=$(dirname "$0")
command=$1-$2
while [ $# -gt 0 ]; do
  if [ "$1" = --stack ]; then stack=$2; fi
  shift
done
[ "$command" != stack-ls ] || exec cat "$here/ls.json"
[ ! -e "$here/$stack/$command.sh" ] || exec sh "$here/$stack/$command.sh"
exec cat "$here/$stack/$command"
"""


@dataclass
class Office:
    """An integrator's project: a backend with stacks, and the file of each stack's variables."""

    folder: Path
    tenants: dict[str, EmulatedTenant] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    def adds(self, stack: str, tenant: EmulatedTenant) -> None:
        """A customer whose stack was never brought up; its secret is only referred to."""
        company = stack.removeprefix("prod-")
        self.tenants[stack] = tenant
        (self.folder / stack).mkdir()
        self.tells(stack, "stack---show-name", f"organization/placeos-m365/{stack}")
        self.tells(stack, "stack-export", '{"version": 3, "deployment": {}}')
        self.sets(stack, self.settings(stack))
        own = tenant.environment
        self.secrets[f"SECRET_OF_{company.upper()}"] = own.pop("ARM_CLIENT_SECRET")
        lines = [f"{name}='{value}'\n" for name, value in own.items()]
        file = self.folder / f"environments/{stack}.env"
        file.write_text("".join([*lines, f"ARM_CLIENT_SECRET=${{SECRET_OF_{company.upper()}}}\n"]))

    def tells(self, stack: str, what: str, text: str) -> None:
        (self.folder / stack / what).write_text(text)

    def settings(self, stack: str) -> dict[str, Any]:
        """What nothing is in the way of in the stack's tenant."""
        return dict(json.loads(json.dumps(GOOD).replace("contoso", stack.removeprefix("prod-"))))

    def sets(self, stack: str, settings: dict[str, Any]) -> None:
        config = {
            f"placeos-m365:{key}": {"value": value if isinstance(value, str) else json.dumps(value)}
            for key, value in settings.items()
        }
        self.tells(stack, "config---json", json.dumps(config))

    @property
    def variables(self) -> dict[str, str]:
        """What the integrator has set: the secrets, and an identity that is nobody's of these."""
        path = f"{self.folder}{os.pathsep}{os.environ['PATH']}"
        return {"PATH": path, "ARM_CLIENT_ID": "caller", "ARM_CLIENT_SECRET": "caller", **self.secrets}

    def runs(self, *arguments: str) -> tuple[int, str]:
        """The exit code, and what was printed; it says everything on standard output."""
        done = roomctl(*arguments, variables=self.variables, folder=self.folder)
        assert done.stderr == "", done.stderr
        assert "Traceback" not in done.stdout
        for secret in self.secrets.values():
            assert secret not in done.stdout
        return done.returncode, done.stdout

    def answers(self, stack: str, command: str = "preflight", seconds: float = 600) -> StackAnswer:
        """What comes of one stack."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.variables.items():
                patch.setenv(name, value)
            asked = Asked(command, (), self.folder / "environments", seconds)
            return asyncio.run(answer_of(stack, asked, os.environ))

    def was_asked(self, stack: str) -> bool:
        """Whether the stack's tenant has heard of anybody."""
        return bool(self.tenants[stack].store.logged())


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    pulumi = tmp_path / "pulumi"
    pulumi.write_text(_PULUMI)
    pulumi.chmod(0o755)
    (tmp_path / "environments").mkdir()
    names = ["test-contoso", *reversed(STACKS)]
    (tmp_path / "ls.json").write_text(json.dumps([{"name": name, "current": False} for name in names]))
    made = Office(tmp_path)
    with ExitStack() as open_:
        for stack in STACKS:
            company = stack.removeprefix("prod-")
            file = tmp_path / f"{company}.yaml"
            text = CONTOSO.read_text().replace("contoso", company).replace("Contoso", company.title())
            file.write_text(text)
            made.adds(stack, open_.enter_context(trusted_alone(EmulatedTenant(file))))
        yield made


def test_a_line_a_stack_by_name_and_a_total_whatever_fails(office: Office) -> None:
    fabrikam = office.settings("prod-fabrikam")
    office.sets("prod-fabrikam", fabrikam | {"roomGroupOwner": "nobody@fabrikam.example"})
    office.tells("prod-northwind", "config---json.sh", "kill -KILL $PPID")
    code, said = office.runs("preflight", "--stacks", "prod-*", "--at-once", "2")
    assert code == 7
    contoso, fabrikam_, northwind, blank, total = said.splitlines()
    assert contoso == "prod-contoso    Contoso                               0  nothing is in the way"
    assert fabrikam_.startswith("prod-fabrikam   Fabrikam ")
    assert "  7  1 in the way: roomGroupOwner" in fabrikam_
    assert northwind.startswith(f"prod-northwind  {office.tenants['prod-northwind'].tenant.id}  1  ")
    assert northwind.endswith("  it was ended by SIGKILL")
    assert blank == ""
    assert total == (
        "3 stacks: 1 fine, 1 found something (prod-fabrikam), 1 could not look (prod-northwind)."
    )


def test_one_document_with_every_stacks_own_and_the_options_go_to_each(office: Office) -> None:
    (office.folder / "environments/prod-northwind.env").unlink()
    code, said = office.runs("preflight", "--role", "read", "--stacks", "prod-[!c]*", "--json")
    assert code == 1
    document = json.loads(said)
    assert (document["command"], document["exitCode"]) == ("preflight", 1)
    fabrikam, northwind = document["stacks"]
    assert (fabrikam["stack"], fabrikam["exitCode"]) == ("prod-fabrikam", 0)
    where = {"id": office.tenants["prod-fabrikam"].tenant.id, "name": "Fabrikam"}
    assert fabrikam["tenant"] == fabrikam["answer"]["tenant"] == where
    assert fabrikam["answer"]["stack"] == "organization/placeos-m365/prod-fabrikam"
    assert "AppRoleAssignment.ReadWrite.All" not in str(fabrikam["answer"]["rows"]), (
        "no right to read needs it"
    )
    assert (northwind["exitCode"], northwind["answer"]) == (1, None)
    assert northwind["summary"].startswith("There is no environments/prod-northwind.env")
    assert not office.was_asked("prod-contoso")
    assert not office.was_asked("prod-northwind")


def test_a_review_that_signs_in_nowhere_needs_no_variables(office: Office) -> None:
    (office.folder / "environments/prod-contoso.env").unlink()
    code, said = office.runs("review", "--stacks", "prod-contoso", "--emulated")
    assert code == 1
    assert said.startswith("prod-contoso  -  1  There is no ")
    assert "/Pulumi.prod-contoso.yaml. Name a stack that has a file" in said


def test_another_stacks_variables_are_noticed_before_anybody_is_asked(office: Office) -> None:
    recorded = office.tenants["prod-contoso"].tenant.id
    stack = {"type": "pulumi:pulumi:Stack", "outputs": {"tenantId": recorded}}
    office.tells("prod-fabrikam", "stack-export", json.dumps({"deployment": {"resources": [stack]}}))
    answer = office.answers("prod-fabrikam")
    assert (answer.code, answer.answer) == (1, None)
    assert answer.words.startswith(f"it was brought up in the tenant {recorded}, and ")
    assert "are these another stack's variables?" in answer.words
    assert not office.was_asked("prod-fabrikam")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ({"stack-export": "echo 'error: no passphrase' >&2; exit 255"}, "no passphrase"),
        ({"stack-export": "echo nothing"}, "`pulumi stack export --stack …` did not answer JSON."),
        ({"stack-export": "echo []"}, "This is a fault of ours."),
        ({"config---json": "echo 'error: locked' >&2; echo by ada >&2; exit 255"}, "locked by ada"),
        ({"config---json": "echo '{'"}, "`pulumi config --json --show-secrets` did not answer JSON."),
    ],
)
def test_the_reason_is_the_commands_own(office: Office, script: dict[str, str], words: str) -> None:
    for what, text in script.items():
        office.tells("prod-contoso", f"{what}.sh", text)
    answer = office.answers("prod-contoso")
    assert answer.code == 1
    assert words in answer.words


def test_a_stack_that_hangs_is_ended(office: Office) -> None:
    os.mkfifo(office.folder / "never")
    office.tells("prod-contoso", "stack-export.sh", f"read line < {office.folder}/never")
    answer = office.answers("prod-contoso", seconds=0.6)
    assert (answer.code, answer.words) == (1, "it did not end within 0.01 minutes, and was ended")


@pytest.mark.parametrize(
    ("command", "usual", "minutes"),
    [
        (["verify"], "_USUAL", "0.01"),
        (["verify", "--wait", "1s"], "_USUAL", "0.0266667"),
        (["drift", "--every-mailbox"], "_EVERY_MAILBOX", "0.01"),
    ],
)
def test_it_may_take_as_long_as_it_is_told_to_wait(
    office: Office, monkeypatch: pytest.MonkeyPatch, command: list[str], usual: str, minutes: str
) -> None:
    """And longer where every mailbox is asked about; one that hangs still ends."""
    monkeypatch.setattr(f"roomctl.many_stacks.{usual}", timedelta(seconds=0.6))
    os.mkfifo(office.folder / "never")
    office.tells("prod-contoso", "stack-export.sh", f"read line < {office.folder}/never")
    code, said = office.runs(*command, "--stacks", "prod-contoso")
    assert code == 1
    assert f"it did not end within {minutes} minutes, and was ended" in said


def test_a_wait_that_is_none_is_told_before_any_stack_is_asked(office: Office) -> None:
    told = roomctl(
        "verify", "--wait", "soon", "--stacks", "prod-*", variables=office.variables, folder=office.folder
    )
    assert told.returncode == 64
    assert "'soon' is no duration" in told.stderr
    assert not office.was_asked("prod-contoso")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_every_command_that_runs(office: Office, number: signal.Signals, code: int) -> None:
    os.mkfifo(office.folder / "waits")
    waits = f"trap 'touch {office.folder}/$$.ended; exit 0' TERM; echo $$ > {office.folder}/waits; "
    for stack in STACKS[:2]:
        os.mkfifo(office.folder / stack / "never")
        # A shell hears a signal when what it waits for is in the background.
        waiting = f"cat {office.folder}/{stack}/never & wait"
        office.tells(stack, "config---json.sh", waits + waiting)
    process = subprocess.Popen(
        [sys.executable, "-m", "roomctl", "preflight", "--stacks", "prod-[cf]*"],
        cwd=office.folder, env=os.environ | office.variables, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    pids: list[str] = []
    while len(pids) < 2:
        pids += (office.folder / "waits").read_text().split()
    process.send_signal(number)
    assert process.wait() == code
    assert "Traceback" not in process.communicate()[1]
    assert {one.stem for one in office.folder.glob("*.ended")} == set(pids)


def test_a_stack_that_has_variables_and_is_in_no_backend_is_not_left_out(office: Office) -> None:
    listed = json.loads((office.folder / "ls.json").read_text())
    gone = [one for one in listed if not one["name"].endswith("prod-contoso")]
    (office.folder / "ls.json").write_text(json.dumps(gone))
    (office.folder / "prod-contoso" / "stack-export").unlink()
    code, said = office.runs("preflight", "--stacks", "prod-contoso")
    assert code == 1
    assert "1 stack: 0 fine, 1 could not look (prod-contoso)." in " ".join(said.split())


def test_no_stack_of_that_name(office: Office) -> None:
    done = roomctl("preflight", "--stacks", "prd-contoso", variables=office.variables, folder=office.folder)
    assert done.returncode == 64
    assert "no stack matches prd-contoso: the nearest names are prod-contoso, " in done.stderr
    (office.folder / "ls.json").write_text("[]")
    done = roomctl("review", "--emulated", "--stacks", "*", variables=office.variables, folder=office.folder)
    assert done.returncode == 64
    assert "no stack matches *: the project has none in this backend" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("preflight", "--at-once", "2"), "--at-once goes with --stacks"),
        (("review", "--environments", "here"), "--environments goes with --stacks"),
        (("preflight", "--stacks", "*", "--stack", "x"), "--stack is about one stack"),
        (("preflight", "--stacks", "*", "--markdown"), "--markdown is about one stack"),
        (("review", "--stacks", "*", "--sarif", "x"), "--sarif is about one stack"),
        (("review", "--stacks", "*", "--check-catalogue"), "--check-catalogue is about one stack"),
        (("review", "--stacks", "*", "--at-once", "0"), "greater than or equal to 1"),
    ],
)
def test_options_that_say_two_things(arguments: tuple[str, ...], said: str) -> None:
    done = roomctl(*arguments, variables={})
    assert done.returncode == 64
    assert said in done.stderr
