"""The real engine on a stack of its own against an emulated tenant of its own."""

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from deployer import Deployer, client_secret_credential, deployer_from_environment
from emulator.server import EmulatedTenant
from emulator.stand_ins import StandIns
from exchange.admin_api import ExchangeAdmin
from graph.api import GraphApi
from roomctl.emulate import AzureadPlugin
from toolchain.engine import engine_environment, ensure_engine
from wire import NotAuthorised

ROOT = Path(__file__).parents[2]
PROJECT = "placeos-m365"

_BROUGHT_UP = ("tenant.sqlite", "Pulumi.rehearsal.yaml")
"""With the state, all that a rehearsal leaves: ports and certificates are new each time."""

INSIDE, OUTSIDE = "lon-01-effra@contoso.example", "ada.ashby@contoso.example"
"""A room of the inventory, and a person."""

brought_up = pytest.mark.parametrize("rehearsal", ["brought up"], indirect=True)
"""For a test whose story begins after the first `up`, which most then share: it takes the longest."""


def opens(placeos: GraphApi, mailbox: str) -> bool:
    """Whether Microsoft Graph lets PlaceOS read the mailbox's calendar."""
    try:
        placeos.get(f"/v1.0/users/{mailbox}/events", {"$select": "id"})
    except NotAuthorised:
        return False
    return True


@dataclass(frozen=True)
class Run:
    """One command of the engine: its exit code and everything it printed."""

    code: int
    output: str


