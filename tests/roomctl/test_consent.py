"""`roomctl consent`: the page for a person, and when it is time for it."""

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest

import deployer
import permissions
from deployer import deployer_from_environment
from exchange.admin_api import current_exchange
from graph.api import Document, GraphApi, current_graph
from roomctl import entra_resources as entra
from tests.exchange.providers.conftest import Tenant
from tests.roomctl.conftest import Scene

ASKED = ["Calendars.ReadWrite", "GroupMember.Read.All", "Place.Read.All", "User.Read.All"]
PROOF = "urn:pulumi:dev::placeos-m365::pulumi-python:dynamic/exchange:ConfiguredAccess::"
GRAPH = permissions.GRAPH_APP_ID
LAST = "Place.Read.All"


@dataclass
class Desk:
    """A stack that left the consent to a person, and the person."""

    scene: Scene
    tenant: Tenant
    administrator: GraphApi

    def proves(self, *names: str) -> None:
        """The state holds a proof for these permissions."""
        group, rooms = self.tenant.make_group(), self.tenant.rooms(6)
        self.tenant.fill(group, rooms)
        inputs = self.tenant.proof_inputs(self.tenant.restrict(group), rooms, permissions=sorted(names))
        outputs = self.tenant.prove({**inputs, "consent": "manual"})
        self.scene.knows("x", "proof", f"{PROOF}placeos-scope-configured-access", **outputs)

    def page(self, *arguments: str) -> tuple[int, str]:
        done = self.scene.roomctl("consent", *arguments)
        assert "Traceback" not in done.stderr
        assert done.returncode in (0, 7), done.stderr
        return done.returncode, done.stdout

    def told(self) -> dict[str, Any]:
        code, text = self.page("--json")
        page: dict[str, Any] = json.loads(text)
        assert (code == 0) == (page["todo"] == "nothing")
        assert (page["script"] is None) == (page["todo"] in {"nothing", "not yet"})
        return page

    def runs(self, script: str, *, remove: bool = False) -> list[str]:
        """Make the script's calls, in its order, with the values that it holds; what it would say."""
        wanted = dict(re.findall(r"^    '([\w.]+)' = '([0-9a-f-]{36})'$", script, re.MULTILINE))
        app, graph = [self._principal(one) for one in re.findall(r"appId eq '([0-9a-f-]+)'", script)]
        path = f"/v1.0/servicePrincipals/{app['id']}/appRoleAssignments"
        held = {
            one["appRoleId"]: one["id"]
            for one in self.administrator.list(path)
            if one["resourceId"] == graph["id"]
        }
        said = []
        for name, role in wanted.items():
            if remove and role in held:
                self.administrator.delete(f"{path}/{held[role]}")
                said.append(f"{name} was taken back")
            elif not remove and role not in held:
                body = {"principalId": app["id"], "resourceId": graph["id"], "appRoleId": role}
                self.administrator.post(path, body)
                said.append(f"{name} was consented to")
            else:
                said.append(f"{name} needs nothing")
        return said

    def _principal(self, app_id: str) -> Document:
        [found] = self.administrator.list("/v1.0/servicePrincipals", {"$filter": f"appId eq '{app_id}'"})
        return found


@pytest.fixture
def desk(scene: Scene) -> Desk:
    for once_a_process in (deployer._made, current_exchange, current_graph):
        once_a_process.cache_clear()
    application = scene.application()
    principal = scene.principal(application)
    scene.knows(entra.APPLICATION_TYPE, f"/applications/{application['id']}")
    scene.settings["consent"] = "manual"
    running = scene.emulated.tenant
    person = deployer_from_environment(running.environment_of("Tenant Administrator"))
    return Desk(
        scene,
        Tenant(running, scene.emulated.deployer, application, principal),
        GraphApi(person.credential, person.cloud, person.clock),
    )


def test_before_the_proof_nobody_is_sent_to_consent(desk: Desk) -> None:
    page = desk.told()
    assert page["todo"] == "not yet"
    assert page["why"].endswith("Run: pulumi up --stack dev")
    assert page["portal"] is None
    for arguments in ([], ["--markdown"]):
        assert "entra.microsoft.com" not in desk.page(*arguments)[1]


