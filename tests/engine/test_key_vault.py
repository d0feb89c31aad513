"""The current secret in a key vault, over its life: written, read, rotated, drifted, left out, destroyed."""

import json
from typing import Any

import httpx
import pytest

from tests.emulated_vault import Ask, asking_arm, asking_vault, vault_id
from tests.engine.rehearsal import INSIDE, OUTSIDE, Rehearsal, opens
from tests.in_process import roomctl

pytestmark = pytest.mark.engine

NAME = "placeos-client-secret"
SECRET_OUTPUTS = {"clientSecret", "placeosCalendarConfig", "legacyEngineSettings", "legacyEngineEnvironment"}


@pytest.mark.timeout(600)
def test_the_life_of_a_secret_in_a_vault(rehearsal: Rehearsal) -> None:
    clock, served = rehearsal.tenant.clock, rehearsal.tenant
    operator = operating(rehearsal)
    rehearsal.configure(
        keyVault=vault_id(served), rotationAnchor=f"{clock.now():%Y-%m-%d}", rotationPeriodDays=30
    )

    first = brought_up(rehearsal)
    read = secret(operator)
    assert read["contentType"] == "Entra client secret"
    assert read["tags"] == {
        "clientId": first["clientId"],
        "keyId": first["clientSecretKeyId"],
        "slot": read["tags"]["slot"],
        "number": "1",
        "mark": read["tags"]["mark"],
        "managedBy": "Pulumi",
    }
    assert read["tags"]["mark"].startswith("plc:")
    assert read["id"].startswith(f"{first['keyVaultSecretUri']}/")
    placeos = rehearsal.as_placeos({**first, "clientSecret": read["value"]})
    assert opens(placeos, INSIDE)
    assert not opens(placeos, OUTSIDE)
    nothing_in_clear(rehearsal, read["value"])
    it_is_the_last_thing(rehearsal)

    # Rotation: a new version, and who still holds the old one can read it.
    clock.advance(30 * 24 * 3600)
    second = brought_up(rehearsal)
    newer = secret(operator)
    assert newer["value"] == second["clientSecret"] != read["value"]
    assert newer["tags"]["keyId"] == second["clientSecretKeyId"]
    older = operator("GET", "/secrets/" + read["id"].partition("/secrets/")[2]).json()
    assert older["value"] == read["value"]

    drift_is_seen_and_repaired(rehearsal, operator, newer)

    # The outputs are left out, and come back, and nothing else changes.
    rehearsal.configure(secretOutputs=False)
    assert rehearsal.up("--expect-no-changes").code == 0
    assert not SECRET_OUTPUTS & rehearsal.outputs(secrets=True).keys()
    told = roomctl(
        "handover", "--stack", "rehearsal", variables=rehearsal.environment, folder=rehearsal.folder
    )
    assert f"az keyvault secret show --id {first['keyVaultSecretUri']} --query value" in told.stdout
    rehearsal.configure(secretOutputs=None)
    assert brought_up(rehearsal)["clientSecret"] == newer["value"]

    # The end: deleted in the vault, which keeps the name; tests/docs/test_deployer_rights.py recovers one.
    destroyed = rehearsal.destroy()
    assert destroyed.code == 0, destroyed.output
    assert operator("GET", f"/secrets/{NAME}").status_code == 404
    assert operator("GET", f"/deletedsecrets/{NAME}").is_success


