"""`roomctl remove-secret` and `roomctl remove-application` remove what nobody can use and refuse the rest."""

import pytest

from marks import probe_name
from roomctl import entra_resources as entra
from tests.roomctl.conftest import MARK, Scene


def _keys(scene: Scene, application: str) -> set[str]:
    found = scene.emulated.tenant.store.get("application", application) or {}
    return {one["keyId"] for one in found.get("passwordCredentials", [])}


def test_a_probe_s_credential_is_removed_once(scene: Scene) -> None:
    made = scene.application()
    key = scene.secret(made, probe_name(MARK))
    scene.knows(entra.APPLICATION_TYPE, f"/applications/{made['id']}")
    arguments = ("remove-secret", "--application", made["id"], "--key-id", key.upper())
    first = scene.roomctl(*arguments)
    assert (first.returncode, first.stdout) == (0, f"Removed {key}.\n")
    second = scene.roomctl(*arguments)
    assert (second.returncode, second.stdout) == (0, f"{key} is gone already.\n")


@pytest.mark.parametrize(
    ("name", "known", "reason"),
    [
        ("PlaceOS until 2026-12-27", True, "is a secret that organization/placeos-m365/dev knows"),
        ("somebody's own", False, "was not made by organization/placeos-m365/dev"),
    ],
)
def test_a_secret_that_somebody_has_stays(scene: Scene, name: str, known: bool, reason: str) -> None:
    made = scene.application()
    key = scene.secret(made, name)
    scene.knows(entra.APPLICATION_TYPE, f"/applications/{made['id']}")
    if known:
        scene.knows(entra.SECRET_TYPE, f"{made['id']}/password/{key}")
    done = scene.roomctl("remove-secret", "--application", made["id"], "--key-id", key)
    assert done.returncode == 1
    assert reason in done.stderr
    assert _keys(scene, made["id"]) == {key}


def test_a_secret_of_another_application_stays(scene: Scene) -> None:
    made = scene.application()
    key = scene.secret(made, "PlaceOS until 2026-12-31")
    done = scene.roomctl("remove-secret", "--application", made["id"], "--key-id", key)
    assert done.returncode == 1
    assert "is not the application of organization/placeos-m365/dev" in done.stderr
    assert _keys(scene, made["id"]) == {key}


def test_a_half_made_application_is_removed_once(scene: Scene) -> None:
    made = scene.application(name="TERRAFORM_UPDATE_a7d3")
    first = scene.roomctl("remove-application", "--application", made["id"])
    assert (first.returncode, first.stdout) == (0, "Removed TERRAFORM_UPDATE_a7d3.\n")
    second = scene.roomctl("remove-application", "--application", made["id"])
    assert (second.returncode, second.stdout) == (0, f"{made['id']} is gone already.\n")


@pytest.mark.parametrize(
    ("mark", "secret", "known", "reason"),
    [
        ("plc:00000000", False, False, f"does not carry {MARK}"),
        (MARK, True, False, "has secrets or consents"),
        (MARK, False, True, "is the application of organization/placeos-m365/dev"),
    ],
)
def test_an_application_that_somebody_may_use_stays(
    scene: Scene, mark: str, secret: bool, known: bool, reason: str
) -> None:
    made = scene.application(mark=mark)
    if secret:
        scene.secret(made, "somebody's own")
    if known:
        scene.knows(entra.APPLICATION_TYPE, f"/applications/{made['id']}")
    done = scene.roomctl("remove-application", "--application", made["id"])
    assert done.returncode == 1
    assert reason in done.stderr
    assert scene.emulated.tenant.store.get("application", made["id"])