def test_from_the_proof_to_the_consent_and_back(desk: Desk) -> None:
    desk.proves(*ASKED)
    desk.tenant.grant(LAST)
    page = desk.told()
    assert page["todo"] == "consent"
    assert {one["name"]: one["granted"] for one in page["permissions"]} == {n: n == LAST for n in ASKED}
    assert page["portal"].endswith(f"/CallAnAPI/appId/{desk.tenant.app_id}")
    assert page["limitedTo"].startswith("the mailboxes of 6 rooms (group placeos-rooms@contoso.example)")

    _, text = desk.page("--markdown")
    assert page["script"].rstrip() in text
    for told in ("Privileged Role Administrator", "Cloud Application Administrator can't", desk.tenant.app_id,
                 "| `User.Read.All` | no |", "no: tenant-wide", "pulumi up --stack dev"):  # fmt: skip
        assert told in text
    code, terminal = desk.page()
    assert (code, "roomctl consent --markdown --stack dev" in terminal) == (7, True)

    said = desk.runs(page["script"])
    assert sorted(said)[0] == "Calendars.ReadWrite was consented to"
    assert f"{LAST} needs nothing" in said
    assert desk.runs(page["script"]) == [f"{name} needs nothing" for name in ASKED]
    assert desk.told()["todo"] == "nothing"
    assert "a run that waited can go on.\nRun: pulumi up --stack dev\n" in desk.page()[1]
    assert desk.runs(page["script"], remove=True) == [f"{name} was taken back" for name in ASKED]
    assert desk.told()["todo"] == "consent"


def test_consent_before_the_proof_is_to_be_taken_back(desk: Desk) -> None:
    desk.tenant.grant(LAST)
    page = desk.told()
    assert page["todo"] == "take back"
    assert "before Exchange was proven" in page["why"]
    assert [one["name"] for one in page["permissions"]] == [LAST]
    assert "./consent.ps1 -Remove" in desk.page("--markdown")[1]
    assert desk.runs(page["script"], remove=True) == [f"{LAST} was taken back"]
    assert desk.told()["todo"] == "not yet"


def test_what_the_code_drops_is_to_be_taken_back_and_what_it_adds_waits_for_the_proof(desk: Desk) -> None:
    desk.proves("Calendars.Read", LAST)
    desk.tenant.grant("Calendars.Read", LAST)
    desk.scene.settings["permissions"] = json.dumps(["Calendars.Read"])
    page = desk.told()
    assert (page["todo"], [one["name"] for one in page["permissions"]]) == ("take back", [LAST])
    desk.scene.settings["permissions"] = json.dumps(["Calendars.Read", LAST, "User.Read.All"])
    page = desk.told()
    assert (page["todo"], "not proven for it" in page["why"]) == ("not yet", True)


def test_a_policy_that_is_gone_since_stops_the_page(desk: Desk) -> None:
    desk.proves(*ASKED)
    for one in desk.tenant.store.all("accessPolicy"):
        if one["AppId"] == desk.tenant.app_id:
            desk.tenant.exchange.run(
                "Remove-ApplicationAccessPolicy", Identity=one["Identity"], Confirm=False
            )
    page = desk.told()
    assert page["todo"] == "not yet"
    assert "no RestrictAccess policy binds the application" in page["why"]
    assert page["why"].endswith("Run: pulumi up --refresh --stack dev")


def test_an_existing_application_is_not_consented_to_by_the_button(desk: Desk) -> None:
    desk.proves(*ASKED)
    desk.scene.settings["applicationClientId"] = desk.tenant.app_id
    page = desk.told()
    assert page["todo"] == "consent"
    assert "entra.microsoft.com" not in page["portal"]
    assert "may revoke others" in page["portal"]


def test_a_name_in_entra_can_not_write_into_the_page(desk: Desk) -> None:
    desk.proves(*ASKED)
    path = f"/v1.0/applications/{desk.tenant.application['id']}"
    desk.administrator.patch(path, {"displayName": "[click](https://evil.example) | x\n# y"})
    text = desk.page("--markdown")[1]
    assert "[click](" not in text
    assert "\n# y" not in text


def test_a_stack_that_consents_by_code_and_two_forms_at_once_are_wrong_usage(desk: Desk) -> None:
    assert desk.scene.roomctl("consent", "--json", "--markdown").returncode == 64
    desk.scene.settings["consent"] = "code"
    done = desk.scene.roomctl("consent")
    assert (done.returncode, "consents by code" in done.stderr) == (64, True)


def test_not_to_be_able_to_look_is_never_nothing_to_do(desk: Desk) -> None:
    desk.proves(*ASKED)
    desk.tenant.grant(*ASKED)
    desk.scene.emulated.fault(path="/appRoleAssignments$", status=403, times=99)
    done = desk.scene.roomctl("consent")
    assert (done.returncode, done.stdout) == (1, "")
    desk.scene.resources.clear()
    done = desk.scene.roomctl("consent", "--stack", "dev")
    assert (done.returncode, "no application yet" in done.stderr) == (1, True)
    assert "Run: pulumi up --stack dev" in done.stderr
    desk.scene.tells("outputs.json", "{}")
    assert "Run: pulumi up --stack dev" in desk.scene.again("handover", "--stack", "dev").stderr


def test_recover_leaves_a_person_s_consent_out_of_the_state(desk: Desk) -> None:
    desk.tenant.grant(*ASKED)
    assert "consent" not in desk.scene.roomctl("recover").stdout
    desk.scene.settings["consent"] = "code"
    assert "consent to Place.Read.All" in desk.scene.roomctl("recover").stdout
