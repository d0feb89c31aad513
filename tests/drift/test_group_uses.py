"""What holds the room group: a group gives its members something, an administrative unit does not."""

from dataclasses import replace
from typing import Any

import pytest

from drift.looks import AT_EVERY_MAILBOX
from emulator.faults import Fault
from exchange import policies
from tests.drift.by_hand import typed
from tests.drift.made import GROUP, MARK, OWNER, Made
from tests.drift.tampering import OTHER, PERSON, TAMPERINGS, entra_group
from tests.drift.wide import STAFF_GROUP, widened
from tests.emulated import Emulated


def test_an_administrative_unit_is_no_finding(made: Made) -> None:
    unit = made.graph.post("/v1.0/directory/administrativeUnits", {"displayName": "London"})
    member = {"@odata.id": made.graph.address(f"/v1.0/directoryObjects/{made.group}")}
    made.graph.post(f"/v1.0/directory/administrativeUnits/{unit['id']}/members/$ref", member)
    assert made.graph.list(f"/v1.0/groups/{made.group}/memberOf") != []
    assert made.reported().findings == ()


def test_what_limits_a_deleted_application_of_this_stack_is_no_finding_and_another_s_is(made: Made) -> None:
    registered = made.graph.post("/v1.0/applications", {"displayName": "Before"})
    policies.add(made.exchange, registered["appId"], made.group, policies.description("rooms", MARK))
    assert [one.rule for one in made.reported().findings] == ["group-used-elsewhere"]
    made.graph.delete(f"/v1.0/applications/{registered['id']}")
    assert made.reported().findings == ()


def test_how_a_group_that_somebody_else_keeps_is_kept_is_theirs(emulated: Emulated) -> None:
    made = widened(emulated)
    theirs = made.code.groups[1].object_id
    set_: dict[str, Any] = {
        "ManagedBy": [PERSON], "HiddenFromAddressListsEnabled": False,
        "RequireSenderAuthenticationEnabled": False, "AcceptMessagesOnlyFromSendersOrMembers": [PERSON],
    }  # fmt: skip
    made.exchange.run("Set-DistributionGroup", Identity=theirs, BypassSecurityGroupManagerCheck=True, **set_)
    report = made.reported()
    assert ([one.what for one in report.findings], report.unseen) == ([], ())
    own = replace(made.code.groups[1], owner=OWNER)
    assert {one.rule for one in made.reported(groups=(own,)).findings} >= {
        "group-door-open",
        "group-not-locked",
    }


def test_what_it_gives_its_members_is_theirs_too(emulated: Emulated) -> None:
    made = widened(emulated)
    theirs = made.code.groups[1].object_id
    entra_group(made, "All staff", theirs)
    administrator = made.emulated.administrator.exchange
    for name, who in (("Add-RecipientPermission", "Trustee"), ("Add-MailboxPermission", "User")):
        rights = {"AccessRights": ["SendAs" if who == "Trustee" else "FullAccess"]}
        administrator.run(name, Identity=OTHER, Confirm=False, **rights, **{who: STAFF_GROUP})
    assert [one.what for one in made.reported(looks=AT_EVERY_MAILBOX).findings] == []
    listed = replace(made.code.groups[1], members={PERSON: ""})
    kept = made.reported(looks=AT_EVERY_MAILBOX, groups=(made.code.groups[0], listed)).findings
    assert [one.rule for one in kept] == ["group-used-elsewhere"] * 3, "and would be, were it the stack's own"


@pytest.mark.parametrize(
    ("description", "notes", "is_passed_over"),
    [
        ("Restrict PlaceOS. plc:0badcafe", "plc:0badcafe", True),
        ("Restrict PlaceOS. plc:0badcafe", "mine", False),
        ("mine", "plc:0badcafe", False),
        (f"Restrict PlaceOS. {MARK}", MARK, False),
    ],
)
def test_another_stack_s_policy_for_the_same_people_is_passed_over_by_both_its_marks(
    emulated: Emulated, description: str, notes: str, is_passed_over: bool
) -> None:
    made = widened(emulated)
    body = {"displayName": "Rooms of production", "notes": notes}
    registered = made.graph.post("/v1.0/applications", body)
    policies.add(made.exchange, registered["appId"], made.code.groups[1].object_id, description)
    rules = [one.rule for one in made.reported().findings]
    assert rules == ([] if is_passed_over else ["group-used-elsewhere"])


