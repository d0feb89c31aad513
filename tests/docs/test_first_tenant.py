"""The README's section about a first real tenant, typed in a fresh clone against the emulated one."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deployer import deployer_from_environment
from emulator.server import EmulatedTenant
from graph.api import GraphApi
from tests.docs.commands import WALKED, blocks, section
from tests.docs.reader import Shell, copy_checkout, environment
from toolchain.engine import engine_environment, ensure_engine

TODAY = datetime(2027, 1, 4, 9, tzinfo=UTC)
"""Between two boundaries of the secrets' calendar; the deployer's secret outlives the next."""
OF_CONTOSO = {
    "example.com": "contoso.example",
    "workplace.lead@": "ada.ashby@",
    "ceo@": "bela.bauer@",
    "'azurekeyvault://example-vault.vault.azure.net/keys/pulumi'": "passphrase",
}
"""What a reader puts in the place of the document's values; the fixture and the walk add what they make."""
IN_PLACE = {
    "az login": "true",  # the administrator's ARM_* variables are there
    "make test": "true",  # it is what runs this
    "pulumi up": "pulumi up --yes",  # there is no terminal to say yes at
    "pulumi up --refresh": "pulumi up --refresh --yes",
    "pulumi destroy": "pulumi destroy --yes",
    "pulumi stack rm prod": "pulumi stack rm prod --yes",
}
"""What is typed for a command, where a test can't do as a person does."""
YOURS = re.compile(r"Pulumi\.(?!(dev|example)\.yaml).+\.yaml|rooms/.*")
"""The team's own files; this checkout may be a team's."""
RETIRED = "lon-01-effra@contoso.example"
EDITOR = f"sed -i /{RETIRED}/s/active/retired/"


@dataclass
class Team:
    """A team at its shell, in the section's order; `meant` is what it writes for the section's values."""

    tenant: EmulatedTenant
    shell: Shell
    upstream: Path
    meant: dict[str, str]
    ahead: Iterator[str] = field(default_factory=lambda: iter(blocks(section(WALKED), "sh")))

    def types(self, last: str, *, code: int = 0) -> str:
        """Type the next block, whose last command is `last` and ends with `code`; what it showed."""
        *before, final = next(self.ahead).splitlines()
        assert final == last, "the section goes another way than this test"
        return "".join(self._types(command, 0) for command in before) + self._types(final, code)

    def _types(self, command: str, code: int) -> str:
        typed = IN_PLACE.get(command, command)
        for written, meant in self.meant.items():
            typed = typed.replace(written, meant)
        done = self.shell.types(typed)
        assert done.code == code, f"{typed} ended with {done.code}\n{done.output}"
        assert "Traceback" not in done.output
        return done.output

    def waits(self, **time: float) -> None:
        """Time passes in the tenant."""
        self.tenant.clock.advance(timedelta(**time).total_seconds())

    def git(self, *arguments: str) -> str:
        """Ask git in the team's clone."""
        return git(self.shell.folder, *arguments)

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, secrets included."""
        return dict(json.loads(self.shell.types("pulumi stack output --json --show-secrets").output))


def git(folder: Path, *arguments: str) -> str:
    """Run git there."""
    return subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**environment(), **NAMED},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


NAMED = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    **{f"GIT_{who}_NAME": "Ada Ashby" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "ada.ashby@contoso.example" for who in ("AUTHOR", "COMMITTER")},
}


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    """An empty folder, this checkout as upstream, and an administrator of the tenant."""
    upstream, origin, state, desk = (tmp_path / name for name in ("upstream", "origin", "state", "desk"))
    copy_checkout(upstream, without=YOURS)
    for arguments in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "feat: all of it"]):
        git(upstream, *arguments)
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "origin")
    state.mkdir()
    desk.mkdir()
    with EmulatedTenant(state=tmp_path / "tenant.sqlite") as tenant:
        tenant.clock.start_at(TODAY)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tenant.ca_bundle))
        base = {**environment(), **tenant.environment_of("Tenant Administrator"), **NAMED}
        variables = {
            **engine_environment(ensure_engine(), base),
            "EDITOR": EDITOR,
            "PULUMI_HOME": str(tmp_path / "home"),
            "PULUMI_CONFIG_PASSPHRASE": "rehearsal",
        }
        made = {
            "https://github.com/OWNER/placeos-m365.git": str(upstream),
            "git@github.com:YOU/placeos-rooms.git": str(origin),
            "azblob://pulumi-state?storage_account=examplestate": f"file://{state}",
            "00000000-0000-0000-0000-000000000000": tenant.tenant.id,
        }
        yield Team(tenant, Shell(variables, desk, tmp_path / "kept"), upstream, OF_CONTOSO | made)


@pytest.mark.engine
@pytest.mark.timeout(900)
def test_a_team_goes_from_the_clone_to_the_end(team):
    team.types(". .venv/bin/activate")
    becomes_the_deployer(team)
    team.types(
        "pulumi stack init prod --secrets-provider='azurekeyvault://example-vault.vault.azure.net/keys/pulumi'"
    )
    team.types("git push")
    assert "example.com" not in values_of(team.git("show", "origin/main:Pulumi.prod.yaml"))
    waiting = team.types("pulumi up", code=1)
    assert "WAITING for Microsoft Graph to enforce the access policy" in waiting
    team.waits(hours=1)
    team.types("pulumi up")
    assert "48 rooms are in the scope" in team.types(
        "pulumi stack output placeosCalendarConfig --show-secrets"
    )
    lives(team)
    upgrades(team)
    ends(team)
    assert not list(team.ahead), "nothing of the section is left out"


def becomes_the_deployer(team: Team) -> None:
    """By the administrator's command, and then signed in as it."""
    administrator = team.shell.environment["ARM_CLIENT_ID"]
    command = "roomctl create-deployer --application-owners --secret-file ../deployer.env"
    assert "Nothing was done" in team.types(f"{command} --dry-run", code=7)
    team.types(". ../deployer.env")
    assert team.shell.environment["ARM_CLIENT_ID"] != administrator


