from dataclasses import replace

import pytest

from exchange import groups
from exchange.admin_api import ExchangeAdmin
from exchange.groups import GroupSettings
from tests.fake_service import EXISTS, MISSING, records, refusal, reply
from wire import AlreadyExists, Invalid, NotAuthorised, NotReady, Unclear

ADDRESS = "placeos-rooms@contoso.example"
SETTINGS = GroupSettings(
    name="PlaceOS rooms",
    alias="placeos-rooms",
    address=ADDRESS,
    owners=("exchange.admin@contoso.example",),
    accepted_senders=("exchange.admin@contoso.example",),
    mark="plc:1a2b3c4d",
)
GONE = {"status": "reset", "when": "after"}


def test_a_group_is_made_locked_and_read_back(emulated):
    made = groups.create(emulated.exchange, SETTINGS).group
    assert made.is_mail_enabled_security
    assert (made.hidden, made.join, made.depart, made.require_sender_auth) == (True, "Closed", "Closed", True)
    assert made.owners == made.accepted_senders == SETTINGS.owners
    assert made.notes == SETTINGS.mark
    assert groups.find(emulated.exchange, ADDRESS.upper()) == made
    assert groups.find(emulated.exchange, made.object_id) == made


def test_making_a_group_costs_few_calls(emulated):
    groups.create(emulated.exchange, SETTINGS)
    cmdlets = [entry["cmdlet"] for entry in emulated.tenant.store.logged() if entry.get("cmdlet")]
    assert cmdlets == [
        "New-DistributionGroup",
        "Set-DistributionGroup",
        "Get-DistributionGroup",
        "Get-Recipient",
    ]


def test_no_group_is_none(emulated):
    assert groups.find(emulated.exchange, ADDRESS) is None


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("status", ["reset", 500, 503])
def test_a_create_whose_answer_is_lost_is_looked_up_and_there_is_one_group(emulated, when, status):
    emulated.fault("New-DistributionGroup", status=status, when=when)
    made = groups.create(emulated.exchange, SETTINGS).group
    assert made.notes == SETTINGS.mark
    assert emulated.calls("New-DistributionGroup") == (1 if when == "after" else 2)
    named = [one for one in emulated.tenant.store.all("recipient") if one["PrimarySmtpAddress"] == ADDRESS]
    assert len(named) == 1


def test_a_create_is_repeated_once_only(emulated):
    emulated.fault("New-DistributionGroup", status=500, times=9)
    with pytest.raises(Unclear):
        groups.create(emulated.exchange, SETTINGS)
    assert emulated.calls("New-DistributionGroup") == 2


def test_our_own_group_is_adopted(emulated):
    made = groups.create(emulated.exchange, SETTINGS).group
    assert groups.create(emulated.exchange, SETTINGS).group == made


def test_somebody_elses_group_is_never_adopted(emulated):
    groups.create(emulated.exchange, replace(SETTINGS, mark="plc:another0"))
    with pytest.raises(AlreadyExists, match="not this stack's"):
        groups.create(emulated.exchange, SETTINGS)


def test_a_name_that_something_else_has_is_told(emulated):
    with pytest.raises(AlreadyExists, match="Choose another"):
        groups.create(emulated.exchange, replace(SETTINGS, address="reception@contoso.example"))


def test_every_managed_field_is_repaired_and_notes_of_people_are_kept(emulated):
    exchange = emulated.exchange
    made = groups.create(exchange, SETTINGS).group
    exchange.run(
        "Set-DistributionGroup",
        Identity=made.object_id,
        HiddenFromAddressListsEnabled=False,
        MemberJoinRestriction="ApprovalRequired",
        RequireSenderAuthenticationEnabled=False,
        AcceptMessagesOnlyFromSendersOrMembers=[],
        ManagedBy=["ada.ashby@contoso.example"],
        BypassSecurityGroupManagerCheck=True,
    )
    exchange.run("Set-Group", Identity=made.object_id, Notes="ask Ada", BypassSecurityGroupManagerCheck=True)
    drifted = groups.find(exchange, ADDRESS)
    assert drifted is not None
    assert (drifted.hidden, drifted.join, drifted.accepted_senders) == (False, "ApprovalRequired", ())
    assert drifted.owners == ("ada.ashby@contoso.example",)
    repaired = groups.change(exchange, drifted, SETTINGS)
    assert repaired == replace(made, notes=f"ask Ada\n{SETTINGS.mark}")


