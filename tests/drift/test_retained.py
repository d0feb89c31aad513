"""What destroyed stacks kept: Entra says whether an application is gone, and a mark only where to look."""

import pytest

from drift.finding import Finding
from tests.drift.by_hand import typed
from tests.drift.made import MARK, Made
from tests.drift.tampering import OLD_ROOMS, TRAVEL

OTHER_MARK = "plc:0badcafe"


def told(made: Made) -> list[Finding]:
    report = made.reported()
    assert report.unseen == ()
    return list(report.findings)


def limited(made: Made, description: str) -> dict[str, str]:
    """An application with a policy of this description."""
    application = made.graph.post("/v1.0/applications", {"displayName": "Somebody's"})
    made.exchange.run(
        "New-ApplicationAccessPolicy",
        AccessRight="RestrictAccess", AppId=[application["appId"]], PolicyScopeGroupId=TRAVEL,
        Description=description,
    )  # fmt: skip
    return {key: str(application[key]) for key in ("id", "appId")}


def group(made: Made, notes: str) -> str:
    made.exchange.run(
        "New-DistributionGroup", Name="Old rooms", Type="Security", PrimarySmtpAddress=OLD_ROOMS, Notes=notes
    )
    found = made.exchange.run("Get-DistributionGroup", Identity=OLD_ROOMS)[0]
    return str(found["ExternalDirectoryObjectId"]).lower()


@pytest.mark.parametrize("mark", [MARK, OTHER_MARK])
def test_a_mark_makes_no_leftover_of_the_policy_of_an_application_that_lives(made: Made, mark: str) -> None:
    limited(made, f"Restrict PlaceOS to its room mailboxes. {mark}")
    assert told(made) == []


def test_what_could_be_restored_is_told_and_keeps_its_policy(made: Made) -> None:
    application = limited(made, f"Restrict PlaceOS. {OTHER_MARK}")
    made.graph.delete(f"/v1.0/applications/{application['id']}")
    [found] = told(made)
    assert (found.rule, found.level) == ("restorable-scope", "low")
    assert application["appId"] in found.what
    assert "Remove-ApplicationAccessPolicy" not in found.repair
    assert typed(found.repair, made.graph, made.exchange) == []
    [left] = told(made)
    assert (left.rule, left.subject) == ("retained-scope", found.subject)
    typed(left.repair, made.graph, made.exchange)
    assert told(made) == []


def test_what_somebody_else_deleted_is_theirs(made: Made) -> None:
    application = limited(made, "mine")
    made.graph.delete(f"/v1.0/applications/{application['id']}")
    assert told(made) == []


@pytest.mark.parametrize("mark", [MARK, OTHER_MARK])
def test_a_marked_group_without_a_policy_is_told(made: Made, mark: str) -> None:
    object_id = group(made, f"Rooms of Berlin\n{mark}")
    [found] = told(made)
    assert (found.rule, found.level, found.subject) == ("retained-group", "low", object_id)
    assert f"{OLD_ROOMS} carries the mark {mark}" in found.what
    assert found.repair.startswith("# if who owns the group says")
    left = typed(found.repair, made.graph, made.exchange)
    if mark == OTHER_MARK:
        assert left == [f"roomctl finish-destroy {mark} --group {OLD_ROOMS} --yes"]
    else:
        assert told(made) == []


@pytest.mark.parametrize("notes", ["", "Rooms of Berlin", "plc:1234"])
def test_a_group_without_a_mark_is_nobody_s(made: Made, notes: str) -> None:
    group(made, notes)
    assert told(made) == []
