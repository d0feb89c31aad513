"""What is collected from a tenant: every part of it, and what could not be looked at."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import drift
import evidence
from evidence.as_json import VERSION, as_json
from evidence.evidence import Evidence, Remains, Seen
from evidence.page import page
from https_json import EndpointError
from resource_manager.key_vault import KeyVault
from tests.drift.made import MARK, Made
from tests.evidence.collected import ROOM, Collecting
from wire import NotAuthorised

SCHEMA = json.loads(Path(evidence.__file__).with_name("evidence.schema.json").read_text(encoding="utf-8"))
OF_DRIFT = json.loads(Path(drift.__file__).with_name("report.schema.json").read_text(encoding="utf-8"))
VAULT = KeyVault("westeurope", "tenant", None, 90, purgeable=False)


@pytest.fixture
def collecting(made: Made) -> Collecting:
    return Collecting(made)


def about(found: Evidence, word: str) -> Remains:
    """The row of the off-boarding list."""
    [one] = [one for one in found.remains if word in one.what]
    return one


def test_the_schema_is_one_and_has_the_version() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["version"]["const"] == VERSION


def test_all_of_it_is_looked_at_and_is_what_the_schema_says(collecting: Collecting) -> None:
    found = collecting.evidence()
    assert found.not_looked_at == ()
    document = json.loads(json.dumps(as_json(found)))
    Draft202012Validator(SCHEMA).validate(document)
    Draft202012Validator(OF_DRIFT).validate(document["drift"])
    assert document["complete"] is True
    assert document["proof"]["enforced"] is None
    assert {one["by"] for one in document["consents"]} == {"Tenant Administrator"}
    assert {one["inCode"] for one in document["consents"]} == {True}
    assert found.members == 48
    assert len([one for one in document["offBoarding"] if "key vault" in one["where"]]) == 0


def test_a_tenant_without_a_sign_in_log_is_a_limit_and_no_failure(collecting: Collecting) -> None:
    collecting.has_log = False
    found = collecting.evidence()
    document = json.loads(json.dumps(as_json(found)))
    Draft202012Validator(SCHEMA).validate(document)
    assert (document["complete"], document["signInLogRead"]) == (True, False)
    said = "The tenant has no sign-in log, which takes Entra ID P1"
    assert said in document["limits"][-1]
    shown = page(found, "evidence.json", "0" * 64)
    assert said in shown
    assert "the tenant has no log" in shown


def test_a_consent_beside_the_code_is_told_as_such(made: Made, collecting: Collecting) -> None:
    service = made.graph.list("/v1.0/servicePrincipals", {"$filter": "displayName eq 'Microsoft Graph'"})[0]
    [role] = [one["id"] for one in service["appRoles"] if one["value"] == "Mail.Send"]
    body = {"principalId": made.code.principal, "resourceId": service["id"], "appRoleId": role}
    made.graph.post(f"{made.principal}/appRoleAssignments", body)
    told = {one.permission: one for one in collecting.evidence().consents or ()}
    assert (told["Mail.Send"].in_code, told["Mail.Send"].narrowed) == (False, True)
    assert (told["User.Read.All"].in_code, told["User.Read.All"].narrowed) == (True, False)


def test_an_entry_of_another_moment_is_of_another_consent(made: Made, collecting: Collecting) -> None:
    store = made.emulated.tenant.store
    for one in store.all("directoryAudit"):
        store.put("directoryAudit", one["correlationId"], one | {"activityDateTime": "2026-11-01T00:00:00Z"})
    assert {one.by for one in collecting.evidence().consents or ()} == {""}


def test_a_person_who_consented_is_named_and_a_failure_is_no_consent(
    made: Made, collecting: Collecting
) -> None:
    store = made.emulated.tenant.store
    person = {"user": {"id": "person", "userPrincipalName": "ada@contoso.example"}, "app": None}
    *others, failed = store.all("directoryAudit")
    store.put("directoryAudit", failed["correlationId"], failed | {"result": "failure"})
    for one in others:
        store.put("directoryAudit", one["correlationId"], one | {"initiatedBy": person})
    by = [(one.by, one.by_id) for one in collecting.evidence().consents or ()]
    assert sorted(set(by)) == [("", ""), ("ada@contoso.example", "person")]


def test_the_vault_says_how_long_it_keeps_what_is_deleted(collecting: Collecting) -> None:
    collecting.vault = lambda: VAULT
    row = about(collecting.evidence(), "vault's secret")
    assert row.until == "90 days after its deletion; its purge protection lets nobody remove it before"
    assert row.end.endswith("then wait")

    collecting.vault = lambda: KeyVault("westeurope", "tenant", None, 7, purgeable=True)
    row = about(collecting.evidence(), "vault's secret")
    assert row.until == "7 days after its deletion"
    assert row.end.endswith(
        "az keyvault secret purge --vault-name contoso-vault --name placeos-client-secret"
    )


def _refuses() -> KeyVault:
    raise NotAuthorised("Azure Resource Manager", "GET vault", "AuthorizationFailed", advice="Grant it.")


def _is_nowhere() -> KeyVault:
    raise EndpointError("The cloud does not say where its Azure Resource Manager is.")


@pytest.mark.parametrize("fails", [_refuses, _is_nowhere])
def test_a_vault_that_does_not_answer_is_told_and_the_rest_is_there(collecting: Collecting, fails) -> None:
    collecting.vault = fails
    found = collecting.evidence()
    [missing] = found.not_looked_at
    assert missing.about == "the key vault contoso-vault"
    assert about(found, "vault's secret").seen is Seen.NOT_LOOKED_AT
    assert about(found, "access policies").seen is Seen.THERE
    Draft202012Validator(SCHEMA).validate(json.loads(json.dumps(as_json(found))))


def test_one_right_that_is_missing_hides_no_other_part(made: Made, collecting: Collecting) -> None:
    for cmdlet in ("Get-MailboxFolderPermission", "Get-ApplicationAccessPolicy"):
        made.emulated.fault(cmdlet=cmdlet, status=403, times=99)
    found = collecting.evidence()
    blind = {one.about for one in found.not_looked_at}
    assert {f"who may see the calendar of {ROOM}", "access policies"} <= blind
    assert found.policies is None
    assert found.consents is not None
    assert about(found, "access policies").seen is Seen.NOT_LOOKED_AT
    assert about(found, "rights on rooms").found == "looked at 0 of 48 rooms"


def test_a_deleted_application_of_this_stack_can_be_restored(made: Made, collecting: Collecting) -> None:
    assert about(collecting.evidence(), "restored").seen is Seen.NOT_THERE
    for notes in (MARK, "somebody else's"):
        body = {"displayName": made.code.name, "notes": notes}
        left = made.graph.post("/v1.0/applications", body)["id"]
        made.graph.delete(f"/v1.0/applications/{left}")
    row = about(collecting.evidence(), "restored")
    assert row.seen is Seen.THERE
    assert row.end.count("az rest --method DELETE") == 1


def test_an_existing_application_is_not_to_be_deleted(collecting: Collecting) -> None:
    collecting.code = {"existing": True}
    found = collecting.evidence()
    assert about(found, "restored").end.startswith("nothing: it is somebody else's")
    assert as_json(found)["application"]["ofThisStack"] is False


def test_an_application_that_is_gone_has_no_consents_and_that_is_no_blindness(
    made: Made, collecting: Collecting
) -> None:
    made.graph.delete(made.application)
    found = collecting.evidence()
    assert found.consents == ()
    assert "consents" not in {one.about for one in found.not_looked_at}
    assert "application-gone" in {one.rule for one in found.report.findings}
    assert about(found, "restored").seen is Seen.THERE


class _Read(HTMLParser):
    """The elements of a page, and what it would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_fetches_nothing_and_takes_no_name_for_markup(collecting: Collecting) -> None:
    collecting.secret_name = "<script src=//x>\u202e&amp;"
    text = page(collecting.evidence(), "evidence.json", "abc123")
    read = _Read()
    read.feed(text)
    assert read.open == []
    assert not read.tags & {"script", "img", "link", "iframe", "a"}
    assert not read.attributes & {"src", "href", "onload"}
    assert "&lt;script src=//x&gt;\\u202e&amp;amp;" in text
    assert "@import" not in text
    assert "url(" not in text
    assert "abc123" in text
    assert "All of it was looked at." in text
    assert ROOM in text


def test_what_is_missing_stands_before_everything_else(made: Made, collecting: Collecting) -> None:
    made.emulated.fault(path="/auditLogs/directoryAudits", status=403, times=99)
    text = page(collecting.evidence(), "evidence.json", "abc123")
    first = text.index("<h2>")
    assert text[first:].startswith("<h2>Not complete: 1 could not be looked at</h2>")
    assert "who consented" in text
