"""`roomctl recover`: what a killed run left in the tenant, the commands for it, and its exit code."""

import json
import os
import re
import socket
import subprocess

import pytest

import permissions
from exchange import groups, policies
from exchange.groups import GroupSettings
from graph.api import Document
from marks import probe_name
from roomctl import entra_resources as entra
from roomctl.stack_lock import Lock
from tests.components.recording import declare
from tests.roomctl.conftest import ADDRESS, MARK, Scene

OWNER = "exchange.admin@contoso.example"
PARENT = (
    "'parent=urn:pulumi:dev::placeos-m365::placeosm365:index:RoomCalendarAccess"
    "$placeosm365:index:AppRegistration::placeos-identity'"
)
FLAGS = "--yes --skip-preview --protect=false --generate-code=false --stack dev"
EXCHANGE_ONLINE = "00000002-0000-0ff1-ce00-000000000000"
FULL_ACCESS = "dc890d15-9560-4a4c-9b7f-a736ec74ec40"


def test_the_places_are_those_of_the_program() -> None:
    declared = {(one.type, one.name, one.parent) for one in declare().declared}
    places = [entra.APPLICATION, entra.PRINCIPAL, entra.grant("Calendars.ReadWrite")]
    everything = {*places, *(parent for place in places for parent in entra.ancestors(place))}
    above = {one: one.parent.name if one.parent else "placeos-m365-unit" for one in everything}
    assert {(one.kind, one.name, parent) for one, parent in above.items()} <= declared


def test_a_tenant_that_holds_what_the_state_holds_has_nothing_to_recover(scene: Scene) -> None:
    made = scene.application()
    scene.knows(entra.APPLICATION_TYPE, f"/applications/{made['id']}")
    scene.application(name="Another stack's", mark="plc:00000000")
    assert scene.commands() == []
    done = scene.roomctl("recover")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Nothing of organization/placeos-m365/dev is to be recovered" in done.stdout


def test_an_application_that_the_empty_state_lacks_is_imported_below_its_parent(scene: Scene) -> None:
    made = scene.application()
    parents, application = scene.commands()
    assert parents.startswith("pulumi up --yes --skip-preview --target ")
    assert parents.count("--target ") == 2
    assert application == (
        "pulumi import azuread:index/application:Application placeos-identity-application "
        f"/applications/{made['id']} --parent {PARENT} {FLAGS}"
    )


def test_parents_that_are_there_are_not_made(scene: Scene) -> None:
    scene.application()
    for place in entra.ancestors(entra.APPLICATION):
        scene.knows(place.kind, "", place.urn("placeos-m365", "dev"))
    [application] = scene.commands()
    assert application.startswith("pulumi import ")


def test_a_service_principal_and_its_consents_are_imported(scene: Scene) -> None:
    made = scene.application()
    principal = scene.principal(made)
    known = scene.grant(principal, permissions.find("Place.Read.All").id)
    lost = scene.grant(principal, permissions.find("User.Read.All").id)
    scene.grant(principal, FULL_ACCESS, EXCHANGE_ONLINE)
    scene.knows(entra.APPLICATION_TYPE, f"/applications/{made['id']}")
    scene.knows(entra.GRANT_TYPE, known)
    assert [(one.place.name, one.id) for one in scene.finds().imports] == [
        ("placeos-identity-service-principal", f"/servicePrincipals/{principal['id']}"),
        ("placeos-consent-User.Read.All", lost),
    ]


def test_secrets_that_nobody_has_are_removed_and_others_are_not(scene: Scene) -> None:
    made = scene.application()
    handed_out = scene.secret(made, "PlaceOS until 2026-12-27")
    slot = scene.secret(made, "PlaceOS until 2027-03-27")
    probe = scene.secret(made, probe_name(MARK))
    scene.secret(made, "somebody's own")
    scene.secret(made, probe_name("plc:00000000"))
    scene.knows(entra.APPLICATION_TYPE, f"/applications/{made['id']}")
    scene.knows(entra.SECRET_TYPE, f"{made['id']}/password/{handed_out}")
    assert scene.commands() == [
        f"roomctl remove-secret --application {made['id']} --key-id {key} --stack dev"
        for key in (slot, probe)
    ]


