"""What an operator sees of each command, on terminals of two widths, with and without colour."""

import json
import subprocess

import pytest

import permissions
from emulator.store import Store
from exchange import groups, policies
from exchange.groups import GroupSettings
from graph.api import Document
from marks import probe_name
from roomctl import entra_resources as entra
from tests.engine.rehearsal import ROOT
from tests.roomctl.conftest import ADDRESS, MARK, Scene, emulated, scene
from tests.roomctl.test_consent import ASKED, Desk, desk
from tests.roomctl.test_many_stacks import Office, office
from tests.terminal.snapshots import LOOKS, ROOMCTL, at_a_desk, looks_as_recorded

__all__ = ["desk", "emulated", "office", "scene"]
OWNER = "exchange.admin@contoso.example"
SMALLEST = {
    "rooms": '["syd-01-harbour@contoso.example", "nowhere@contoso.example"]',
    "mailboxAccess": "applicationAccessPolicy",
    "roomGroupAddress": ADDRESS,
    "roomGroupOwner": OWNER,
    "rotationAnchor": "2026-01-01",
}


@pytest.fixture
def operator(scene: Scene) -> dict[str, str]:
    """The deployer of a tenant, and a Pulumi that tells the scene's state."""
    return {**scene.emulated.tenant.environment, "PATH": scene.path}


def bound(scene: Scene) -> Document:
    """An application, and the group and the policy that limit it, as a destroy keeps them."""
    settings = GroupSettings("PlaceOS Room Booking", "placeos-rooms", ADDRESS, (OWNER,), (OWNER,), MARK)
    group = groups.create(scene.emulated.exchange, settings).group
    application = scene.application()
    policies.add(scene.emulated.exchange, application["appId"], group.object_id, f"Rooms of PlaceOS. {MARK}")
    return application


@pytest.mark.parametrize(
    ("name", "arguments", "code"),
    [
        ("roomctl-help", ["--help"], 0),
        ("emulate-help", ["emulate", "--help"], 0),
        ("create-deployer-help", ["create-deployer", "--help"], 0),
        ("recover-help", ["recover", "--help"], 0),
        ("contain-help", ["contain", "--help"], 0),
        ("verify-help", ["verify", "--help"], 0),
        ("evidence-help", ["evidence", "--help"], 0),
        ("usage-error", ["finish-destroy", "plc:1a2b3c4", "--group", ADDRESS], 64),
        ("usage-error-unknown-command", ["recoverr"], 64),
    ],
)
def test_help_and_wrong_usage(name: str, arguments: list[str], code: int) -> None:
    assert {shown.code for shown in looks_as_recorded(name, [ROOMCTL, *arguments])} == {code}


def test_make_help() -> None:
    assert {shown.code for shown in looks_as_recorded("make-help", ["make"])} == {0}


@pytest.mark.parametrize("command", [["make", "help"], [ROOMCTL, "--help"], [ROOMCTL, "recoverr"]])
def test_a_pipe_gets_plain_text(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, env=at_a_desk(), capture_output=True, text=True, check=False)
    assert "\x1b" not in done.stdout + done.stderr


def test_recover_clean(scene: Scene, operator: dict[str, str]) -> None:
    made = scene.application()
    scene.knows(entra.APPLICATION_TYPE, f"/applications/{made['id']}")
    scene.is_told()
    assert {shown.code for shown in looks_as_recorded("recover-clean", [ROOMCTL, "recover"], operator)} == {0}


def test_recover_what_a_killed_run_left(scene: Scene, operator: dict[str, str]) -> None:
    made = bound(scene)
    scene.principal(made)
    scene.knows(entra.APPLICATION_TYPE, f"/applications/{made['id']}")
    scene.pending.append(
        {"type": "creating", "resource": {"urn": entra.PRINCIPAL.urn("placeos-m365", "dev")}}
    )
    scene.secret(made, probe_name(MARK))
    scene.application(name="TERRAFORM_UPDATE_a7d3")
    other = scene.application(name="PlaceOS, the old one")
    scene.grant(scene.principal(other), permissions.find("User.Read.All").id)
    scene.locked(4711, "desk.contoso.example")
    scene.is_told()
    for shown in looks_as_recorded("recover", [ROOMCTL, "recover"], operator):
        assert shown.code == 7
        assert "Asking Microsoft Graph and Exchange" in shown.raw, "a person sees that it works"


def test_could_not_look(scene: Scene, operator: dict[str, str]) -> None:
    scene.is_told()
    scene.emulated.fault(
        path="^/v1.0/applications$", status=403, times=len(LOOKS),
        body={"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges"}},
    )  # fmt: skip
    assert {shown.code for shown in looks_as_recorded("could-not-look", [ROOMCTL, "recover"], operator)} == {
        1
    }


def test_finish_destroy_while_the_application_can_be_restored(scene: Scene, operator: dict[str, str]) -> None:
    bound(scene)
    command = [ROOMCTL, "finish-destroy", MARK, "--group", ADDRESS, "--yes"]
    assert {shown.code for shown in looks_as_recorded("finish-destroy-refused", command, operator)} == {7}


def test_finish_destroy(scene: Scene, operator: dict[str, str]) -> None:
    graph = scene.emulated.graph
    for look in LOOKS:
        application = bound(scene)
        graph.delete(f"/v1.0/applications/{application['id']}")
        graph.delete(f"/v1.0/directory/deletedItems/{application['id']}")
        command = [ROOMCTL, "finish-destroy", MARK, "--group", ADDRESS, "--yes"]
        [shown] = looks_as_recorded("finish-destroy", command, operator, looks=[look])
        assert shown.code == 0


