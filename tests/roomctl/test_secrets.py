"""`roomctl secrets`: who signs in with which client secret, and what ends soon."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from deployer import client_secret_credential
from graph import applications
from graph.api import Document
from graph.applications import NewPassword
from marks import slot_name
from rights import Role, useful
from roomctl import entra_resources as entra
from roomctl.current_secret import SLOTS
from tests.components.test_graph_of_resources import PASSWORD, RESOURCES
from tests.docs.test_deployer_rights import give, lacking, only
from tests.roomctl.conftest import Scene

PERIOD = 90


class Desk:
    """A stack with two secrets; `day` counts from the last rotation."""

    def __init__(self, scene: Scene, application: Document) -> None:
        self.scene, self.application = scene, application
        now = scene.emulated.deployer.clock.now()
        self.boundary = now + timedelta(days=PERIOD)
        self.before = self.make(slot_name(self.boundary), PERIOD)
        self.current = self.make(slot_name(self.boundary + timedelta(days=PERIOD)), 2 * PERIOD)
        self.holds(self.before, self.current)
        scene.ran(clientSecretKeyId=self.current.key_id)

    def holds(self, *secrets: NewPassword | None, imported: bool = False) -> None:
        """The state has these in its slots, the older one first."""
        held = self.scene.resources
        self.scene.resources = [one for one in held if one["type"] != entra.SECRET_TYPE]
        for slot, one in enumerate(secrets):
            if one:
                self.scene.knows_secret(self.application, slot, one.key_id, None if imported else slot + 1)

    def make(self, name: str, days: int) -> NewPassword:
        clock = self.scene.emulated.deployer.clock
        ends = clock.now() + timedelta(days=days)
        graph = self.scene.emulated.graph
        return applications.add_password(graph, self.application["id"], display_name=name, ends=ends)

    def signs_in(self, secret: NewPassword) -> None:
        deployer = self.scene.emulated.deployer
        credential = client_secret_credential(
            deployer.tenant_id, self.application["appId"], secret.secret, deployer.cloud, deployer.clock
        )
        credential.get_token(deployer.cloud.graph_scope)
        self.day(1 / 24)

    def day(self, days: float) -> None:
        self.scene.emulated.tenant.clock.advance(timedelta(days=days).total_seconds())

    def report(self) -> tuple[int, dict[str, Any]]:
        done = self.scene.roomctl("secrets", "--json")
        assert done.returncode in (0, 7), done.stderr
        return done.returncode, json.loads(done.stdout)

    def findings(self) -> list[str]:
        code, report = self.report()
        assert (code == 7) == bool(report["findings"])
        return [one["what"] for one in report["findings"]]


RIGHTS = [one for one in useful({Role.READ}) if one.name in ("Application.Read.All", "AuditLog.Read.All")]
"""What the command takes of the role."""


@pytest.fixture
def desk(scene: Scene) -> Desk:
    made = scene.application()
    principal = scene.principal(made)
    scene.knows(entra.APPLICATION_TYPE, f"/applications/{made['id']}")
    scene.knows(
        entra.PRINCIPAL_TYPE,
        f"/servicePrincipals/{principal['id']}",
        entra.PRINCIPAL.urn("placeos-m365", "dev"),
    )
    for right in RIGHTS:
        give(scene.emulated.tenant.store, right)
    return Desk(scene, made)


def test_on_the_day_of_a_rotation_there_is_nothing_to_do(desk: Desk) -> None:
    desk.signs_in(desk.before)
    code, report = desk.report()
    assert code == 0
    assert [one["standing"] for one in report["secrets"]] == ["current", "before"]
    used = {one["keyId"]: one["lastSignIn"] is not None for one in report["secrets"]}
    assert used == {desk.current.key_id: False, desk.before.key_id: True}
    assert report["signInLogRead"] is True


@pytest.mark.parametrize(("day", "within"), [(31, 60), (61, 30), (77, 14), (84, 7)])
def test_the_secret_before_is_told_as_long_as_placeos_signs_in_with_it(
    desk: Desk, day: int, within: int
) -> None:
    desk.day(day)
    desk.signs_in(desk.before)
    [finding] = desk.findings()
    assert finding.startswith("PlaceOS signs in with the secret before")
    assert f"in less than {within} days" in finding
    desk.signs_in(desk.current)
    assert desk.findings() == []


def test_a_forgotten_rotation_is_told(desk: Desk) -> None:
    desk.day(130)
    desk.signs_in(desk.current)
    [finding] = desk.findings()
    assert finding.startswith("The current secret ends on")
    assert "in less than 60 days" in finding


def test_without_the_log_any_may_be_in_use(desk: Desk) -> None:
    desk.day(80)
    only(desk.scene.emulated.tenant.store, [right for right in RIGHTS if not right.optional])
    [finding] = desk.findings()
    assert finding.startswith("PlaceOS may be signing in with the secret before")
    assert "not read" in desk.scene.again("secrets").stdout


def test_without_the_licence_for_the_log_no_right_is_asked_for(desk: Desk) -> None:
    desk.day(80)
    tenant = desk.scene.emulated.tenant
    tenant.store.put("tenant", "tenant", tenant.tenant.settings | {"premium": False})
    [finding] = desk.findings()
    assert finding.startswith("PlaceOS may be signing in with the secret before")
    said = desk.scene.again("secrets").stdout
    assert "The tenant has no sign-in log" in said
    assert "AuditLog.Read.All" not in said


def test_of_a_new_stack_nobody_has_the_one_before(desk: Desk) -> None:
    """Its first run hands out number 1, and the other is there for the calendar only."""
    desk.scene.resources = [one for one in desk.scene.resources if one["type"] != entra.SECRET_TYPE]
    for number, one in enumerate((desk.before, desk.current)):
        desk.scene.knows_secret(desk.application, number, one.key_id, number)
    desk.day(80)
    only(desk.scene.emulated.tenant.store, [right for right in RIGHTS if not right.optional])
    assert desk.findings() == []
    desk.scene.ran()
    assert desk.findings() == []
    for right in RIGHTS:
        give(desk.scene.emulated.tenant.store, right)
    desk.signs_in(desk.before)
    assert desk.findings()[0].startswith("PlaceOS signs in with the secret before")


def test_one_that_was_added_by_hand_and_one_that_no_state_holds(desk: Desk) -> None:
    by_hand, left = desk.make("temporary", 700), desk.make(slot_name(desk.boundary), PERIOD)
    found = desk.findings()
    assert [by_hand.key_id in found[0], left.key_id in found[1]] == [True, True]
    assert "not of this code's making" in found[0]
    assert "in no state" in found[1]


def test_those_of_an_existing_application_are_legacy_until_they_end(desk: Desk) -> None:
    store = desk.scene.emulated.tenant.store
    theirs = desk.make("sign-in", 40)
    stored = store.get("application", desk.application["id"]) or {}
    store.put("application", stored["id"], stored | {"notes": "of somebody else"})
    desk.scene.resources = [one for one in desk.scene.resources if one["type"] != entra.APPLICATION_TYPE]
    assert desk.findings() == [], "nobody signs in with it"
    assert "legacy until 20" in desk.scene.again("secrets").stdout
    desk.signs_in(theirs)
    [finding] = desk.findings()
    assert finding.startswith("Somebody signs in with 'sign-in'")


def test_the_message_changes_only_when_there_is_something_new_to_know(desk: Desk) -> None:
    desk.day(31)
    desk.signs_in(desk.before)
    first = desk.scene.roomctl("secrets", "--markdown")
    desk.day(5)
    desk.signs_in(desk.before)
    assert desk.scene.again("secrets", "--markdown").stdout == first.stdout
    assert first.stdout.startswith("**Client secrets of PlaceOS, stack `dev`: 1 thing to do**")
    assert desk.before.key_id in first.stdout
    desk.day(40)
    assert desk.scene.again("secrets", "--markdown").stdout != first.stdout


def test_a_name_in_entra_can_not_write_into_the_message(desk: Desk) -> None:
    desk.make("[click](https://evil.example) | @all\n# x", 700)
    text = desk.scene.roomctl("secrets", "--markdown").stdout
    assert not re.search(r"(?<!\\)(\]\(|\| @)", text)
    assert "\n# x" not in text


def test_no_secret_is_ever_shown(desk: Desk) -> None:
    for arguments in ([], ["--markdown"], ["--json"]):
        done = desk.scene.roomctl("secrets", *arguments)
        for one in (desk.before, desk.current):
            assert one.secret not in done.stdout + done.stderr


@pytest.mark.parametrize("status", [403, 500])
def test_not_to_be_able_to_look_is_never_nothing_to_do(desk: Desk, status: int) -> None:
    desk.scene.emulated.fault(path="^/v1.0/applications/", status=status, times=99)
    done = desk.scene.roomctl("secrets")
    assert done.returncode == 1
    assert "error:" in done.stderr


def test_a_log_that_fails_is_not_a_log_that_may_not_be_read(desk: Desk) -> None:
    desk.scene.emulated.fault(path="/auditLogs/signIns", status=500, times=99)
    assert desk.scene.roomctl("secrets").returncode == 1


def test_a_stack_without_secrets(desk: Desk) -> None:
    desk.holds()
    desk.scene.ran()
    done = desk.scene.roomctl("secrets")
    assert done.returncode == 1
    assert "none yet. Run: pulumi up" in done.stderr


def test_the_slots_are_those_that_the_program_declares() -> None:
    assert set(SLOTS) == {name for kind, name, _ in RESOURCES if kind == PASSWORD}


def test_a_rotation_that_fails_week_after_week_is_told(desk: Desk) -> None:
    desk.scene.ran()
    desk.day(130)
    desk.signs_in(desk.current)
    [finding] = desk.findings()
    assert finding.startswith("The current secret ends on")
    assert "in less than 60 days" in finding


def test_what_a_failed_run_made_may_be_in_use_and_the_one_before_as_well(desk: Desk) -> None:
    """Nobody knows whether it was handed out; a sign-in with it is what says so."""
    desk.day(80)
    assert desk.findings() == [], "handed out, and nobody signs in with the one before"
    desk.scene.ran(clientSecretKeyId=desk.before.key_id)
    [unknown] = desk.findings()
    desk.scene.ran()
    assert desk.findings() == [unknown]
    assert unknown.startswith("PlaceOS may be signing in with the secret before")
    _, report = desk.report()
    assert report["findings"][0]["fix"].startswith("Run pulumi up, and hand the current one over")
    assert report["currentGiven"] is False
    for arguments in ([], ["--markdown"]):
        assert "as after a failed run" in desk.scene.again("secrets", *arguments).stdout
    desk.signs_in(desk.before)
    assert desk.findings()[0].startswith("PlaceOS signs in with the secret before")
    desk.signs_in(desk.current)
    assert desk.findings() == []


def test_the_one_before_that_waits_for_its_deletion_is_still_told(desk: Desk) -> None:
    """A run made its successor and failed before it removed it; PlaceOS signs in with it."""
    successor = desk.make(slot_name(desk.boundary + timedelta(days=2 * PERIOD)), 3 * PERIOD)
    for one in desk.scene.resources:
        if one["outputs"].get("keyId") == desk.before.key_id:
            one["delete"] = True
    desk.scene.knows_secret(desk.application, 0, successor.key_id, 3)
    desk.scene.ran()
    desk.day(80)
    desk.signs_in(desk.before)
    _, report = desk.report()
    assert [one["keyId"] for one in report["secrets"]] == [
        successor.key_id,
        desk.before.key_id,
        desk.current.key_id,
    ]
    [finding] = report["findings"]
    assert finding["what"].startswith("PlaceOS signs in with the secret before")


def test_the_only_one_and_imported_ones(desk: Desk) -> None:
    def current() -> str:
        [found] = [one for one in desk.report()[1]["secrets"] if one["standing"] == "current"]
        return str(found["keyId"])

    desk.holds(None, desk.current)
    assert current() == desk.current.key_id
    desk.holds(desk.current, None)
    assert current() == desk.current.key_id
    desk.holds(desk.before, desk.current, imported=True)
    assert current() == desk.before.key_id, "the plan of the next run takes the first, too"


def test_a_current_secret_that_is_gone_is_told(desk: Desk) -> None:
    applications.remove_password(desk.scene.emulated.graph, desk.application["id"], desk.current.key_id)
    [finding] = desk.findings()
    assert finding == f"The current secret ({desk.current.key_id}) is gone from Entra"


def test_the_one_before_that_is_gone_is_told(desk: Desk) -> None:
    applications.remove_password(desk.scene.emulated.graph, desk.application["id"], desk.before.key_id)
    [finding] = desk.findings()
    assert finding == f"The client secret {desk.before.key_id}, which the state holds, is gone from Entra"


def test_a_state_of_before_a_rotation_does_not_take_what_placeos_may_be_using(desk: Desk) -> None:
    """A backup was restored: what it knows is gone, and what lives it does not know."""
    live = [desk.make(slot_name(desk.boundary + timedelta(days=days)), 200) for days in (180, 270)]
    for one in (desk.before, desk.current):
        applications.remove_password(desk.scene.emulated.graph, desk.application["id"], one.key_id)
    found = [one for one in desk.findings() if "is in no state" in one]
    assert len(found) == 2
    assert all("PlaceOS may be signing in with it" in one for one in found)
    done = desk.scene.again("recover", "--json")
    document = json.loads(done.stdout)
    assert [one["words"][:2] for one in document["commands"]] == [
        ["pulumi", "refresh"], ["pulumi", "up"], ["roomctl", "handover"],
    ]  # fmt: skip
    for one in live:
        assert [text for text in document["undecided"] if one.key_id in text]
    successor = desk.make(slot_name(desk.boundary + timedelta(days=360)), 300)
    desk.holds(successor)
    removals = json.loads(desk.scene.roomctl("recover", "--json").stdout)["commands"]
    assert sorted(one["words"][5] for one in removals) == sorted(one.key_id for one in live)


def test_the_period_is_that_of_the_settings(desk: Desk) -> None:
    desk.day(130)
    desk.scene.settings["rotationPeriodDays"] = "45"
    assert desk.findings() == [], "30 days before the end is the first step of a period of 45 days"
    desk.scene.settings["rotationPeriodDays"] = "often"
    done = desk.scene.roomctl("secrets")
    assert done.returncode == 1
    assert "rotationPeriodDays" in done.stderr


def test_it_needs_each_right_and_no_other(desk: Desk) -> None:
    store = desk.scene.emulated.tenant.store
    only(store, RIGHTS)
    assert desk.scene.roomctl("secrets").returncode == 0
    for right in [right for right in RIGHTS if not right.optional]:
        with lacking(store, right):
            refused = desk.scene.again("secrets")
        assert refused.returncode == 1
        assert right.name in refused.stderr


def test_a_contained_application_is_told_and_its_secrets_are_not_missed(desk: Desk) -> None:
    """A run would make no other: it stops."""
    assert desk.scene.roomctl("contain", "--yes").returncode == 0
    _, report = desk.report()
    [finding] = report["findings"]
    assert re.match(r"The application is contained since 20\S+Z by application \S{36}$", finding["what"])
    assert finding["fix"] == "Once the leak is closed: roomctl resume --stack dev"