def test_the_secret_of_a_first_run_that_died_while_it_made_it_is_removed(scene: Scene) -> None:
    made = scene.application()
    key = scene.secret(made, "PlaceOS until 2026-12-27")
    probe = scene.secret(made, probe_name(MARK))
    scene.knows(entra.APPLICATION_TYPE, f"/applications/{made['id']}")
    up, handover, removal = scene.commands()
    assert (up, handover) == ("pulumi up --yes --stack dev", "roomctl handover --stack dev")
    assert probe in removal
    urn = f"urn:pulumi:dev::placeos-m365::x${entra.SECRET_TYPE}::placeos-secret-slot-0"
    scene.pending.append({"type": "creating", "resource": {"urn": urn}})
    look, *removals = scene.commands()
    assert look.startswith("pulumi refresh ")
    assert [key in removals[0], probe in removals[1]] == [True, True]


def test_secrets_of_an_application_that_the_state_lost_are_left_to_a_person(scene: Scene) -> None:
    made = scene.application()
    key = scene.secret(made, "PlaceOS until 2026-12-27")
    found = scene.finds()
    assert found.secrets == []
    [undecided] = found.undecided
    assert key in undecided


def test_a_half_made_application_beside_the_stack_s_own_is_removed(scene: Scene) -> None:
    made = scene.application()
    spare = scene.application(name="TERRAFORM_UPDATE_a7d3")
    scene.knows(entra.APPLICATION_TYPE, f"/applications/{made['id']}")
    assert scene.commands() == [f"roomctl remove-application --application {spare['id']} --stack dev"]


def test_of_two_unknown_applications_the_finished_one_is_imported(scene: Scene) -> None:
    scene.application(name="TERRAFORM_UPDATE_a7d3")
    made = scene.application()
    scene.application(name="TERRAFORM_UPDATE_b8e4")
    found = scene.finds()
    assert [one.id for one in found.imports] == [f"/applications/{made['id']}"]
    assert {one.name for one in found.spare_applications} == {
        "TERRAFORM_UPDATE_a7d3",
        "TERRAFORM_UPDATE_b8e4",
    }


def test_an_application_that_somebody_may_use_is_left_to_a_person(scene: Scene) -> None:
    made, other = scene.application(), scene.application(name="PlaceOS, the old one")
    scene.grant(scene.principal(other), permissions.find("User.Read.All").id)
    scene.knows(entra.APPLICATION_TYPE, f"/applications/{made['id']}")
    found = scene.finds()
    assert found.spare_applications == []
    [undecided] = found.undecided
    assert other["id"] in undecided
    assert scene.roomctl("recover").returncode == 7


def test_of_two_applications_that_somebody_may_use_none_is_imported(scene: Scene) -> None:
    for name in ("PlaceOS", "PlaceOS, the old one"):
        scene.secret(scene.application(name=name), "PlaceOS until 2026-12-27")
    found = scene.finds()
    assert (found.imports, found.spare_applications) == ([], [])
    assert len(found.undecided) == 2


def test_what_the_next_run_adopts_is_told_and_is_nothing_to_do(scene: Scene) -> None:
    settings = GroupSettings("Rooms", "placeos-rooms", ADDRESS, (OWNER,), (OWNER,), MARK)
    group = groups.create(scene.emulated.exchange, settings)
    made = scene.application()
    policies.add(scene.emulated.exchange, made["appId"], group.group.object_id, f"Rooms. {MARK}")
    scene.knows(entra.APPLICATION_TYPE, f"/applications/{made['id']}")
    done = scene.roomctl("recover")
    assert done.returncode == 0, done.stderr
    assert f"The next run takes over: group {ADDRESS}." in done.stdout
    assert f"The next run takes over: access policy of application {made['appId']}." in done.stdout


def test_the_lock_comes_first_then_what_was_begun(scene: Scene) -> None:
    urn = entra.APPLICATION.urn("placeos-m365", "dev")
    scene.pending.append({"type": "creating", "resource": {"urn": urn}})
    scene.application()
    unlock, look, *_ = scene.commands(Lock("ada", "elsewhere", 7, "2026-11-21T14:06:17Z"))
    assert unlock == "pulumi cancel --yes --stack dev"
    assert look == "pulumi refresh --yes --skip-preview --clear-pending-creates --stack dev"


