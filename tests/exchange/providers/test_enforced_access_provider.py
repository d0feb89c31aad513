"""The proof that Graph enforces the scope: it waits on the tenant's clock and leaves nothing behind."""

import re
from datetime import timedelta
from typing import Any

import pytest

from emulator.clock import parse_stamp
from exchange.access_policies import AccessPoliciesProvider
from exchange.enforced_access import EnforcedAccessProvider
from exchange.probe import Answer, Question
from tests.exchange.providers.conftest import MARK, PERMISSIONS, Tenant, stopped

PROVIDER: Any = EnforcedAccessProvider()
PROBE = f"Probe of {MARK}, removed by the next run"
BLOCKED = "Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings."
WAITING = re.compile(
    r"WAITING for Microsoft Graph to enforce the access policy \(\d of 2 mailboxes outside the group "
    r"refused, \d of 2 rooms readable\), nothing usable exists; run pulumi up again after \d\d:\d\d UTC"
)


@pytest.fixture
def inputs(tenant: Tenant, proof: dict[str, Any]) -> dict[str, Any]:
    """All that is there after consent; Graph follows twenty minutes later."""
    tenant.graph_enforces_after(1 / 3)
    tenant.grant(*PERMISSIONS)
    return tenant.enforcement_inputs(proof)


def enforced_at(tenant: Tenant) -> Any:
    [policy] = [one for one in tenant.store.all("accessPolicy") if one["AppId"] == tenant.app_id]
    return parse_stamp(policy["_created"]) + tenant.tenant.tenant.policy_delay


def reads(tenant: Tenant, after: int = 0) -> list[dict[str, Any]]:
    """What the application asked of mailboxes."""
    return [
        one
        for one in tenant.requests(after)
        if one.get("client") == tenant.app_id and "/events" in one["path"]
    ]


@pytest.mark.parametrize("hours", [0, 1 / 3, 12])
def test_it_returns_when_graph_refuses_and_not_before(tenant, inputs, hours):
    tenant.graph_enforces_after(hours)
    tenant.hours_pass(max(0, hours - 0.5))
    outputs = PROVIDER.create(inputs).outs
    result = outputs["result"]
    assert result["allowed"] == inputs["allowed"]
    assert result["refused"] == inputs["denied"]
    assert result["permissions"] == sorted(PERMISSIONS)
    assert parse_stamp(result["since"]) >= enforced_at(tenant) - timedelta(seconds=1)
    assert tenant.secrets() == []
    for mailbox in inputs["denied"]:
        answers = [one["status"] for one in reads(tenant) if f"/users/{mailbox}/" in one["path"]]
        assert answers[-3:] == [403, 403, 403]


def test_the_application_reads_event_ids_and_nothing_else(tenant, inputs):
    before = tenant.now()
    PROVIDER.create(inputs)
    assert tenant.writes(before) == ["addPassword", "removePassword"]
    asked = [
        one
        for one in tenant.requests(before)
        if one.get("client") == tenant.app_id and "/oauth2/" not in one["path"]
    ]
    assert asked
    for one in asked:
        assert one["method"] == "GET"
        assert one["path"].endswith("/events")
        assert "select=id" in one["query"]
        assert "top=1" in one["query"]


def test_in_vain_it_says_waiting_in_one_form_and_leaves_nothing(tenant, inputs):
    tenant.graph_enforces_after(12)
    said = stopped(PROVIDER.create, {**inputs, "waitMinutes": 30})
    assert WAITING.fullmatch(said), said
    assert "(0 of 2 mailboxes outside the group refused, 2 of 2 rooms readable)" in said
    assert tenant.secrets() == []
    again = tenant.tenant.clock.now() + timedelta(minutes=30)
    assert f"{again:%H:%M} UTC" in said or f"{again - timedelta(minutes=1):%H:%M} UTC" in said


def test_without_a_policy_it_never_returns(tenant, inputs):
    for one in tenant.store.all("accessPolicy"):
        tenant.store.delete("accessPolicy", one["Identity"])
    assert WAITING.fullmatch(stopped(PROVIDER.create, {**inputs, "waitMinutes": 20}))
    assert tenant.secrets() == []


