"""`roomctl finish-destroy` takes away what a destroy kept, and nothing that a mark merely points at."""

from typing import Any

import pytest

from exchange import groups, policies
from exchange.groups import GroupSettings
from tests.roomctl.conftest import ADDRESS, MARK, Scene

OWNER = "exchange.admin@contoso.example"


@pytest.fixture
def group(scene: Scene) -> str:
    """The room group and the policy of an application that is gone for good, as a destroy keeps them."""
    settings = GroupSettings("PlaceOS Room Booking", "placeos-rooms", ADDRESS, (OWNER,), (OWNER,), MARK)
    group = groups.create(scene.emulated.exchange, settings).group.object_id
    application, graph = scene.application(), scene.emulated.graph
    policies.add(scene.emulated.exchange, application["appId"], group, f"Rooms of PlaceOS. {MARK}")
    graph.delete(f"/v1.0/applications/{application['id']}")
    graph.delete(f"/v1.0/directory/deletedItems/{application['id']}")
    return group


def limit(scene: Scene, app_id: str, scope: str, description: str) -> None:
    scene.emulated.exchange.run(
        "New-ApplicationAccessPolicy",
        AccessRight="RestrictAccess", AppId=[app_id], PolicyScopeGroupId=scope, Description=description,
    )  # fmt: skip


def finish(scene: Scene) -> tuple[int, str]:
    done = scene.roomctl("finish-destroy", MARK, "--group", ADDRESS, "--yes")
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def kept(scene: Scene) -> set[str]:
    return {one.description for one in policies.list_policies(scene.emulated.exchange)}


def test_a_policy_for_every_application_stays_whatever_it_says(scene: Scene, group: Any) -> None:
    limit(scene, "*", "travel-desk-mailboxes@contoso.example", f"Nobody else. {MARK}")
    code, said = finish(scene)
    assert (code, "access policies 1, groups 1" in said) == (0, True), said
    assert f"Nobody else. {MARK}" in kept(scene)


@pytest.mark.parametrize("app", ["*", "another"])
def test_a_group_on_which_other_policies_hang_stays_with_all_of_them(
    scene: Scene, group: str, app: str
) -> None:
    other = scene.application(name="Another")["appId"] if app == "another" else app
    limit(scene, other, group, "mine")
    before = kept(scene)
    code, said = finish(scene)
    assert code == 1
    assert f"is the scope of other policies, too, for {other}" in said
    assert kept(scene) == before
    assert groups.find(scene.emulated.exchange, ADDRESS)