def test_nothing_is_sent_when_nothing_differs(emulated):
    made = groups.create(emulated.exchange, SETTINGS).group
    shouted = replace(SETTINGS, address=ADDRESS.upper(), owners=(SETTINGS.owners[0].upper(),))
    assert groups.change(emulated.exchange, made, shouted) is made
    assert emulated.calls("Set-DistributionGroup") == 1


def test_a_renamed_group_is_the_same_group(emulated):
    made = groups.create(emulated.exchange, SETTINGS).group
    renamed = groups.change(emulated.exchange, made, replace(SETTINGS, name="Rooms, all"))
    assert (renamed.object_id, renamed.name) == (made.object_id, "Rooms, all")


def test_a_group_mastered_on_premises_says_where_to_change_it(emulated):
    synced = groups.find(emulated.exchange, "finance@contoso.example")
    assert synced is not None
    assert synced.is_synced
    with pytest.raises(Invalid, match="change it on premises"):
        groups.change(emulated.exchange, synced, SETTINGS)


def test_dsc_6435_a_group_is_removed_though_we_do_not_own_it_and_twice_is_fine(emulated):
    made = groups.create(emulated.exchange, SETTINGS).group
    emulated.fault("Remove-DistributionGroup", **GONE)
    groups.remove(emulated.exchange, made.object_id)
    groups.remove(emulated.exchange, made.object_id)
    assert groups.find(emulated.exchange, ADDRESS) is None


def test_a_refused_look_is_never_no_group(emulated):
    emulated.fault("Get-DistributionGroup", status=403, body={})
    with pytest.raises(NotAuthorised):
        groups.find(emulated.exchange, ADDRESS)


RECORD = {
    "ExternalDirectoryObjectId": "8b6ce428",
    "Guid": "ab",
    "Name": SETTINGS.name,
    "Alias": SETTINGS.alias,
    "PrimarySmtpAddress": ADDRESS,
    "RecipientTypeDetails": "MailUniversalSecurityGroup",
    "ManagedBy": [],
    "HiddenFromAddressListsEnabled": True,
    "RequireSenderAuthenticationEnabled": True,
    "MemberJoinRestriction": "Closed",
    "MemberDepartRestriction": "Closed",
}
UNOWNED = replace(SETTINGS, owners=(), accepted_senders=())
NOTED = {"ExternalDirectoryObjectId": "8b6ce428", "Notes": SETTINGS.mark}


def test_a_group_that_other_servers_do_not_know_yet_is_waited_for(deployer, script, clock):
    missing = refusal(MISSING, "couldn't be found", 404)
    script.then(records(RECORD), missing, missing, records(), missing, records(RECORD))
    assert groups.create(ExchangeAdmin(deployer), UNOWNED).group.object_id == "8b6ce428"
    assert script.cmdlets.count("New-DistributionGroup") == 1
    assert sum(clock.slept) > 0


def test_a_change_that_never_shows_is_not_ready_rather_than_done(deployer, script):
    script.then(records(RECORD), records())
    for _ in range(9):
        script.then(records({**RECORD, "HiddenFromAddressListsEnabled": False}))
    with pytest.raises(NotReady, match="does not show yet what was set: HiddenFromAddressListsEnabled"):
        groups.create(ExchangeAdmin(deployer), UNOWNED)


def test_an_address_that_is_only_a_secondary_one_is_refused(deployer, script):
    script.then(records({**RECORD, "PrimarySmtpAddress": "other@contoso.example"}))
    with pytest.raises(Invalid, match=r"other@contoso\.example"):
        groups.find(ExchangeAdmin(deployer), ADDRESS)


def test_a_create_that_lost_its_answer_and_finds_another_group_stops(deployer, script):
    script.then(reply({}, 500), records(RECORD), records({**NOTED, "Notes": "somebody's"}))
    with pytest.raises(AlreadyExists, match="not this stack's"):
        groups.create(ExchangeAdmin(deployer), UNOWNED)


def test_a_create_that_lost_its_answer_and_is_not_listed_yet_says_to_run_it_again(deployer, script):
    script.then(reply({}, 500), refusal(MISSING, "couldn't be found", 404), refusal(EXISTS, "already exists"))
    with pytest.raises(AlreadyExists, match="run it again"):
        groups.create(ExchangeAdmin(deployer), UNOWNED)


def test_a_name_taken_by_what_is_no_group(deployer, script):
    script.then(refusal(EXISTS, "already exists"), refusal(MISSING, "couldn't be found"))
    with pytest.raises(AlreadyExists, match="Choose another name"):
        groups.create(ExchangeAdmin(deployer), UNOWNED)