def test_a_run_that_may_not_wait_still_sees_what_is_enforced(tenant, inputs):
    assert WAITING.fullmatch(stopped(PROVIDER.create, {**inputs, "waitMinutes": 0}))
    tenant.hours_pass(1)
    assert PROVIDER.create({**inputs, "waitMinutes": 0}).outs["result"]
    assert tenant.secrets() == []


def test_a_refusal_for_want_of_consent_proves_nothing(tenant, proof):
    tenant.graph_enforces_after(0)
    said = stopped(PROVIDER.create, tenant.enforcement_inputs(proof, waitMinutes=10))
    assert "0 of 2 mailboxes outside the group refused, 0 of 2 rooms readable" in said
    assert tenant.secrets() == []


def test_a_consent_that_comes_while_it_waits_is_seen(tenant, proof, monkeypatch):
    """A token carries the permissions of its own moment, so each look needs a token of its own."""
    tenant.graph_enforces_after(0)
    slept, sleep = [], type(tenant.deployer.clock).sleep

    def consent_at_the_second(clock: Any, seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 2:
            tenant.grant(*PERMISSIONS)
        sleep(clock, seconds)

    monkeypatch.setattr(type(tenant.deployer.clock), "sleep", consent_at_the_second)
    assert PROVIDER.create(tenant.enforcement_inputs(proof)).outs["result"]
    assert len(slept) == 4


def test_a_young_consent_is_waited_for(tenant, inputs):
    tenant.graph_enforces_after(0)
    plain = {"error": {"code": "ErrorAccessDenied", "message": "Access is denied."}}
    tenant.fault(path="/events", status=403, body=plain, times=8)
    assert PROVIDER.create(inputs).outs["result"]


def test_a_credential_that_sign_in_does_not_know_yet_is_waited_for(tenant, inputs):
    tenant.graph_enforces_after(0)
    young = {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided."}
    tenant.fault(path="/oauth2/v2.0/token", status=401, body=young, times=8)
    before = tenant.now()
    assert PROVIDER.create(inputs).outs["result"]
    assert tenant.writes(before) == ["addPassword", "removePassword"]


@pytest.mark.parametrize("broken_after", [1, 2])
def test_answers_that_flap_do_not_count_until_three_in_a_row(tenant, inputs, broken_after):
    """One front end of Graph knows the policy and another does not."""
    tenant.graph_enforces_after(0)
    first = f"/users/{inputs['denied'][0]}/events"
    tenant.fault(path=first, status=200, body={"value": []}, skip=broken_after)
    before = tenant.now()
    PROVIDER.create(inputs)
    answers = [one["status"] for one in tenant.requests(before) if one["path"].endswith(first)]
    assert answers == [403] * broken_after + [200] + [403] * 3


def test_rooms_must_be_readable_too(tenant, inputs):
    tenant.graph_enforces_after(0)
    blocked = {"error": {"code": "ErrorAccessDenied", "message": BLOCKED}}
    tenant.fault(path=f"/users/{inputs['allowed'][0]}/events", status=403, body=blocked, times=999)
    said = stopped(PROVIDER.create, {**inputs, "waitMinutes": 10})
    assert "2 of 2 mailboxes outside the group refused, 1 of 2 rooms readable" in said


@pytest.mark.parametrize("side", ["allowed", "denied"])
def test_a_mailbox_that_does_not_exist_is_told_and_not_taken_for_refused(tenant, inputs, side):
    said = stopped(PROVIDER.create, {**inputs, side: ["nobody@contoso.example"]})
    assert said.startswith("nobody@contoso.example has no mailbox that Microsoft Graph knows")
    assert "Correct deniedMailboxes or the inventory" in said
    assert tenant.secrets() == []


@pytest.mark.parametrize("side", ["allowed", "denied"])
def test_a_question_that_proves_nothing_is_refused(tenant, inputs, side):
    [failure] = PROVIDER.check({}, {**inputs, side: []}).failures
    assert failure.property == ""
    assert not PROVIDER.check({}, inputs).failures


@pytest.mark.parametrize(
    ("fault", "times"),
    [
        ({"path": "/events", "status": 500}, 99),
        ({"path": "/events", "status": "reset"}, 99),
        ({"path": "/events", "status": 400, "body": {"error": {"code": "Strange", "message": "What?"}}}, 1),
        ({"path": "/oauth2/v2.0/token", "status": 503}, 99_999),
    ],
)
def test_a_failure_in_the_middle_leaves_nothing(tenant, inputs, fault, times):
    tenant.fault(**fault, times=times, skip=3)
    stopped(PROVIDER.create, inputs)
    assert tenant.secrets() == []


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 200, "text": "<html>"},
        {"status": 200, "text": ""},
        {"status": 204, "text": ""},
        {"status": 200, "text": '{"value": [{"id": '},
        {"status": 200, "text": "[]"},
        {"status": 200, "body": {"value": None}},
        {"status": 200, "body": {"value": [None]}},
        {"status": 200, "body": {"id": "x"}},
        {"status": 403, "text": f"<html>{BLOCKED}"},
        {"status": 403, "body": {"message": BLOCKED}},
        {"status": 403, "body": {"error": {"message": BLOCKED}}},
        {"status": 403, "body": {"error": BLOCKED}},
    ],
    ids=str,
)
@pytest.mark.parametrize("side", ["allowed", "denied"])
def test_what_is_not_graph_s_own_answer_proves_nothing(tenant, inputs, side, answer):
    """A proxy's page is neither an open mailbox nor a refusal: nobody could look, and no waiting helps."""
    tenant.graph_enforces_after(0)
    tenant.fault(path=f"/users/{inputs[side][0]}/events", times=9_999, **answer)
    said = stopped(PROVIDER.create, inputs)
    assert "WAITING" not in said
    assert tenant.secrets() == []