def test_contain_and_resume(scene: Scene, operator: dict[str, str]) -> None:
    for look in LOOKS:
        made = scene.application()
        scene.principal(made)
        scene.resources.clear()
        scene.knows(entra.APPLICATION_TYPE, f"/applications/{made['id']}")
        leaked = scene.secret(made, "PlaceOS until 2027-03-27")
        scene.secret(made, "PlaceOS until 2026-12-27")
        scene.is_told()
        for name, arguments in (
            ("contain-key", ["contain", "--key", leaked]),
            ("contain", ["contain", "--yes"]),
            ("contain-again", ["contain", "--yes"]),
            ("resume", ["resume"]),
        ):
            [shown] = looks_as_recorded(name, [ROOMCTL, *arguments], operator, looks=[look])
            assert shown.code == 0


def test_create_deployer_dry_run(scene: Scene) -> None:
    administrator = scene.emulated.tenant.environment_of("Tenant Administrator")
    subject = "repo:contoso/rooms:environment:prod"
    command = [ROOMCTL, "create-deployer", "--subject", subject, "--dry-run"]
    assert {shown.code for shown in looks_as_recorded("create-deployer-dry-run", command, administrator)} == {
        7
    }


def test_secrets(scene: Scene, operator: dict[str, str]) -> None:
    made = scene.application()
    scene.principal(made)
    known = [scene.secret(made, name) for name in ("PlaceOS until 2027-02-19", "PlaceOS until 2027-05-20")]
    scene.secret(made, "temporary")
    scene.knows(entra.APPLICATION_TYPE, f"/applications/{made['id']}")
    for slot, key_id in enumerate(known):
        scene.knows_secret(made, slot, key_id, number=slot)
    scene.ran(clientSecretKeyId=known[1])
    scene.is_told()
    assert {shown.code for shown in looks_as_recorded("secrets", [ROOMCTL, "secrets"], operator)} == {7}


def test_consent(desk: Desk, operator: dict[str, str]) -> None:
    desk.proves(*ASKED)
    desk.tenant.grant("Place.Read.All")
    desk.scene.is_told()
    assert {shown.code for shown in looks_as_recorded("consent", [ROOMCTL, "consent"], operator)} == {7}


def test_preflight(scene: Scene, operator: dict[str, str]) -> None:
    scene.is_told()
    config = {f"placeos-m365:{key}": {"value": value} for key, value in SMALLEST.items()}
    scene.tells("config.json", json.dumps(config))
    store = scene.emulated.tenant.store
    head = store.get("tenant", "tenant") or {}
    store.put("tenant", "tenant", head | {"isDehydrated": True})
    scene.emulated.fault(path="conditionalAccess/policies", status=403, times=len(LOOKS))
    command = [ROOMCTL, "preflight"]
    assert {shown.code for shown in looks_as_recorded("preflight", command, operator)} == {7}


def test_many_stacks(office: Office) -> None:
    fabrikam = office.settings("prod-fabrikam")
    office.sets("prod-fabrikam", fabrikam | {"roomGroupOwner": "nobody@fabrikam.example"})
    del office.secrets["SECRET_OF_NORTHWIND"]
    command = [ROOMCTL, "preflight", "--stacks", "prod-*"]
    every = looks_as_recorded("many-stacks", command, office.variables, folder=office.folder)
    assert {shown.code for shown in every} == {7}


DEPLOYER = "PlaceOS Deployer"
PIPELINE = [ROOMCTL, "create-deployer", "--subject", "repo:contoso/rooms:environment:prod", "--yes"]


def forgotten(store: Store) -> None:
    """There never was a deployer of that name."""
    [principal] = [one for one in store.all("servicePrincipal") if one["displayName"] == DEPLOYER]
    for kind in ("application", "servicePrincipal", "roleGroup", "exchangeServicePrincipal"):
        for one in store.all(kind):
            if DEPLOYER in (one.get("displayName"), one.get("Name"), one.get("DisplayName")):
                store.delete(kind, one.get("Guid") or one.get("ObjectId") or one["id"])
    for consent in store.all("appRoleAssignment"):
        if consent["principalId"] == principal["id"]:
            store.delete("appRoleAssignment", consent["id"])


def test_create_deployer(scene: Scene) -> None:
    tenant = scene.emulated.tenant
    for look in LOOKS:
        administrator = tenant.environment_of("Tenant Administrator")
        [shown] = looks_as_recorded("create-deployer", PIPELINE, administrator, looks=[look])
        assert shown.code == 0
        forgotten(tenant.store)


def test_create_deployer_finds_what_others_prepared(scene: Scene) -> None:
    tenant = scene.emulated.tenant
    made = scene.application(name=DEPLOYER, mark="")
    scene.secret(made, "for later")
    scene.grant(scene.principal(made), permissions.find("User.Read.All").id)
    application = tenant.store.get("application", made["id"]) or {}
    opened = {
        "signInAudience": "AzureADMultipleOrgs",
        "_owners": [scene.emulated.tenant.store.all("user")[0]["id"]],
    }
    tenant.store.put("application", made["id"], application | opened)
    administrator = tenant.environment_of("Tenant Administrator")
    assert {
        shown.code for shown in looks_as_recorded("create-deployer-findings", PIPELINE, administrator)
    } == {7}
