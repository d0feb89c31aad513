"""`roomctl contain` and `roomctl resume`: what they close, what they tell, and what they leave."""

import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from typing import Any

import pytest

from emulator.faults import Fault
from emulator.store import Document
from emulator.tokens import token_lifetime_policy
from graph import applications
from graph.api import Document as Sent
from moments import moment
from rights import Role, needed, useful
from roomctl import entra_resources as entra
from tests.docs.test_deployer_rights import give, only
from tests.roomctl.conftest import NAME, Scene

SLOT = "PlaceOS until 2027-03-27"
EARLIER = "PlaceOS until 2026-12-27"


@pytest.fixture
def application(scene: Scene) -> Sent:
    """The stack's application with every kind of key."""
    made = scene.application()
    principal = scene.principal(made)
    scene.knows(entra.APPLICATION_TYPE, f"/applications/{made['id']}")
    for name in (SLOT, EARLIER, "by hand"):
        scene.secret(made, name)
    trust = {"name": "prod", "issuer": "https://issuer.example", "subject": "repo:contoso/rooms"}
    path = f"/v1.0/applications/{made['id']}/federatedIdentityCredentials"
    scene.emulated.graph.post(path, trust | {"audiences": ["api://AzureADTokenExchange"]})
    store = scene.emulated.tenant.store
    for kind, id_ in (("application", made["id"]), ("servicePrincipal", principal["id"])):
        held = stored(scene, kind, id_)
        store.put(kind, id_, held | {"keyCredentials": [{"keyId": f"certificate of {kind}"}]})
    held = stored(scene, "servicePrincipal", principal["id"])
    store.put("servicePrincipal", principal["id"], held | {"passwordCredentials": [{"keyId": "of-it"}]})
    return {**made, "principal": principal["id"]}


def stored(scene: Scene, kind: str, id_: str) -> Document:
    found = scene.emulated.tenant.store.get(kind, id_)
    assert found is not None
    return found


def left(scene: Scene, made: Sent) -> list[object]:
    """What still lets somebody sign in."""
    application = stored(scene, "application", made["id"])
    principal = stored(scene, "servicePrincipal", made["principal"])
    found: list[object] = ["enabled"] if principal["accountEnabled"] else []
    for held in (application, principal):
        found += [one["keyId"] for one in (*held["passwordCredentials"], *held["keyCredentials"])]
    return [*found, *application.get("_federated", [])]


def keys(scene: Scene, made: Sent) -> dict[str, str]:
    return {one.display_name: one.key_id for one in applications.passwords(scene.emulated.graph, made["id"])}


def writes(scene: Scene, after: int) -> list[str]:
    return [
        f"{one['method']} {one['path']}"
        for one in scene.emulated.tenant.store.logged(after)
        if one["method"] != "GET" and "/oauth2/" not in one["path"]
    ]


def breaks(scene: Scene, match: dict[str, str], **fault: Any) -> None:
    """The next request of these goes wrong."""
    scene.emulated.tenant.faults.add([Fault.model_validate({"match": match, **fault})])


def position(scene: Scene) -> int:
    return int(scene.emulated.tenant.store.logged()[-1]["position"])