def lives(team: Team) -> None:
    """A quiet night, a rotation, a room that goes, and a run that nobody killed."""
    blind = team.types("roomctl drift", code=1)
    assert "nothing was found, and" in blind
    assert "Directory.Read.All" in blind, "and nothing else is missing"
    before = team.outputs()
    team.waits(days=85)
    assert datetime.fromisoformat(before["nextRotation"]) < team.tenant.clock.now()
    team.types("pulumi up --refresh")
    assert team.outputs()["clientSecret"] != before["clientSecret"]
    team.types("git push")
    assert "retired" in team.git("show", "origin/main:rooms/prod/rooms.csv")
    assert team.outputs()["configuredAccess"]["rooms"] == 47
    assert "Nothing of" in team.types("roomctl recover")


def upgrades(team: Team) -> None:
    """Upstream changes the product; the team's files stay as they are, and so does the tenant."""
    for name in ("settings/__init__.py", "Pulumi.example.yaml", "examples/contoso/rooms.csv", "README.md"):
        with (team.upstream / name).open("a") as file:
            file.write("\n")
    git(team.upstream, "commit", "-q", "-a", "-m", "feat: something new")
    before = team.git("rev-parse", "HEAD").strip()
    team.types("git push")
    merged = team.git("diff", "--name-only", f"{before}..origin/main").splitlines()
    assert "settings/__init__.py" in merged
    assert not [name for name in merged if YOURS.fullmatch(name)]
    assert team.git("status", "--porcelain") == "", "nothing of a run lies about in the repository"


def ends(team: Team) -> None:
    """Destroy, the application's end in Entra, and the end of what was kept until then."""
    gone = team.types("pulumi destroy")
    [(mark, address)] = set(re.findall(r"roomctl finish-destroy (plc:\w+) --group (\S+)", gone))
    team.meant["plc:1a2b3c4d"] = mark
    administrator = deployer_from_environment(team.tenant.environment_of("Tenant Administrator"))
    graph = GraphApi(administrator.credential, administrator.cloud, administrator.clock)
    for one in graph.list("/v1.0/directory/deletedItems/microsoft.graph.application"):
        graph.delete(f"/v1.0/directory/deletedItems/{one['id']}")
    team.types("pulumi stack rm prod")
    assert not [one for one in team.tenant.store.all("recipient") if address in one.values()]
    assert team.git("status", "--porcelain") == " D Pulumi.prod.yaml\n"


def values_of(settings: str) -> str:
    """A stack's file without its comments."""
    return "\n".join(line.partition("#")[0] for line in settings.splitlines())