def test_another_object_in_its_place_is_looked_at_not_imported(scene: Scene) -> None:
    made = scene.application()
    scene.principal(made)
    scene.knows(entra.APPLICATION_TYPE, f"/applications/{made['id']}")
    urn = entra.PRINCIPAL.urn("placeos-m365", "dev")
    scene.knows(entra.PRINCIPAL_TYPE, "/servicePrincipals/00000000-0000-4000-8000-000000000000", urn)
    [look] = scene.commands()
    assert look.startswith("pulumi refresh ")


def test_what_the_state_has_and_the_tenant_does_not_is_looked_at(scene: Scene) -> None:
    """A killed plugin leaves no pending operation, and azuread fails on removing a secret twice."""
    made = scene.application()
    kept = scene.secret(made, "PlaceOS until 2026-12-27")
    scene.knows(entra.APPLICATION_TYPE, f"/applications/{made['id']}")
    for key in (kept, "00000000-0000-4000-8000-000000000000"):
        scene.knows(entra.SECRET_TYPE, f"{made['id']}/password/{key}")
    assert scene.finds().vanished == [f"{made['id']}/password/00000000-0000-4000-8000-000000000000"]
    assert scene.commands() == ["pulumi refresh --yes --skip-preview --clear-pending-creates --stack dev"]


def test_an_application_that_is_gone_is_looked_at(scene: Scene) -> None:
    scene.knows(entra.APPLICATION_TYPE, "/applications/00000000-0000-4000-8000-000000000000")
    assert len(scene.commands()) == 1


def test_the_lock_of_a_run_that_is_gone(scene: Scene) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    scene.locked(gone.pid, socket.gethostname())
    done = scene.roomctl("recover")
    assert done.returncode == 7, done.stderr
    assert "\npulumi cancel --yes --stack dev\n" in done.stdout
    assert all(re.match("#|pulumi |$", line) for line in done.stdout.splitlines()), "a shell takes it"


def test_a_run_that_goes_on_is_not_interfered_with(scene: Scene) -> None:
    scene.locked(os.getpid(), socket.gethostname())
    done = scene.roomctl("recover")
    assert done.returncode == 1
    assert f"ada@{socket.gethostname()}, process {os.getpid()}" in done.stderr
    assert "wait until it has ended" in done.stderr
    assert done.stdout == ""


def test_a_backend_that_does_not_show_its_locks_is_said_to(scene: Scene) -> None:
    scene.pending.append({"type": "updating", "resource": {"urn": "urn:pulumi:dev::placeos-m365::x::x"}})
    scene.roomctl("recover")
    scene.tells("whoami.json", json.dumps({"url": "s3://user@bucket/path"}))
    done = scene.again("recover")
    assert done.returncode == 7
    assert "whether a lock is left can't be seen on s3://bucket" in done.stdout


def test_for_machines(scene: Scene) -> None:
    made = scene.application()
    done = scene.roomctl("recover", "--json")
    assert done.returncode == 7
    document = json.loads(done.stdout)
    assert document["mark"] == MARK
    assert [one["words"][1] for one in document["commands"]] == ["up", "import"]
    assert made["id"] in document["commands"][1]["command"]


@pytest.mark.parametrize(
    ("file", "text", "reason"),
    [
        ("export.json", "{", "can't be read"),
        ("export.json", '{"deployment": {"resources": [{}]}}', "can't be read"),
        ("name", "dev", "pulumi state upgrade"),
    ],
)
def test_a_state_that_can_not_be_read_is_no_clean_one(
    scene: Scene, file: str, text: str, reason: str
) -> None:
    scene.roomctl("recover")
    scene.tells(file, text)
    done = scene.again("recover")
    assert done.returncode == 1
    assert reason in done.stderr
    assert "Traceback" not in done.stderr


def test_pulumi_s_own_words_when_it_can_not_tell(scene: Scene) -> None:
    scene.roomctl("recover")
    (scene.folder / "export.json").unlink()
    done = scene.again("recover")
    assert done.returncode == 1
    assert "No such file" in done.stderr