def test_people_who_may_ask_to_join_it_are_told_and_whoever_keeps_it_decides(emulated: Emulated) -> None:
    made = widened(emulated)
    made.exchange.run(
        "Set-DistributionGroup",
        Identity=made.code.groups[1].object_id, MemberJoinRestriction="ApprovalRequired",
        BypassSecurityGroupManagerCheck=True,
    )  # fmt: skip
    [found] = made.reported().findings
    assert (found.rule, found.level) == ("group-door-open", "moderate")
    assert found.repair.startswith(f"# whoever keeps {STAFF_GROUP} decides how it is joined:\n")
    typed(found.repair, made.graph, made.exchange)
    assert made.reported().findings == ()


@pytest.mark.parametrize("called", ["object_id", "name", "path", "address"])
def test_a_role_s_scope_is_the_group_however_exchange_names_it(made: Made, called: str) -> None:
    TAMPERINGS["another application's role on the room group"].do(made)
    [group] = made.code.groups
    shown = {"object_id": group.object_id.upper(), "name": group.name, "address": group.address}
    _shown_as(made, shown.get(called, f"contoso.onmicrosoft.com/Users/{group.name}"))
    assert [one.rule for one in made.reported().findings] == ["group-used-elsewhere"]
    _shown_as(made, f"{group.name} of somebody else")
    assert made.reported().findings == ()


def _shown_as(made: Made, scope: str) -> None:
    """From now on; how the service shows the scope is not documented."""
    held = made.exchange.run("Get-ManagementRoleAssignment")
    shown = [one | {"RecipientGroupScope": scope} for one in held]
    answer = {"match": {"cmdlet": "Get-ManagementRoleAssignment"}, "status": 200, "body": {"value": shown}}
    made.emulated.tenant.faults.clear()
    made.emulated.tenant.faults.add([Fault.model_validate({"times": 10_000, **answer})])


def test_as_whom_its_members_send_is_told_by_an_address_and_repaired_by_it(made: Made) -> None:
    """Somebody else is shown as the mailbox is called, so Exchange refuses that name."""
    TAMPERINGS["people's mail for the room group"].do(made)
    [name] = [one["Name"] for one in made.exchange.run("Get-Recipient", Identity=OTHER)]
    made.exchange.run("New-DistributionGroup", Name="another", DisplayName=name, Type="Distribution")
    [found] = made.reported().findings
    assert found.subject == f"SendAs on {OTHER} for {GROUP}"
    assert typed(found.repair, made.graph, made.exchange) == []
    assert made.reported().findings == ()


def test_a_mailbox_whose_name_several_have_is_left_to_whoever_types(made: Made) -> None:
    TAMPERINGS["people's mail for the room group"].do(made)
    people = made.exchange.run("Get-Recipient", ResultSize="Unlimited")
    [name] = [one["Name"] for one in people if one["PrimarySmtpAddress"].lower() == OTHER]
    two = [one | {"Name": name} for one in people if one["RecipientTypeDetails"] == "UserMailbox"][:2]
    made.emulated.tenant.faults.add([Fault.model_validate({
        "times": 100, "match": {"cmdlet": "Get-Recipient"}, "status": 200, "body": {"value": two},
    })])  # fmt: skip
    found = next(one for one in made.reported().findings if one.subject == f"SendAs on {name} for {GROUP}")
    ask, command = found.repair.split("\n")
    assert ask == f"# 2 recipients called {name}: put the right one's address in its place"
    assert command.startswith("Remove-RecipientPermission ")