def test_everything_is_closed_after_the_mark_is_written_and_exchange_is_not_asked(
    scene: Scene, application: Sent
) -> None:
    before = position(scene)
    done = scene.roomctl("contain", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert left(scene, application) == []
    first, second, *_ = writes(scene, before)
    assert first == f"PATCH /v1.0/applications/{application['id']}"
    assert second == f"PATCH /v1.0/servicePrincipals/{application['principal']}"
    assert not [one for one in scene.emulated.tenant.store.logged(before) if "cmdlet" in one]
    notes = stored(scene, "application", application["id"])["notes"]
    assert re.search(r"Contained since 20\S+Z by application [0-9a-f-]{36}; roomctl resume ends it\.", notes)
    assert notes.startswith(application["notes"]), "recover finds the application as before"
    assert "This stops every room panel at once" in done.stdout
    assert "roomctl resume --stack dev" in done.stdout


def test_a_second_time_nothing_is_written_and_the_first_mark_stays(scene: Scene, application: Sent) -> None:
    scene.roomctl("contain", "--yes")
    notes, before = stored(scene, "application", application["id"])["notes"], position(scene)
    scene.emulated.tenant.clock.advance(60)
    done = scene.again("contain", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert "contained" in done.stdout
    assert writes(scene, before) == []
    assert stored(scene, "application", application["id"])["notes"] == notes


@pytest.mark.parametrize(
    ("fault", "told", "open_"),
    [
        ({"path": "/v1.0/applications/[^/]+$", "method": "PATCH"}, "the mark that stops pulumi up", []),
        ({"path": "servicePrincipals/[^/]+$", "method": "PATCH"}, "the service principal", ["enabled"]),
        ({"path": "/applications/.*/removePassword$"}, f"({SLOT}) of the application", None),
        ({"path": "/federatedIdentityCredentials$"}, "federated credentials: Microsoft Graph", None),
    ],
)
def test_one_failure_stops_nothing_else_and_is_told_at_the_end(
    scene: Scene, application: Sent, fault: dict[str, str], told: str, open_: list[str] | None
) -> None:
    body = {"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges"}}
    breaks(scene, fault, status=403, body=body)
    done = scene.roomctl("contain", "--yes")
    assert done.returncode == 1
    assert told in done.stderr, done.stderr
    assert "still open; run the same command again" in done.stderr
    assert "Contained: nobody" not in done.stdout
    stops = told != "the mark that stops pulumi up"
    assert ("pulumi up stops until then" in done.stdout) is stops
    assert ("pulumi up is NOT stopped" in done.stdout) is not stops
    found = left(scene, application)
    assert found == open_ if open_ is not None else len(found) == 1
    again = scene.again("contain", "--yes")
    assert (again.returncode, again.stderr) == (0, "")
    assert left(scene, application) == []
    assert "Contained since" in stored(scene, "application", application["id"])["notes"]


def test_who_may_only_read_is_told_that_nothing_is_closed(scene: Scene, application: Sent) -> None:
    before = left(scene, application)
    only(
        scene.emulated.tenant.store,
        [one for one in useful({Role.READ}) if one.name == "Application.Read.All"],
    )
    done = scene.roomctl("contain", "--yes")
    assert done.returncode == 1
    assert left(scene, application) == before
    assert "pulumi up is NOT stopped" in done.stdout
    assert "roomctl resume" not in done.stdout
    _, still_open = done.stderr.split("run the same command again:\n")
    named = ["the mark", "the service principal", "client secret", "certificates of", "federated credential"]
    lines = still_open.splitlines()
    assert all(line.startswith("  ") for line in lines), still_open
    assert all(any(line.strip().startswith(name) for line in lines) for name in named), still_open


def test_an_answer_that_is_lost_is_no_failure(scene: Scene, application: Sent) -> None:
    breaks(scene, {"path": "/v1.0/applications/[^/]+$", "method": "PATCH"}, when="after")
    breaks(scene, {"path": "removePassword$"}, when="after")
    done = scene.roomctl("contain", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert left(scene, application) == []


def test_without_the_state_the_client_id_is_enough(scene: Scene, application: Sent) -> None:
    unread = scene.again("contain", "--yes")
    assert unread.returncode == 1
    assert "enabled" in left(scene, application)
    for command in (("contain", "--yes"), ("resume",)):
        done = scene.again(*command, "--client-id", application["appId"].upper())
        assert (done.returncode, done.stderr) == (0, "")
    assert left(scene, application) == ["enabled"]


def test_it_asks_first_and_says_what_stops(scene: Scene, application: Sent) -> None:
    scene.is_told()
    before = position(scene)
    done = subprocess.run(
        [sys.executable, "-m", "roomctl", "contain"], input="n\n", env={**os.environ, "PATH": scene.path},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 7
    assert "This stops every room panel at once" in done.stdout
    assert writes(scene, before) == []
    assert "enabled" in left(scene, application)


def test_a_stack_of_an_existing_application_is_known_by_its_policies(scene: Scene, application: Sent) -> None:
    scene.resources.clear()
    none = scene.roomctl("contain", "--yes")
    assert none.returncode == 1
    assert f"{NAME} has recorded no application" in none.stderr
    scene.knows(entra.POLICIES_TYPE, f"{application['appId']}-access-policies")
    done = scene.roomctl("contain", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert left(scene, application) == []


def test_one_key_is_removed_and_the_rest_stays(scene: Scene, application: Sent) -> None:
    before = left(scene, application)
    leaked = keys(scene, application)[SLOT]
    done = scene.roomctl("contain", "--key", leaked.upper())
    assert (done.returncode, done.stderr) == (0, "")
    assert left(scene, application) == [one for one in before if one != leaked]
    assert leaked in stored(scene, "application", application["id"])["notes"]
    assert "pulumi up --refresh --stack dev\n  roomctl handover --stack dev" in done.stdout
    assert "already issued ones work until 20" in done.stdout


def test_a_key_that_is_not_there_is_refused_with_those_that_are(scene: Scene, application: Sent) -> None:
    before = position(scene)
    done = scene.roomctl("contain", "--key", "00000000-0000-4000-8000-000000000000")
    assert done.returncode == 1
    for name, key_id in keys(scene, application).items():
        assert re.search(rf"{key_id}  '{name}', ends 20\S+Z", done.stderr)
    assert writes(scene, before) == []


def test_how_long_tokens_live_and_who_signed_in_last_are_told_where_they_may_be_read(
    scene: Scene, application: Sent
) -> None:
    tenant = scene.emulated.tenant
    keys_before = keys(scene, application)
    only(tenant.store, needed({Role.CONTAIN}))
    refused = scene.roomctl("contain", "--yes").stdout
    for name in ("Policy.Read.All", "AuditLog.Read.All (the log takes Entra ID P1, too)"):
        assert f"Grant the deployer {name}" in " ".join(refused.split())
    assert "at worst, a day" in " ".join(refused.split())
    for right in useful({Role.CONTAIN}):
        give(tenant.store, right)
    usual = " ".join(scene.again("contain", "--yes").stdout.split())
    assert "(90 minutes)" in usual
    assert "nobody, as far as the log goes back" in usual
    for id_, hours, owner in (("of-it", 8, "principal"), ("another's", 20, None)):
        policy = token_lifetime_policy(
            id_, id_, timedelta(hours=hours), [application[owner] if owner else "x"]
        )
        tenant.store.put("tokenLifetimePolicy", id_, policy)
    entry = {
        "id": "1", "createdDateTime": "2026-11-21T08:00:00Z", "appId": application["appId"],
        "servicePrincipalCredentialKeyId": "stolen", "ipAddress": "203.0.113.7",
        "resourceDisplayName": "Microsoft Graph", "signInEventTypes": ["servicePrincipal"],
        "status": {"errorCode": 0},
    }  # fmt: skip
    tenant.store.put("signIn", "1", entry)
    slot = entry | {"id": "3", "servicePrincipalCredentialKeyId": keys_before[SLOT]}
    tenant.store.put("signIn", "3", slot)
    tenant.store.put("signIn", "2", entry | {"id": "2", "status": {"errorCode": 7000215}, "ipAddress": "::1"})
    told = " ".join(scene.again("contain", "--yes").stdout.split())
    assert "(8 hours)" in told
    probe = "with key stolen (not among its keys any more; a run's own probe signs in so) at 2026-11-21T08"
    assert probe in told
    assert "Z from 203.0.113.7 to Microsoft Graph" in told
    assert f"with key {keys_before[SLOT]} at 2026" in told, "removed, and the stack's"
    assert "::1" not in told


def test_a_second_time_the_tokens_end_as_the_first_time(scene: Scene, application: Sent) -> None:
    def end() -> datetime:
        [found] = re.findall(
            r"already issued ones work until (\S+)", scene.roomctl("contain", "--yes").stdout
        )
        return moment(found)

    first = end()
    scene.emulated.tenant.clock.advance(600)
    # The first run counts from when it was done, the second from the mark, which it made when it began.
    assert first - timedelta(minutes=1) < end() <= first
    scene.secret(application, "by hand")
    assert end() > first, "somebody had a way in until now"


def test_resume_ends_it_and_a_second_time_does_nothing(scene: Scene, application: Sent) -> None:
    scene.roomctl("contain", "--yes")
    done = scene.again("resume")
    assert (done.returncode, done.stderr) == (0, "")
    notes = stored(scene, "application", application["id"])["notes"]
    assert "Contained" not in notes
    assert notes.startswith(application["notes"])
    assert left(scene, application) == ["enabled"]
    assert "pulumi up --refresh --stack dev" in done.stdout
    before = position(scene)
    again = scene.again("resume")
    assert (again.returncode, again.stderr) == (0, "")
    assert "Nothing to resume" in again.stdout
    assert "pulumi up --refresh --stack dev" in again.stdout
    assert writes(scene, before) == []


def test_resume_tells_a_key_that_came_in_spite_of_the_containment(scene: Scene, application: Sent) -> None:
    scene.roomctl("contain", "--yes")
    key_id = scene.secret(application, "by hand")
    done = scene.again("resume")
    assert done.returncode == 0
    assert f"Found: {key_id}" in done.stdout


def test_resume_of_what_is_not_contained_makes_nothing_anew(scene: Scene, application: Sent) -> None:
    done = scene.roomctl("resume")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Nothing to resume" in done.stdout
    assert "nothing is made anew" in done.stdout
    assert "pulumi up" not in done.stdout


@pytest.mark.parametrize("key", ["nonsense", ""])
def test_a_key_that_is_no_guid_is_wrong_usage(scene: Scene, key: str) -> None:
    done = scene.again("contain", "--key", key)
    assert done.returncode == 64
    assert "a key id is a GUID" in done.stderr


@pytest.mark.parametrize("command", ["contain", "resume"])
def test_wrong_usage(scene: Scene, command: str) -> None:
    for arguments in (["--client-id", "placeos"], ["--client-id", "0" * 8, "--stack", "dev"]):
        assert scene.again(command, *arguments).returncode == 64
