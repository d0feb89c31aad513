"""What it may do in people's names: told once a service and set of scopes, repaired person by person."""

import pytest

from tests.drift.by_hand import typed
from tests.drift.made import Made
from tests.drift.tampering import OTHER, PERSON, in_the_name_of, user


def test_however_many_people_they_are_one_finding_whose_repair_ends_it_step_by_step(made: Made) -> None:
    people = [str(one["id"]) for one in made.graph.list("/v1.0/users", {"$select": "id,mail"})][:25]
    addresses = [str(made.graph.get(f"/v1.0/users/{one}")["userPrincipalName"]) for one in people]
    for one in addresses:
        in_the_name_of(made, "openid Mail.Read", one)
    in_the_name_of(made, "openid Mail.Read")
    everybody, single = made.reported().findings
    assert (everybody.level, everybody.holds) == ("critical", ())
    assert everybody.subject == "Mail.Read openid of Microsoft Graph in the name of everybody"
    assert (single.level, single.subject) == (
        "high", "Mail.Read openid of Microsoft Graph in the name of single people",
    )  # fmt: skip
    assert single.what.endswith("in the name of 25 people")
    assert single.holds[0].startswith("25 in all, with the checksum ")
    for told in (everybody, single):
        assert typed(told.repair, made.graph, made.exchange) == []
    [left] = made.reported().findings
    assert left.what.endswith("in the name of 5 people")
    assert "# 5 people more: look again after these" in single.repair
    assert typed(left.repair, made.graph, made.exchange) == []
    assert made.reported().findings == ()


def test_another_person_is_another_fact_and_other_scopes_are_another_finding(made: Made) -> None:
    in_the_name_of(made, "Mail.Read", PERSON)
    [before] = made.reported().findings
    in_the_name_of(made, "Mail.Read", OTHER)
    [after] = made.reported().findings
    assert (after.subject, set(after.holds) - set(before.holds)) == (
        before.subject, {f"the person {user(made, OTHER)}"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("scope", "is_told"),
    [
        ("EWS.AccessAsUser.All", True), ("IMAP.AccessAsUser.All", True), ("SMTP.Send", True),
        ("Directory.AccessAsUser.All", True), ("Calendars.Read.Shared", True),
        ("User.Read.All", False), ("GroupMember.Read.All", False),
    ],
)  # fmt: skip
def test_what_opens_mailboxes_in_people_s_names(made: Made, scope: str, is_told: bool) -> None:
    in_the_name_of(made, f"openid {scope}")
    assert [one.level for one in made.reported(existing=True).findings] == ["critical"] * is_told
    assert [one.level for one in made.reported().findings] == ["critical" if is_told else "high"]