def test_a_proxy_that_quotes_the_refusal_is_not_graph(tenant, inputs):
    tenant.graph_enforces_after(0)
    body = {"error": {"code": "Blocked", "message": BLOCKED}}
    tenant.fault(path=f"/users/{inputs['denied'][0]}/events", status=403, body=body, times=9_999)
    said = stopped(PROVIDER.create, {**inputs, "waitMinutes": 10})
    assert "1 of 2 mailboxes outside the group refused" in said


@pytest.mark.parametrize("status", ["reset", 500])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("times", [1, 2])
def test_an_unclear_addpassword_leaves_nothing(tenant, inputs, status, when, times):
    tenant.graph_enforces_after(0)
    tenant.fault(path="addPassword", status=status, when=when, times=times)
    if times == 1:
        assert PROVIDER.create(inputs).outs["leftOver"] == []
    else:
        stopped(PROVIDER.create, inputs)
    assert tenant.secrets() == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_unclear_removepassword_leaves_nothing(tenant, inputs, when):
    tenant.graph_enforces_after(0)
    tenant.fault(path="removePassword", status=500, when=when)
    PROVIDER.create(inputs)
    assert tenant.secrets() == []


def killed(tenant: Tenant) -> str:
    """What a killed probe leaves behind: the key id of its credential."""
    made = tenant.graph.post(
        f"/v1.0/applications/{tenant.application['id']}/addPassword",
        {"passwordCredential": {"displayName": PROBE}},
    )
    return str(made["keyId"])


def keep_secret(tenant: Tenant) -> None:
    tenant.graph.post(
        f"/v1.0/applications/{tenant.application['id']}/addPassword",
        {"passwordCredential": {"displayName": "PlaceOS until 2026-09-01"}},
    )


def test_what_a_killed_run_left_is_drift_and_the_next_run_removes_it(tenant, inputs):
    tenant.graph_enforces_after(0)
    keep_secret(tenant)
    outputs = PROVIDER.create(inputs).outs
    assert PROVIDER.read("id", outputs).outs == outputs
    left = killed(tenant)
    read = PROVIDER.read("id", outputs).outs
    assert read["leftOver"] == [f"the credential {left} of a killed probe"]
    assert PROVIDER.diff("id", read, inputs).changes
    before = tenant.now()
    repaired = PROVIDER.update("id", read, inputs).outs
    assert tenant.writes(before) == ["removePassword", "addPassword", "removePassword"]
    assert repaired["leftOver"] == []
    assert tenant.secrets() == ["PlaceOS until 2026-09-01"]


def repeated(tenant: Tenant, name: str, mark: str = MARK) -> str:
    """What a repeated POST leaves behind: an application that is in no state."""
    return str(tenant.graph.post("/v1.0/applications", {"displayName": name, "notes": mark})["id"])


def carry_the_mark(tenant: Tenant) -> None:
    tenant.graph.patch(f"/v1.0/applications/{tenant.application['id']}", {"notes": MARK})