def drift_is_seen_and_repaired(rehearsal: Rehearsal, operator: Ask, written: dict[str, Any]) -> None:
    """Tags, expiry and content type are; a value that somebody wrote with the same beside it is not."""
    administrator = asking_vault(rehearsal.tenant, "Tenant Administrator")  # whose tokens live for a day
    path = "/secrets/" + written["id"].partition("/secrets/")[2]
    changed = administrator(
        "PATCH", path, {"contentType": "mine", "tags": {"keyId": "mine"}, "attributes": {"exp": 1}}
    )
    assert changed.is_success, changed.text
    drift = rehearsal.drift()
    assert drift.code == 7, drift.output
    for shown in ("contentType", "keyId", "expires"):
        assert shown in drift.output, drift.output
    assert written["value"] not in drift.output
    repaired = rehearsal.up("--refresh")
    assert repaired.code == 0, repaired.output
    now = secret(operator)
    assert [now[part] for part in ("value", "contentType", "tags")] == [
        written[part] for part in ("value", "contentType", "tags")
    ]

    same = {key: now[key] for key in ("contentType", "tags")}
    same["attributes"] = {"exp": now["attributes"]["exp"]}
    assert administrator("PUT", f"/secrets/{NAME}", {"value": "another", **same}).is_success
    assert rehearsal.drift().code == 0, "all is repaired, and Azure Resource Manager tells no value"
    assert rehearsal.up("--target-replace", urn(rehearsal)).code == 0
    assert secret(operator)["value"] == written["value"]


def operating(rehearsal: Rehearsal) -> Ask:
    """PlaceOS's operator, who signs in each time: tokens live for an hour, and runs wait longer."""

    def ask(method: str, path: str) -> httpx.Response:
        return asking_vault(rehearsal.tenant, "PlaceOS Operator")(method, path)

    return ask


def brought_up(rehearsal: Rehearsal) -> dict[str, Any]:
    """The outputs of an up, secrets included."""
    up = rehearsal.up()
    assert up.code == 0, up.output
    return rehearsal.outputs(secrets=True)


def secret(operator: Ask) -> dict[str, Any]:
    """The current version."""
    answer = operator("GET", f"/secrets/{NAME}")
    assert answer.is_success, answer.text
    return dict(answer.json())


def urn(rehearsal: Rehearsal) -> str:
    """The urn of the secret in the vault."""
    return str(kept(rehearsal)["urn"])


def kept(rehearsal: Rehearsal) -> dict[str, Any]:
    """The secret in the vault, as the state has it."""
    [found] = [one for one in rehearsal.resources() if one["type"] == "azure-native:keyvault:Secret"]
    return found


def nothing_in_clear(rehearsal: Rehearsal, value: str) -> None:
    """Neither after an up nor after a refresh, which finds nothing new, does the value stand in the state."""
    refreshed = rehearsal.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    assert refreshed.code == 0, refreshed.output
    assert value not in json.dumps(rehearsal.resources())
    for file in rehearsal.folder.glob("state/**/*"):
        assert not file.is_file() or value.encode() not in file.read_bytes(), file


def it_is_the_last_thing(rehearsal: Rehearsal) -> None:
    """It hangs on everything that the secret hangs on, and on the secret."""
    state = {one["urn"].rpartition("::")[2]: one for one in rehearsal.resources()}
    slots = [one for name, one in state.items() if name.startswith("placeos-secret-slot-")]
    assert len(slots) == 2
    behind = set(kept(rehearsal)["dependencies"])
    for slot in slots:
        assert {slot["urn"], *slot["dependencies"]} <= behind
    assert not [one for one in state.values() if kept(rehearsal)["urn"] in one.get("dependencies", [])]


def test_a_secret_that_the_stack_does_not_know_is_left_alone(rehearsal: Rehearsal) -> None:
    served = rehearsal.tenant
    somebody = asking_arm(served, "Deployer")
    path = f"{vault_id(served)}/secrets/{NAME}"
    assert somebody("PUT", path, {"properties": {"value": "mine"}}).status_code == 201
    rehearsal.configure(keyVault=vault_id(served))
    stopped = rehearsal.up()
    assert stopped.code != 0
    assert "which this stack does not know" in stopped.output
    assert "Traceback" not in stopped.output
    asked = [one for one in rehearsal.requests() if one["path"].startswith("/v1.0/applications")]
    assert not [one for one in asked if one["method"] != "GET"], "nothing was made"
    assert secret(operating(rehearsal))["value"] == "mine"