@dataclass
class Rehearsal:
    """A stack, its settings and the tenant it is brought up in."""

    tenant: EmulatedTenant
    folder: Path
    environment: dict[str, str]
    settings: dict[str, Any] = field(default_factory=dict)

    def configure(self, **settings: Any) -> None:
        """Change settings; None takes one away."""
        self.settings = {
            key: value for key, value in {**self.settings, **settings}.items() if value is not None
        }

    def pulumi(self, *arguments: str) -> Run:
        """Run the engine in the project, with this stack's settings file."""
        config = self.folder / "Pulumi.rehearsal.yaml"
        salt = yaml.safe_load(config.read_text()).get("encryptionsalt") if config.exists() else None
        document: dict[str, Any] = {
            "config": {f"{PROJECT}:{key}": value for key, value in self.settings.items()}
        }
        if salt:
            document["encryptionsalt"] = salt
        config.write_text(yaml.safe_dump(document))
        takes_config = arguments[0] in {"up", "preview", "refresh", "destroy", "config"}
        # The others write the stack's file beside Pulumi.yaml, so they get a folder with one of its own.
        folder, extra = (ROOT, ["--config-file", str(config)]) if takes_config else (self.folder, [])
        done = subprocess.run(
            ["pulumi", *arguments, "--stack", "rehearsal", "--non-interactive", "--color", "never", *extra],
            cwd=folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if "--show-secrets" not in arguments:
            self._keep(done.stdout + done.stderr)
        return Run(done.returncode, done.stdout + done.stderr)

    def _keep(self, printed: str) -> None:
        """As a pipeline keeps its log; tests/left_secrets.py reads it."""
        with (self.folder / "printed.log").open("a", encoding="utf-8") as log:
            log.write(printed)

    @contextmanager
    def run_by(self, identity: Mapping[str, str]) -> Iterator[None]:
        """Another identity runs the engine as long as it lasts; these are its variables, ARM_* and so on."""
        own = self.environment
        base = {name: value for name, value in own.items() if not name.startswith("ARM_")} | dict(identity)
        with _stand_ins(base) if "PULUMI_DEBUG_PROVIDERS" in own else nullcontext(base) as environment:
            self.environment = environment
            try:
                yield
            finally:
                self.environment = own

    def up(self, *arguments: str) -> Run:
        """Bring the stack up without asking."""
        return self.pulumi("up", "--yes", "--skip-preview", *arguments)

    def rotate(self, *arguments: str) -> Run:
        """Rotate the client secrets as the scheduled workflow does."""
        jobs = yaml.safe_load((ROOT / ".github/workflows/rotate.yml").read_text())["jobs"]
        [command] = [one["run"] for one in jobs["rotate"]["steps"] if "pulumi" in one.get("run", "")]
        words = shlex.split(command)
        assert words[:2] == ["pulumi", "up"], command
        return self.up(
            *(word for pair in pairwise(words) if pair[0] == "--target" for word in pair), *arguments
        )

    def drift(self) -> Run:
        """Ask for drift as CI does: 0 clean, 7 drift, 1 could not look."""
        return self.pulumi("refresh", "--preview-only", "--expect-no-changes", "--diff")

    def destroy(self) -> Run:
        """Destroy the stack without asking."""
        return self.pulumi("destroy", "--yes", "--skip-preview")

    def outputs(self, *, secrets: bool = False) -> dict[str, Any]:
        """The stack's outputs."""
        done = self.pulumi("stack", "output", "--json", *(["--show-secrets"] if secrets else []))
        assert done.code == 0, done.output
        return dict(json.loads(done.output))

    def resources(self) -> list[dict[str, Any]]:
        """The resources in the state, as the engine keeps it and `pulumi stack export` shows it."""
        state = self.folder / f"state/.pulumi/stacks/{PROJECT}/rehearsal.json"
        return list((json.loads(state.read_text())["checkpoint"].get("latest") or {}).get("resources", []))

    @property
    def exchange(self) -> ExchangeAdmin:
        """An administrator at Exchange's cmdlets, beside the code."""
        return ExchangeAdmin(self._administrator)

    @property
    def graph(self) -> GraphApi:
        """An administrator at Microsoft Graph, beside the code."""
        administrator = self._administrator
        return GraphApi(administrator.credential, administrator.cloud, administrator.clock)

    @property
    def _administrator(self) -> Deployer:
        return deployer_from_environment(self.tenant.environment_of("Tenant Administrator"))

    def as_placeos(self, outputs: dict[str, Any]) -> GraphApi:
        """PlaceOS with these outputs, secrets included, and a token of this moment, which it keeps."""
        deployer = deployer_from_environment(self.tenant.environment)
        credential = client_secret_credential(
            deployer.tenant_id, outputs["clientId"], outputs["clientSecret"], deployer.cloud, deployer.clock
        )
        placeos = GraphApi(credential, deployer.cloud, deployer.clock)
        opens(placeos, INSIDE)
        return placeos

    def requests(self, after: int = 0) -> list[dict[str, Any]]:
        """The tenant's request log."""
        return self.tenant.store.logged(after)


@contextmanager
def rehearsing(
    folder: Path,
    tenant_file: Path | None = None,
    latency: float = 0.0,
    azuread_plugin: AzureadPlugin = AzureadPlugin.STANDIN,
    environment_of: Callable[[EmulatedTenant], dict[str, str]] = lambda tenant: tenant.environment,
    *,
    brought_up: Path | None = None,
) -> Iterator[Rehearsal]:
    """A fresh tenant (contoso, or the one of a file) and an empty stack with the smallest valid settings.

    `latency` is how long each call is on its way, in seconds. With the plugin `own` the engine uses the
    azuread plugin that it finds on PATH or among the installed ones. `environment_of` is who deploys: by
    default the tenant's deployer, with its secret. `brought_up` is the folder of a rehearsal that is over:
    this one begins with a copy of its tenant and its stack.
    """
    if brought_up is not None:
        for name in _BROUGHT_UP:
            shutil.copy(brought_up / name, folder)
        shutil.copytree(brought_up / "state", folder / "state")
    state = folder / "tenant.sqlite"
    with (
        EmulatedTenant(tenant_file, state, latency=latency) as tenant,
        _azuread(azuread_plugin, {**os.environ, **environment_of(tenant)}, folder / "home") as base,
    ):
        for name in ("state", "tmp"):
            (folder / name).mkdir(exist_ok=True)
        shutil.copy(ROOT / "Pulumi.yaml", folder)
        environment = {
            **engine_environment(ensure_engine(), base),
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{folder}/state",
            "PULUMI_CONFIG_PASSPHRASE": "rehearsal",
            "GOGC": "400",  # a command lives for seconds: less is collected than it would take
            "TMPDIR": str(folder / "tmp"),  # what is left there is found with the rest of the folder
        }
        made = Rehearsal(tenant, folder, environment)
        made.configure(
            inventory=str(ROOT / "examples/contoso/rooms.csv"),
            mailboxAccess="applicationAccessPolicy",
            roomGroupAddress="placeosroombooking@contoso.example",
            roomGroupOwner="exchange.admin@contoso.example",
            rotationAnchor="2026-01-01",
            enforcementWaitMinutes=180,
            protect=False,
        )
        if brought_up is None:
            _begin(made)
        yield made


_new_stack: dict[Path, bytes] = {}
"""The files of a stack that was just made; once a process, since the engine derives its key for a second."""


def _begin(made: Rehearsal) -> None:
    """Make the stack."""
    for name, content in _new_stack.items():
        (made.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (made.folder / name).write_bytes(content)
    if _new_stack:
        return
    created = made.pulumi("stack", "init")
    assert created.code == 0, created.output
    files = [made.folder / "Pulumi.rehearsal.yaml", *(made.folder / "state").rglob("*")]
    _new_stack.update((one.relative_to(made.folder), one.read_bytes()) for one in files if one.is_file())


@contextmanager
def _azuread(which: AzureadPlugin, base: dict[str, str], home: Path) -> Iterator[dict[str, str]]:
    """The environment in which the engine uses that plugin; `home` is the engine's, and new."""
    if which is AzureadPlugin.OWN:
        yield _installed(base, home)
        return
    with _stand_ins(base) as environment:
        yield environment


@contextmanager
def _stand_ins(base: dict[str, str]) -> Iterator[dict[str, str]]:
    stand_ins = StandIns({**base, "STANDIN_POLL_SECONDS": "0"})
    try:
        yield {**base, "PULUMI_DEBUG_PROVIDERS": stand_ins.start()}
    finally:
        stand_ins.stop()


def _installed(base: dict[str, str], home: Path) -> dict[str, str]:
    """Nothing is attached, and the new home has the plugins that are installed on this machine."""
    home.mkdir()
    plugins = installed_plugins()
    if plugins.is_dir():
        (home / "plugins").symlink_to(plugins)
    return {name: value for name, value in base.items() if name != "PULUMI_DEBUG_PROVIDERS"}


def installed_plugins() -> Path:
    """Where `pulumi plugin install` puts plugins on this machine."""
    return Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi") / "plugins"
