"""A stack from its first `up` to `destroy`, and what the azuread plugin asked of the tenant meanwhile."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from roomctl.emulate import AzureadPlugin
from tests.engine.plugin_comparison.conversation import Conversation, conversation, known_objects
from tests.engine.rehearsal import Rehearsal, Run, rehearsing

_DRIFT = 7
_OWNERS = ["ada.ashby@contoso.example", "ada.bauer@contoso.example"]


@dataclass(frozen=True)
class Operation:
    """One command of the engine: how it ended, and what the plugin said to the tenant."""

    name: str
    run: Run
    expected: int
    said: Conversation


@dataclass(frozen=True)
class Step:
    """A command, what is done before it, and how it should end."""

    name: str
    run: Callable[[Rehearsal], Run]
    prepare: Callable[[Rehearsal], None] = lambda rehearsal: None
    expected: int = 0


def live(folder: Path, plugin: AzureadPlugin, steps: Sequence[Step]) -> list[Operation]:
    """Bring a stack through its life with that plugin, until a step ends otherwise than expected."""
    with (
        rehearsing(folder, azuread_plugin=plugin) as rehearsal,
        patch.dict(os.environ, REQUESTS_CA_BUNDLE=str(rehearsal.tenant.ca_bundle)),
    ):
        rehearsal.configure(applicationOwners=_OWNERS)
        known = known_objects(rehearsal.tenant.store)
        return list(_operations(rehearsal, steps, known))


def _operations(rehearsal: Rehearsal, steps: Sequence[Step], known: dict[str, str]) -> Iterator[Operation]:
    for step in steps:
        step.prepare(rehearsal)
        before = rehearsal.requests()
        run = step.run(rehearsal)
        asked = rehearsal.requests(before[-1]["position"] if before else 0)
        yield Operation(step.name, run, step.expected, conversation(asked, known))
        if run.code != step.expected:
            return


def _setting(**settings: Any) -> Callable[[Rehearsal], None]:
    return lambda rehearsal: rehearsal.configure(**settings)


def _change_by_hand(rehearsal: Rehearsal) -> None:
    made, graph = rehearsal.outputs(), rehearsal.graph
    graph.patch(
        f"/v1.0/applications/{made['applicationObjectId']}",
        {"displayName": "Changed", "requiredResourceAccess": []},
    )
    graph.patch(f"/v1.0/servicePrincipals/{made['servicePrincipalObjectId']}", {"notes": "Changed"})
    graph.post(
        f"/v1.0/applications/{made['applicationObjectId']}/removePassword",
        {"keyId": made["clientSecretKeyId"]},
    )
    [grant, *_] = graph.list(f"/v1.0/servicePrincipals/{made['servicePrincipalObjectId']}/appRoleAssignments")
    graph.delete(f"/v1.0/servicePrincipals/{grant['resourceId']}/appRoleAssignedTo/{grant['id']}")


def _wait_for_rotation(rehearsal: Rehearsal) -> None:
    rehearsal.tenant.clock.advance(90 * 24 * 3600)


LIFE = [
    Step("preview", lambda rehearsal: rehearsal.pulumi("preview")),
    Step("up", Rehearsal.up),
    Step("up again", lambda rehearsal: rehearsal.up("--expect-no-changes")),
    Step("new name", Rehearsal.up, _setting(applicationName="Rooms")),
    Step("one owner less", Rehearsal.up, _setting(applicationOwners=_OWNERS[:1])),
    Step("another profile", Rehearsal.up, _setting(permissionProfile="engine-2020")),
    Step("drift check", Rehearsal.drift),
    Step("drift check, changed by hand", Rehearsal.drift, _change_by_hand, _DRIFT),
    Step("repair", lambda rehearsal: rehearsal.up("--refresh")),
    Step("rotation", Rehearsal.up, _wait_for_rotation),
    Step("destroy", Rehearsal.destroy),
]
