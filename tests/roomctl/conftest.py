"""An emulated tenant for the operator's commands, and a stack that died in it."""

import json
import os
import stat
import subprocess
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import permissions
from graph import applications
from graph.api import Document
from graph.service_principals import find_service_principal
from marks import mark_of
from roomctl import entra_resources as entra
from roomctl.leftovers import Declared, Leftovers, leftovers
from roomctl.recorded_stack import Pending, RecordedStack
from roomctl.stack_lock import Lock
from roomctl.way_back import way_back
from tests.emulated import Emulated, emulated
from tests.in_process import roomctl

__all__ = ["emulated"]
NAME = "organization/placeos-m365/dev"
MARK = mark_of(NAME)
ADDRESS = "placeos-rooms@contoso.example"

# Answers as Pulumi does, from a folder that a test fills.
_PULUMI = """#!/bin/sh
case "$1 $2" in
  "stack --show-name") file=name ;;
  "stack export") file=export.json ;;
  "stack output") file=outputs.json ;;
  "whoami --verbose") file=whoami.json ;;
  "config --json") file=config.json ;;
  *) echo "unexpected: $*" >&2; exit 255 ;;
esac
cat "$(dirname "$0")/$file"
"""


@dataclass
class Scene:
    """A tenant, and what the state of the stack knows of it."""

    emulated: Emulated
    folder: Path
    resources: list[dict[str, Any]] = field(default_factory=list)
    pending: list[dict[str, Any]] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)

    def application(self, *, name: str = "PlaceOS", mark: str = MARK) -> Document:
        """An application in the tenant."""
        notes = f"Managed by Pulumi. {mark}"
        return self.emulated.graph.post("/v1.0/applications", {"displayName": name, "notes": notes})

    def principal(self, application: Document) -> Document:
        """Its service principal in the tenant."""
        return self.emulated.graph.post("/v1.0/servicePrincipals", {"appId": application["appId"]})

    def grant(self, principal: Document, role_id: str, resource: str = permissions.GRAPH_APP_ID) -> str:
        """A consent in the tenant; the id by which azuread imports it."""
        service = find_service_principal(self.emulated.graph, resource)
        path = f"/servicePrincipals/{service}/appRoleAssignedTo"
        body = {"principalId": principal["id"], "resourceId": service, "appRoleId": role_id}
        return f"{path}/{self.emulated.graph.post(f'/v1.0{path}', body)['id']}"

    def secret(self, application: Document, name: str) -> str:
        """A credential in the tenant; its key id."""
        ends = self.emulated.deployer.clock.now() + timedelta(days=90)
        made = applications.add_password(self.emulated.graph, application["id"], display_name=name, ends=ends)
        return made.key_id

    def knows(
        self, kind: str, id_: str, urn: str = "urn:pulumi:dev::placeos-m365::x::x", **outputs: Any
    ) -> None:
        """The state holds this."""
        self.resources.append({"type": kind, "id": id_, "urn": urn, "outputs": outputs})

    def knows_secret(self, application: Document, slot: int, key_id: str, number: int | None) -> None:
        """The state holds this client secret in a slot; an imported one has no number."""
        self.knows(
            entra.SECRET_TYPE,
            f"{application['id']}/password/{key_id}",
            f"urn:pulumi:dev::placeos-m365::{entra.SECRET_TYPE}::placeos-secret-slot-{slot}",
            applicationId=f"/applications/{application['id']}",
            keyId=key_id,
            rotateWhenChanged=None if number is None else {"number": str(number)},
        )

    def ran(self, **outputs: str) -> None:
        """The stack has these outputs since its last run; after a failed one it may have none."""
        urn = "urn:pulumi:dev::placeos-m365::pulumi:pulumi:Stack::placeos-m365-dev"
        self.resources = [one for one in self.resources if one["urn"] != urn]
        self.knows("pulumi:pulumi:Stack", "", urn, **outputs)

    def finds(self) -> Leftovers:
        return leftovers(self.stack, self.emulated.graph, self.emulated.exchange, Declared(ADDRESS))

    def commands(self, *locks: Lock) -> list[str]:
        return [step.command for step in way_back(self.stack, list(locks), self.finds())]

    @property
    def stack(self) -> RecordedStack:
        ids: dict[str, set[str]] = {}
        for one in self.resources:
            ids.setdefault(one["type"], set()).add(one["id"])
        return RecordedStack(
            name=NAME,
            called="dev",
            ids={kind: frozenset(found) for kind, found in ids.items()},
            urns=frozenset(one["urn"] for one in self.resources),
            pending=tuple(Pending(one["type"], one["resource"]["urn"]) for one in self.pending),
        )

    def roomctl(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the command with a Pulumi that tells this scene's state."""
        self.is_told()
        return self.again(*arguments, **variables)

    def is_told(self) -> None:
        """Pulumi tells this scene's state from now on."""
        deployment = {"resources": self.resources, "pending_operations": self.pending}
        self.tells("name", NAME)
        self.tells("export.json", json.dumps({"version": 3, "deployment": deployment}))
        self.tells("whoami.json", json.dumps({"user": "ada", "url": f"file://{self.folder}"}))
        settings = {"roomGroupAddress": ADDRESS, **self.settings}
        config = {f"placeos-m365:{key}": {"value": value} for key, value in settings.items()}
        self.tells("config.json", json.dumps(config))

    def again(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the command with a Pulumi that tells what it told."""
        return roomctl(*arguments, variables={"PATH": self.path, **variables})

    @property
    def path(self) -> str:
        """PATH, with this scene's Pulumi first."""
        return f"{self.folder}{os.pathsep}{os.environ['PATH']}"

    def tells(self, file: str, text: str) -> None:
        (self.folder / file).write_text(text)

    def locked(self, process: int, host: str) -> None:
        """A run's lock in the file backend."""
        folder = self.folder / ".pulumi/locks" / NAME
        folder.mkdir(parents=True)
        lock = {"pid": process, "username": "ada", "hostname": host, "timestamp": "2026-11-21T14:06:17Z"}
        (folder / "079c3803.json").write_text(json.dumps(lock))
        (folder / "079c3803.json.attrs").write_text("{}")


@pytest.fixture
def scene(emulated: Emulated, tmp_path: Path) -> Scene:
    pulumi = tmp_path / "pulumi"
    pulumi.write_text(_PULUMI)
    pulumi.chmod(pulumi.stat().st_mode | stat.S_IXUSR)
    return Scene(emulated, tmp_path)