@pytest.mark.parametrize("name", ["PlaceOS", "TERRAFORM_UPDATE_a7d3"])
def test_an_application_that_azuread_made_twice_is_told_and_is_drift(tenant, inputs, capfd, name):
    """A POST is repeated after a 5xx or a broken connection; the first application is in no state."""
    tenant.graph_enforces_after(0)
    carry_the_mark(tenant)
    id_ = repeated(tenant, name)
    repeated(tenant, name, mark="plc:another0")
    outputs = PROVIDER.create(inputs).outs
    expected = [f"application {name} ({id_}) beside the stack's own"]
    assert outputs["leftOver"] == PROVIDER.read("id", outputs).outs["leftOver"] == expected
    assert PROVIDER.diff("id", outputs, inputs).changes
    told = capfd.readouterr().err
    assert expected[0] in told
    assert "Run roomctl recover" in told
    tenant.graph.delete(f"/v1.0/applications/{id_}")
    assert PROVIDER.update("id", outputs, inputs).outs["leftOver"] == []
    assert capfd.readouterr().err == ""


def test_an_application_that_is_being_replaced_is_not_taken_for_one_made_twice(tenant, inputs):
    """While it is replaced the old one has its secrets still; nobody has those of one made twice."""
    carry_the_mark(tenant)
    old = repeated(tenant, "PlaceOS")
    tenant.graph.post(f"/v1.0/applications/{old}/addPassword", {"passwordCredential": {}})
    assert PROVIDER.read("id", inputs).outs["leftOver"] == []


def test_a_secret_that_azuread_made_twice_is_told_and_is_drift(tenant, inputs, capfd):
    tenant.graph_enforces_after(0)
    carry_the_mark(tenant)
    keep_secret(tenant)
    assert PROVIDER.create(inputs).outs["leftOver"] == []
    keep_secret(tenant)
    twice = ["2 client secrets named 'PlaceOS until 2026-09-01'"]
    assert PROVIDER.read("id", inputs).outs["leftOver"] == twice
    assert PROVIDER.update("id", inputs, inputs).outs["leftOver"] == twice
    assert twice[0] in capfd.readouterr().err


def by_hand(tenant: Tenant) -> list[str]:
    """A secret, a certificate and a federated credential, as somebody adds them in the portal."""
    path = f"/v1.0/applications/{tenant.application['id']}"
    made = tenant.graph.post(f"{path}/addPassword", {"passwordCredential": {"displayName": "temporary"}})
    key_id = "00000000-0000-4000-8000-00000000000c"
    stored = tenant.store.get("application", tenant.application["id"]) or {}
    certificate = {"keyId": key_id, "displayName": "CN=me", "endDateTime": "2030-01-01T00:00:00Z"}
    tenant.store.put("application", stored["id"], stored | {"keyCredentials": [certificate]})
    tenant.graph.post(
        f"{path}/federatedIdentityCredentials",
        {
            "name": "by-hand",
            "issuer": "https://token.example",
            "subject": "me",
            "audiences": ["api://AzureADTokenExchange"],
        },
    )
    return [
        f"client secret 'temporary' ({made['keyId']})",
        f"certificate 'CN=me' ({key_id})",
        "federated credential of https://token.example for me",
    ]


def test_a_credential_that_was_added_by_hand_is_drift_and_is_left_alone(tenant, inputs, capfd):
    tenant.graph_enforces_after(0)
    carry_the_mark(tenant)
    keep_secret(tenant)
    outputs = PROVIDER.create(inputs).outs
    assert outputs["leftOver"] == []
    added = by_hand(tenant)
    read = PROVIDER.read("id", outputs).outs
    assert read["leftOver"] == added
    assert PROVIDER.diff("id", read, inputs).changes
    assert PROVIDER.update("id", read, inputs).outs["leftOver"] == added
    told = capfd.readouterr().err
    assert "; ".join(added) in told
    assert "Find out who uses it" in told
    assert tenant.secrets() == ["PlaceOS until 2026-09-01", "temporary"]


def test_on_an_application_of_others_their_credentials_are_theirs(tenant, inputs):
    by_hand(tenant)
    assert PROVIDER.read("id", inputs).outs["leftOver"] == []


