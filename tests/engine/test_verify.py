"""`roomctl verify` on the real engine's stack: as promised, too early, wrong, and without an operator."""

import json
import subprocess
from datetime import datetime, timedelta
from typing import Any

import pytest

import permissions
from emulator.faults import Fault
from graph.service_principals import find_service_principal
from roomctl import promised
from roomctl.current_secret import SLOTS
from tests.engine.rehearsal import Rehearsal, brought_up
from tests.engine.test_identities import made_by_the_command
from tests.in_process import roomctl
from verify.calls import CALLS

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

NOBODY = {"ARM_CLIENT_SECRET": ""}
TOO_EARLY = Fault.model_validate(
    {
        "match": {"path": "/places/"},
        "status": 403,
        "body": {"error": {"code": "ErrorAccessDenied", "message": "Access is denied."}},
    }
)
TOO_YOUNG = Fault.model_validate(
    {
        "match": {"path": "/oauth2/v2.0/token"},
        "skip": 1,
        "status": 401,
        "body": {
            "error": "invalid_client",
            "error_description": "AADSTS7000215: Invalid client secret provided.",
        },
    }
)
"""Of the second of the two slots, which are signed in with first."""


def run(rehearsal: Rehearsal, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    arguments = ("verify", "--stack", "rehearsal", *options)
    return roomctl(*arguments, variables={**rehearsal.environment, **variables}, folder=rehearsal.folder)


def open_rows(rehearsal: Rehearsal, *options: str, **variables: str) -> dict[str, dict[str, Any]]:
    """What is not as promised, by call and mailbox; the exit code is 7 then, and no other."""
    done = run(rehearsal, "--json", *options, **variables)
    assert done.returncode in (0, 7), done.stdout + done.stderr
    rows = [one for one in json.loads(done.stdout)["rows"] if one["verdict"] != "as promised"]
    assert (done.returncode == 7) is bool(rows)
    return {f"{one['slot']}: {one['call']} {one['mailbox']}".strip(): one for one in rows}


def now(rehearsal: Rehearsal) -> datetime:
    return rehearsal.tenant.clock.now()


def left(rehearsal: Rehearsal) -> list[Any]:
    """What a careless look would leave in the tenant."""
    store = rehearsal.tenant.store
    mailed = [one for one in store.logged() if one["path"].endswith("/sendMail") and one["status"] < 300]
    return [store.all("event"), store.all("subscription"), store.all("application"), mailed]


@brought_up
def test_every_call_is_made_with_both_secrets_and_nothing_stays(rehearsal: Rehearsal) -> None:
    before, started = left(rehearsal), now(rehearsal)
    done = run(rehearsal, "--json", "--rooms", "all", **NOBODY)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = json.loads(done.stdout)["rows"]
    in_use, other = dict.fromkeys(one["slot"] for one in rows)
    assert "in use" in in_use
    assert {one["call"] for one in rows if one["slot"] == in_use} == {
        "sign-in",
        *(call.name for call in CALLS),
    }
    assert {one["call"] for one in rows if one["slot"] == other} == {
        "sign-in",
        *(call.name for call in CALLS if not call.makes),
    }
    views = [one for one in rows if one["slot"] == in_use and one["call"] == "calendar view"]
    assert sum(one["expected"] == "works" for one in views) == 48
    assert {one["seen"] for one in views if one["expected"] != "works"} == {"403 ErrorAccessDenied"}
    assert left(rehearsal) == before
    assert now(rehearsal) - started < timedelta(minutes=1), "nobody waited"

    recorded = {one["urn"].rpartition("::")[2] for one in rehearsal.resources()}
    assert {*SLOTS, promised._PROOF, promised.MEMBERS} <= recorded
    shown = run(rehearsal).stdout
    assert "answers as promised" in shown
    page = run(rehearsal, "--markdown").stdout
    assert page.startswith("## PlaceOS verify: rehearsal\n")
    told = done.stdout + done.stderr + shown + page
    assert rehearsal.outputs(secrets=True)["clientSecret"] not in told


@brought_up
def test_it_waits_for_graph_and_not_for_what_is_set_up_otherwise(rehearsal: Rehearsal) -> None:
    made, clock = rehearsal.outputs(), rehearsal.tenant.clock
    exchange = rehearsal.exchange
    [policy] = made["accessPolicyIds"]
    exchange.run("Remove-ApplicationAccessPolicy", Identity=policy, Confirm=False)
    clock.advance(31 * 60)

    started = now(rehearsal)
    wrong = open_rows(rehearsal, "--wait", "2h")
    assert now(rehearsal) - started < timedelta(minutes=1), "Exchange says that no waiting helps"
    one = next(row for name, row in wrong.items() if "calendar view" in name)
    assert (one["verdict"], one["seen"]) == ("not as promised", "200")
    assert "Exchange says granted" in one["why"]
    assert "roomctl contain" in one["advice"]

    exchange.run(
        "New-ApplicationAccessPolicy", AccessRight="RestrictAccess", AppId=[made["clientId"]],
        PolicyScopeGroupId=made["roomGroupObjectId"], Description="again",
    )  # fmt: skip
    with rehearsal.run_by(made_by_the_command(rehearsal, "Looks only", "--role", "read")):
        early = open_rows(rehearsal)
    assert {row["verdict"] for row in early.values()} == {"not yet"}
    assert {row["why"] for row in early.values()} == {
        "Exchange says denied, as the code does; Graph does not act on it yet"
    }
    blind = open_rows(rehearsal, **NOBODY)
    assert {row["verdict"] for row in blind.values()} == {"not as promised, and nobody could say why"}
    started = now(rehearsal)
    assert open_rows(rehearsal, "--wait", "10m")
    assert timedelta(minutes=10) <= now(rehearsal) - started < timedelta(minutes=12)
    clock.advance(40 * 60)
    waited = run(rehearsal, "--wait", "2h")
    assert waited.returncode == 0, waited.stdout + waited.stderr
    assert "Graph does not act on it yet; waiting until" in waited.stderr
    assert timedelta(minutes=50) < now(rehearsal) - started < timedelta(hours=2)


@brought_up
def test_a_permission_too_many_or_too_few_is_named_by_what_it_means(rehearsal: Rehearsal) -> None:
    made, graph = rehearsal.outputs(), rehearsal.graph
    principal = made["servicePrincipalObjectId"]
    held = graph.list(f"/v1.0/servicePrincipals/{principal}/appRoleAssignments")
    service = find_service_principal(graph, permissions.GRAPH_APP_ID)
    grants = f"/v1.0/servicePrincipals/{service}/appRoleAssignedTo"
    places = permissions.find("Place.Read.All").id
    [grant] = [one["id"] for one in held if one["appRoleId"] == places]
    graph.delete(f"{grants}/{grant}")
    mail = {"principalId": principal, "resourceId": service, "appRoleId": permissions.find("Mail.Send").id}
    graph.post(grants, mail)
    before = left(rehearsal)

    rows = open_rows(rehearsal, "--wait", "2h")
    found = {row["call"]: row for row in rows.values()}
    assert set(found) == {"places", "send mail"}
    assert found["places"]["lost"] == "finding the tenant's rooms"
    assert "no consent to Place.Read.All" in found["places"]["why"]
    assert found["send mail"]["seen"] == "400 ErrorInvalidRecipients", "open, and yet nothing was sent"
    assert "granted Mail.Send" in found["send mail"]["why"]
    assert left(rehearsal) == before


@brought_up
def test_a_refused_sign_in_is_told_in_plain_words(rehearsal: Rehearsal) -> None:
    made, graph = rehearsal.outputs(secrets=True), rehearsal.graph
    rehearsal.tenant.faults.add([TOO_EARLY])
    [early] = open_rows(rehearsal).values()
    assert (early["call"], early["verdict"]) == ("places", "not yet")
    assert early["why"] == "Entra lists the consent; Graph's tokens don't carry it yet"
    rehearsal.tenant.faults.add([TOO_YOUNG])
    [young] = open_rows(rehearsal).values()
    assert (young["call"], young["verdict"]) == ("sign-in", "not yet")
    assert young["why"].startswith("Entra lists the client secret, and its sign-in service says")
    rehearsal.tenant.faults.add([TOO_YOUNG])
    before = rehearsal.requests()[-1]["position"]
    assert run(rehearsal, "--wait", "30m").returncode == 0
    looks = [one for one in rehearsal.requests(before) if one["path"].endswith("/microsoft.graph.room")]
    assert len(looks) == 1 + 3 * 2, "once late, three in a row must agree, with both secrets each"

    application = f"/v1.0/applications/{made['applicationObjectId']}"
    graph.post(f"{application}/removePassword", {"keyId": made["clientSecretKeyId"]})
    [row] = open_rows(rehearsal, "--wait", "2h").values()
    assert row["seen"] == "AADSTS7000215: Entra does not know this client secret"
    assert "has no client secret" in row["why"]
    rehearsal.tenant.clock.advance(timedelta(days=400).total_seconds())
    assert {row["seen"].partition(":")[0] for row in open_rows(rehearsal).values()} == {
        "AADSTS7000215",
        "AADSTS7000222",
    }
    shown = run(rehearsal).stdout
    assert "the client secret has expired" in shown
    assert made["clientSecret"] not in shown
