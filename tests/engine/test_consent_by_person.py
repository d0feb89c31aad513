"""A deployer that may not consent, and the administrator who does."""

import json
from typing import Any

import pytest

import permissions
from graph.service_principals import find_service_principal
from tests.engine.rehearsal import INSIDE, OUTSIDE, Rehearsal, opens
from tests.in_process import roomctl

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

ASKED = ["Calendars.ReadWrite", "GroupMember.Read.All", "Place.Read.All", "User.Read.All"]


class Administrator:
    """Who may consent, and does what the page says, beside the code."""

    def __init__(self, rehearsal: Rehearsal, app_id: str) -> None:
        self.graph = rehearsal.graph
        self.principal = find_service_principal(self.graph, app_id)
        self.resource = find_service_principal(self.graph, permissions.GRAPH_APP_ID)
        self.path = f"/v1.0/servicePrincipals/{self.principal}/appRoleAssignments"

    def consents(self, *names: str) -> None:
        for name in names:
            role = permissions.find(name).id
            self.graph.post(
                self.path, {"principalId": self.principal, "resourceId": self.resource, "appRoleId": role}
            )

    def takes_back(self, name: str) -> None:
        role = permissions.find(name).id
        [grant] = [one["id"] for one in self.graph.list(self.path) if one["appRoleId"] == role]
        self.graph.delete(f"{self.path}/{grant}")


def may_not_consent(rehearsal: Rehearsal) -> None:
    """The deployer loses that right, and keeps the others."""
    store = rehearsal.tenant.store
    [graph] = [one for one in store.all("servicePrincipal") if one["appId"] == permissions.GRAPH_APP_ID]
    [deployer] = [one for one in store.all("servicePrincipal") if one["displayName"] == "Deployer"]
    [role] = [one["id"] for one in graph["appRoles"] if one["value"] == "AppRoleAssignment.ReadWrite.All"]
    [right] = [
        one["id"]
        for one in store.all("appRoleAssignment")
        if (one["principalId"], one["appRoleId"]) == (deployer["id"], role)
    ]
    store.delete("appRoleAssignment", right)


def page(rehearsal: Rehearsal, code: int) -> dict[str, Any]:
    """What `roomctl consent` says, as the deployer, and with which code it ends."""
    arguments = ("consent", "--json", "--stack", "rehearsal")
    done = roomctl(*arguments, variables=rehearsal.environment, folder=rehearsal.folder)
    assert done.returncode == code, done.stderr
    return dict(json.loads(done.stdout))


def secrets(rehearsal: Rehearsal) -> list[str]:
    """The application's client secrets in Entra."""
    return [
        one["keyId"]
        for application in rehearsal.graph.list("/v1.0/applications")
        if application["displayName"] == rehearsal.settings["applicationName"]
        for one in application["passwordCredentials"]
    ]


def test_the_run_waits_for_a_person_and_refuses_one_who_was_too_quick(rehearsal: Rehearsal) -> None:
    may_not_consent(rehearsal)
    rehearsal.configure(consent="manual", applicationName="Rooms")

    begun = rehearsal.up(*(f"--target=**::placeos{part}" for part in ("", "-identity", "-identity-*")))
    assert begun.code == 0, begun.output
    [application] = rehearsal.graph.list("/v1.0/applications", {"$filter": "displayName eq 'Rooms'"})
    administrator = Administrator(rehearsal, application["appId"])
    administrator.consents("Calendars.ReadWrite")
    early = rehearsal.up()
    assert early.code != 0
    assert "somebody consented to Calendars.ReadWrite before it was proven" in early.output
    assert "WAITING" not in early.output
    assert page(rehearsal, 7)["todo"] == "take back"
    administrator.takes_back("Calendars.ReadWrite")

    waiting = rehearsal.up()
    assert waiting.code != 0
    assert f"WAITING for a person to consent to {', '.join(ASKED)} (roomctl consent" in waiting.output
    assert "Traceback" not in early.output + waiting.output
    assert secrets(rehearsal) == []
    told = page(rehearsal, 7)
    assert (told["todo"], [one["name"] for one in told["permissions"]]) == ("consent", ASKED)
    assert told["application"]["clientId"] == application["appId"]

    administrator.consents(*ASKED)
    assert page(rehearsal, 0)["todo"] == "nothing"
    done = rehearsal.up()
    assert done.code == 0, done.output
    assert not [one for one in rehearsal.resources() if "appRoleAssignment" in one["type"]]
    outputs = rehearsal.outputs(secrets=True)
    assert outputs["grantedPermissions"] == ASKED
    placeos = rehearsal.as_placeos(outputs)
    assert [opens(placeos, one) for one in (INSIDE, OUTSIDE)] == [True, False]

    administrator.takes_back("Place.Read.All")
    drifted = rehearsal.drift()
    assert drifted.code == 7, drifted.output
    assert "Place.Read.All" in drifted.output
    repaired = rehearsal.up("--refresh")
    assert "WAITING for a person to consent to Place.Read.All (" in repaired.output
    assert len(secrets(rehearsal)) == 2
    administrator.consents("Place.Read.All")
    assert rehearsal.up("--refresh").code == 0
    unchanged = rehearsal.pulumi("preview", "--refresh", "--expect-no-changes")
    assert unchanged.code == 0, unchanged.output
    assert rehearsal.destroy().code == 0