def test_on_an_application_of_others_a_name_may_stand_twice(tenant, inputs):
    """Two stacks that take the same application give their secrets the same names."""
    keep_secret(tenant)
    keep_secret(tenant)
    assert PROVIDER.read("id", inputs).outs["leftOver"] == []


@pytest.mark.parametrize("status", [403, 500])
def test_not_to_be_able_to_list_applications_is_never_nothing_left(tenant, inputs, status):
    carry_the_mark(tenant)
    tenant.fault(path="/applications$", status=status, times=20)
    stopped(PROVIDER.read, "id", inputs)


def test_deleting_removes_what_was_left_and_nothing_else(tenant, inputs):
    keep_secret(tenant)
    killed(tenant)
    PROVIDER.delete("id", inputs)
    assert tenant.secrets() == ["PlaceOS until 2026-09-01"]


def test_the_credential_ends_by_itself(tenant, inputs):
    tenant.fault(path="removePassword", status=403, times=9)
    stopped(PROVIDER.create, {**inputs, "waitMinutes": 60})
    kept = tenant.store.get("application", tenant.application["id"])
    [credential] = kept["passwordCredentials"]
    assert parse_stamp(credential["endDateTime"]) < tenant.tenant.clock.now() + timedelta(hours=2)


def test_an_application_removed_by_hand_is_no_failure(tenant, inputs):
    """A refresh or destroy that failed here could never go on."""
    tenant.graph_enforces_after(0)
    outputs = PROVIDER.create(inputs).outs
    tenant.graph.delete(f"/v1.0/applications/{tenant.application['id']}")
    assert PROVIDER.read("id", outputs).outs["leftOver"] == []
    PROVIDER.delete("id", outputs)


@pytest.mark.parametrize("status", [403, 500])
def test_not_to_be_able_to_look_is_never_nothing_left(tenant, inputs, status):
    tenant.fault(path=f"/applications/{tenant.application['id']}$", status=status, times=20)
    stopped(PROVIDER.read, "id", inputs)


@pytest.mark.parametrize("key", PROVIDER.compared)
def test_whatever_the_proof_hangs_on_asks_it_again(tenant, inputs, key):
    outputs = {**inputs, "leftOver": []}
    differing = PROVIDER.diff("id", outputs, {**inputs, key: ["another"]})
    assert differing.changes
    assert not differing.replaces


def test_no_answer_but_the_expected_one_holds():
    question = Question(allowed=("room",), denied=("person",))
    for room in Answer:
        for person in Answer:
            holds = question.holds({"room": room, "person": person})
            assert holds == (room is Answer.READABLE and person is Answer.REFUSED)


def test_a_scope_that_was_just_replaced_can_not_pass_for_the_new_one(tenant, scope, inputs, group, rooms):
    """The attack: Graph refuses for half an hour longer on behalf of a policy that is gone."""
    tenant.graph_enforces_after(70 / 60)
    tenant.hours_pass(1)
    other = tenant.another_group("other", rooms)
    both: Any = AccessPoliciesProvider().update("id", scope, tenant.policy_inputs(other)).outs
    assert set(both["groupObjectIds"]) == {group, other}
    PROVIDER.create(inputs)
    tenant.hours_pass(0.7)
    assert PROVIDER.create({**inputs, "waitMinutes": 2}).outs["result"], "nothing opened since"


def test_the_echo_of_a_removed_policy_is_not_taken_for_the_new_one(tenant, group, proof):
    """Graph refuses for half an hour after a policy went, and opens before the one made anew is enforced."""
    tenant.graph_enforces_after(1.2)
    tenant.grant(*PERMISSIONS)
    tenant.hours_pass(2)
    tenant.exchange.run("Remove-ApplicationAccessPolicy", Identity=proof["policyIds"][0], Confirm=False)
    tenant.hours_pass(1 / 12)
    again = tenant.restrict(group)
    assert again["policyIds"] == proof["policyIds"]
    inputs = tenant.enforcement_inputs(proof, policiesSince=again["since"])
    assert "WAITING for" in stopped(PROVIDER.create, {**inputs, "waitMinutes": 0})
    since = parse_stamp(PROVIDER.create(inputs).outs["result"]["since"])
    newest = max(parse_stamp(one["_created"]) for one in tenant.store.all("accessPolicy"))
    assert since >= newest + tenant.tenant.tenant.policy_delay - timedelta(seconds=1)
