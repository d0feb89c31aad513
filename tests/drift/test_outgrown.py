"""An acceptance is about what was there that day: what is more later is drift, whatever its subject."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from drift.accepted import Acceptance, lines_for, read
from drift.looks import LOOKS
from drift.managed import Changed, managed
from drift.report import Report, report
from emulator.faults import Fault
from permissions import GRAPH_APP_ID
from tests.drift.by_hand import typed
from tests.drift.made import OWNER, Made, consent
from tests.drift.tampering import _SCOPE, OTHER, PERSON, TAMPERINGS, TRAVEL, in_the_name_of

_MAIL_SEND = "b633e1c5-b582-4048-a93e-9f11b44c7e96"


@dataclass(frozen=True)
class Growth:
    """What is accepted, what is done after that, and a word of what the report tells of it."""

    first: Callable[[Made], Any]
    then: Callable[[Made], Any]
    told: str


def _done(name: str) -> Callable[[Made], None]:
    return TAMPERINGS[name].do


def _joins(made: Made) -> None:
    made.exchange.run(
        "Add-DistributionGroupMember",
        Identity=TRAVEL, Member=PERSON, BypassSecurityGroupManagerCheck=True,
    )  # fmt: skip


def _look_alike(made: Made) -> str:
    [found] = made.graph.list("/v1.0/servicePrincipals", {"$filter": "displayName eq 'PlaceOS (old)'"})
    return str(found["id"])


def _limited_look_alike(made: Made) -> None:
    _done("a look-alike")(made)
    app = made.graph.get(f"/v1.0/servicePrincipals/{_look_alike(made)}")["appId"]
    made.exchange.run(
        "New-ApplicationAccessPolicy",
        AccessRight="RestrictAccess", AppId=[app], PolicyScopeGroupId=TRAVEL, Description="x",
    )  # fmt: skip


def _more_scopes(made: Made) -> None:
    other = {**_SCOPE, "id": "7f3c2a52-7b3c-4a29-9f0e-0d4f5a3f6f19", "value": "Evil.All"}
    made.graph.patch(made.application, {"api": {"oauth2PermissionScopes": [_SCOPE, other]}})


def _audience(made: Made) -> None:
    path = f"{made.application}/federatedIdentityCredentials"
    [trust] = made.graph.list(path)
    made.graph.patch(f"{path}/{trust['id']}", {"audiences": ["api://elsewhere"]})


def _lock(**settings: Any) -> Callable[[Made], None]:
    def set_(made: Made) -> None:
        settings["BypassSecurityGroupManagerCheck"] = True
        made.exchange.run("Set-DistributionGroup", Identity=made.group, **settings)

    return set_


def _tags(path: str, *tags: str) -> Callable[[Made], None]:
    return lambda made: made.graph.patch(getattr(made, path), {"tags": list(tags)})


def _redirects(*addresses: str) -> Callable[[Made], None]:
    return lambda made: made.graph.patch(made.application, {"web": {"redirectUris": list(addresses)}})


def _as(address: str) -> Callable[[Made], None]:
    return lambda made: in_the_name_of(made, "openid Mail.Read", address)


A, B, C = "https://a.example/", "https://b.example/", "https://c.example/"
TAKEN_FROM = {
    "redirect addresses more": Growth(_redirects(A), _redirects(A, B, C), B),
    "a tag of the application more": Growth(_tags("application", A), _tags("application", A, B), B),
    "another person's consent": Growth(_as(PERSON), _as(OTHER), "the person "),
    "a tag of the principal more": Growth(_tags("principal", A), _tags("principal", A, B), B),
}
"""Of what is one list: the repair leaves what is accepted."""
GROWTHS = {
    **TAKEN_FROM,
    "a look-alike gets a permission": Growth(
        _done("a look-alike"),
        lambda made: consent(made.graph, _look_alike(made), GRAPH_APP_ID, _MAIL_SEND),
        "Mail.Send",
    ),
    "a look-alike's group gets a member": Growth(_limited_look_alike, _joins, PERSON),
    "a nested group gets a member": Growth(_done("a group in the scope"), _joins, PERSON),
    "a policy's group gets a member": Growth(_done("a policy more"), _joins, PERSON),
    "a role group gets a role": Growth(
        _done("a role group"),
        lambda made: made.exchange.run(
            "New-ManagementRoleAssignment", SecurityGroup="Helpers", Role="Role Management"
        ),
        "Role Management",
    ),
    "the notes are others": Growth(
        lambda made: made.graph.patch(made.application, {"notes": "mine"}),
        lambda made: made.graph.patch(made.application, {"notes": "mine again"}),
        "mine again",
    ),
    "an API gets a scope": Growth(_done("a scope to ask for"), _more_scopes, "Evil.All"),
    "a trust is for another audience": Growth(_done("a federated credential"), _audience, "api://elsewhere"),
    "a group gets another owner": Growth(
        _lock(ManagedBy=[OWNER, PERSON]), _lock(ManagedBy=[OWNER, PERSON, OTHER]), OTHER
    ),
}


def looked(made: Made, file: Path) -> Report:
    return report(made.asking(), (), read(file), made.emulated.tenant.clock.now().date(), LOOKS)


def accept(told: Report, file: Path) -> None:
    """As the report proposes it, completed by a person."""
    lines = "\n".join(lines_for(one, told.stack) for one in told.findings)
    file.write_text(lines.replace("YYYY-MM-DD", "2099-01-01"), encoding="utf-8")


@pytest.mark.parametrize("name", GROWTHS)
def test_what_is_more_than_was_accepted_is_drift(made: Made, tmp_path: Path, name: str) -> None:
    growth, file = GROWTHS[name], tmp_path / "dev.yaml"
    growth.first(made)
    accept(made.reported(), file)
    before = looked(made, file)
    assert (before.exit_code, len(before.sorted.accepted)) == (0, 1)
    growth.then(made)
    after = looked(made, file)
    assert after.exit_code == 7
    [(found, entry)] = after.sorted.outgrown
    said = entry.outgrown_by(found)
    assert said.startswith("is accepted until 2099-01-01, but it holds more now: ")
    assert growth.told in said
    assert (after.sorted.accepted, after.sorted.unused) == ((), ())


@pytest.mark.parametrize("name", TAKEN_FROM)
def test_the_repair_leaves_what_is_accepted(made: Made, tmp_path: Path, name: str) -> None:
    growth, file = TAKEN_FROM[name], tmp_path / "dev.yaml"
    growth.first(made)
    accept(made.reported(), file)
    growth.then(made)
    [found] = looked(made, file).findings
    assert typed(found.repair, made.graph, made.exchange) == []
    left = looked(made, file)
    assert left.findings == ()
    [(kept, entry)] = left.sorted.accepted
    assert kept.holds == entry.holds


def test_what_is_accepted_by_a_checksum_alone_is_not_taken_away_without_a_word(
    made: Made, tmp_path: Path
) -> None:
    file = tmp_path / "dev.yaml"
    many = [f"{A}{place}" for place in range(21)]
    _redirects(*many)(made)
    accept(made.reported(), file)
    _redirects(*many, B)(made)
    [found] = looked(made, file).findings
    assert found.repair.startswith("# this takes away what was accepted, too, ")


def test_what_is_graver_than_was_accepted_is_taken_away_whole(made: Made, tmp_path: Path) -> None:
    file = tmp_path / "dev.yaml"
    _redirects(A)(made)
    accept(made.reported(), file)
    file.write_text(file.read_text().replace("level: high", "level: low"), encoding="utf-8")
    [found] = looked(made, file).findings
    assert typed(found.repair, made.graph, made.exchange) == []
    assert looked(made, file).findings == ()


def test_what_is_less_stays_accepted(made: Made, tmp_path: Path) -> None:
    file = tmp_path / "dev.yaml"
    TAMPERINGS["a group in the scope"].do(made)
    _joins(made)
    accept(made.reported(), file)
    made.exchange.run(
        "Remove-DistributionGroupMember",
        Identity=TRAVEL, Member=PERSON, Confirm=False, BypassSecurityGroupManagerCheck=True,
    )  # fmt: skip
    assert looked(made, file).exit_code == 0


@pytest.mark.parametrize("value", ["claims['sub'] matches 'repo:a/*'", "claims['sub'] matches '*'"])
def test_each_expression_of_a_trust_is_a_subject_of_its_own(made: Made, value: str) -> None:
    trust = {"id": "1", "name": "x", "issuer": "https://i.example", "audiences": ["a"], "subject": None}
    expression = {"claimsMatchingExpression": {"value": value, "languageVersion": 1}}
    answers: dict[str, Any] = {
        r"/\$batch$": {"responses": []},
        "/federatedIdentityCredentials$": {"value": [trust | expression]},
    }
    plan = [{"match": {"path": path}, "status": 200, "body": body} for path, body in answers.items()]
    made.emulated.tenant.faults.add(Fault.model_validate({"times": 100, **one}) for one in plan)
    [found] = made.reported().findings
    assert found.subject == f"x: https://i.example for {value}"


def test_another_value_of_what_pulumi_manages_is_not_accepted() -> None:
    def finding(found: str) -> Any:
        [one] = managed([Changed("azuread:index/application:Application", "a", {"web": ("", found)})], "dev")
        return one

    [entry] = yaml.safe_load(lines_for(finding("x"), "dev"))
    parts = {**entry, "level": finding("x").level, "until": date(2099, 1, 1), "holds": tuple(entry["holds"])}
    acceptance = Acceptance(**parts)
    assert acceptance.covers(finding("x"))
    assert not acceptance.covers(finding("y"))