def test_a_missing_right_is_named(scene: Scene) -> None:
    scene.emulated.fault(
        path="^/v1.0/applications$", status=403,
        body={"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges"}},
    )  # fmt: skip
    done = scene.roomctl("recover")
    assert done.returncode == 1
    assert "Grant the deployer Application.Read.All on Microsoft Graph" in done.stderr
    assert done.stdout == ""


def test_a_service_that_does_not_answer_is_no_clean_one(scene: Scene) -> None:
    scene.emulated.fault(cmdlet="Get-ApplicationAccessPolicy", status=403, times=9)
    assert scene.roomctl("recover").returncode == 1


@pytest.mark.parametrize("arguments", [["--yes"], ["--json", "--apply"], ["--what"]])
def test_wrong_usage(scene: Scene, arguments: list[str]) -> None:
    assert scene.roomctl("recover", *arguments).returncode == 64


def test_nothing_is_run_without_a_yes(scene: Scene) -> None:
    made = scene.application()
    scene.secret(made, probe_name(MARK))
    scene.knows(entra.APPLICATION_TYPE, f"/applications/{made['id']}")
    asked = scene.roomctl("recover", "--apply")
    assert asked.returncode != 0
    assert scene.finds().secrets
    assert scene.again("recover", "--apply", "--yes").returncode == 0
    assert not scene.finds().secrets


def test_a_command_that_fails_ends_the_list(scene: Scene) -> None:
    scene.application()
    done = scene.roomctl("recover", "--apply", "--yes")
    assert done.returncode == 1
    assert "it ended with 255: pulumi up" in done.stderr
    assert "$ pulumi import" not in done.stdout


@pytest.fixture
def taken(scene: Scene) -> tuple[Scene, Document, Document]:
    """A stack that takes an existing application, and one of whose consents and secrets the state knows."""
    made = scene.application(name="Sign-in", mark="")
    principal = scene.principal(made)
    scene.settings["applicationClientId"] = made["appId"]
    scene.knows(entra.GRANT_TYPE, scene.grant(principal, permissions.find("Place.Read.All").id))
    scene.knows(entra.SECRET_TYPE, f"{made['id']}/password/{scene.secret(made, 'PlaceOS until 2027-01-01')}")
    return scene, made, principal


def test_what_the_state_knows_of_an_existing_application_is_not_gone(taken) -> None:
    done = taken[0].roomctl("recover")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_a_consent_of_an_existing_application_is_imported_and_those_of_others_are_not(taken) -> None:
    scene, _, principal = taken
    lost = scene.grant(principal, permissions.find("User.Read.All").id)
    scene.grant(principal, permissions.find("Group.Read.All").id)
    scene.grant(principal, permissions.find("Calendars.ReadWrite").id)
    scene.settings["acceptedPermissions"] = json.dumps(["Calendars.ReadWrite"])
    done = scene.roomctl("recover", "--json")
    imports = [
        one["words"][3:5] for one in json.loads(done.stdout)["commands"] if one["words"][1] == "import"
    ]
    assert imports == [["placeos-consent-User.Read.All", lost]]


def test_of_an_existing_application_only_the_probe_s_credential_is_removed(taken) -> None:
    scene, made, _ = taken
    probe, foreign = scene.secret(made, probe_name(MARK)), scene.secret(made, "PlaceOS until 2026-12-31")
    done = scene.roomctl("recover", "--json")
    document = json.loads(done.stdout)
    [command] = document["commands"]
    assert command["words"][:2] == ["roomctl", "remove-secret"]
    assert probe in command["words"]
    assert [one for one in document["undecided"] if foreign in one]
    removed = scene.again(*command["words"][1:])
    assert removed.stdout == f"Removed {probe}.\n", removed.stderr
    refused = scene.again("remove-secret", "--application", made["id"], "--key-id", foreign)
    assert refused.returncode == 1


def test_with_an_existing_application_settings_that_say_no_permission_are_told(taken) -> None:
    taken[0].settings["permissionProfile"] = "rooms"
    done = taken[0].roomctl("recover")
    assert done.returncode == 1
    assert "permissionProfile are needed, and one is wrong" in done.stderr
