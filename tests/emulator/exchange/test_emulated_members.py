import pytest

BYPASS = {"BypassSecurityGroupManagerCheck": True}


def add(exchange, member, group="Rooms"):
    return exchange.run("Add-DistributionGroupMember", Identity=group, Member=member, **BYPASS)


def graph_members(exchange, alias="rooms"):
    return exchange.tenant.store.get("group", exchange.id_of(alias))["_members"]


@pytest.mark.parametrize(
    ("cmdlet", "parameters"),
    [
        ("Add-DistributionGroupMember", {"Member": "ann.abel"}),
        ("Remove-DistributionGroupMember", {"Member": "inner"}),
        ("Update-DistributionGroupMember", {"Members": ["ann.abel"]}),
    ],
)
def test_a_change_of_members_answers_without_a_body(exchange, cmdlet, parameters):
    answer = exchange.post(cmdlet, {"Identity": "Rooms", **parameters, **BYPASS})
    assert (answer.status_code, answer.content) == (200, b"")


def test_members_are_added_and_removed_in_exchange_and_graph(exchange):
    add(exchange, "ann.abel")
    assert exchange.members("Rooms") == ["Inner", "BER 01 Havel", "Ann Abel"]
    assert graph_members(exchange)[-1] == exchange.id_of("ann.abel")
    exchange.run("Remove-DistributionGroupMember", Identity="Rooms", Member="Inner", Confirm=False, **BYPASS)
    assert exchange.members("Rooms") == ["BER 01 Havel", "Ann Abel"]
    assert graph_members(exchange) == [exchange.id_of("ber-01-havel"), exchange.id_of("ann.abel")]


def test_update_replaces_the_whole_list(exchange):
    wanted = ["reception", "ber-01-dahme", "RECEPTION@fabrikam.example"]
    exchange.run("Update-DistributionGroupMember", Identity="Rooms", Members=wanted, **BYPASS)
    assert exchange.members("Rooms") == ["Reception", "BER 01 Dahme"]
    exchange.run("Update-DistributionGroupMember", Identity="Rooms", Members=[], **BYPASS)
    assert exchange.members("Rooms") == []


def test_one_wrong_member_refuses_the_whole_list(exchange):
    before = exchange.members("Rooms")
    refusal = exchange.refused(
        "Update-DistributionGroupMember", Identity="Rooms", Members=["ann.abel", "nobody"], **BYPASS
    )
    assert "'nobody'" in refusal.text
    assert exchange.members("Rooms") == before


def test_a_list_holds_at_most_10000(exchange):
    refusal = exchange.refused(
        "Update-DistributionGroupMember", Identity="Rooms", Members=["x"] * 10_001, **BYPASS
    )
    assert "10000" in refusal.text


def test_who_is_in_already_or_not_in_is_an_error(exchange):
    refusal = exchange.refused("Add-DistributionGroupMember", Identity="Rooms", Member="inner", **BYPASS)
    assert refusal.type == "MemberAlreadyExistsException"
    assert refusal.text == 'The recipient "inner" is already a member of the group "Rooms".'
    refusal = exchange.refused(
        "Remove-DistributionGroupMember", Identity="Rooms", Member="ann.abel", **BYPASS
    )
    assert refusal.type == "MemberNotFoundException"
    assert refusal.text == 'The recipient "ann.abel" isn\'t a member of the group "Rooms".'


@pytest.mark.parametrize("details", ["MailUser", "MailContact", "EquipmentMailbox", "SharedMailbox"])
def test_types_that_may_be_members(exchange, add_recipient, details):
    add_recipient("candidate", details)
    add(exchange, "candidate")
    assert exchange.members("Rooms")[-1] == "candidate"


@pytest.mark.parametrize("details", ["GroupMailbox", "DynamicDistributionGroup", "PublicFolder"])
def test_types_that_may_not(exchange, add_recipient, details):
    add_recipient("candidate", details)
    refusal = exchange.refused("Add-DistributionGroupMember", Identity="Rooms", Member="candidate", **BYPASS)
    assert details in refusal.text


def test_groups_hold_groups_but_not_themselves(exchange):
    add(exchange, "News")
    assert exchange.members("Rooms")[-1] == "News"
    refusal = exchange.refused("Add-DistributionGroupMember", Identity="Rooms", Member="Rooms", **BYPASS)
    assert "member of itself" in refusal.text


def test_a_member_without_mailbox_has_the_type_user(exchange):
    store, id_ = exchange.tenant.store, "11111111-2222-3333-4444-555555555555"
    store.put("user", id_, {"id": id_, "displayName": "No Mailbox"})
    rooms = store.get("recipient", exchange.id_of("rooms"))
    store.put("recipient", rooms["ExternalDirectoryObjectId"], rooms | {"Members": [*rooms["Members"], id_]})
    found = exchange.run("Get-DistributionGroupMember", Identity="Rooms")[-1]
    assert (found["RecipientType"], found["ExternalDirectoryObjectId"]) == ("User", id_)
    assert found["PrimarySmtpAddress"] == ""


def test_the_members_of_a_microsoft_365_group_are_not_told(exchange, add_recipient):
    add_recipient("team", "GroupMailbox", Members=[exchange.id_of("ann.abel")])
    assert exchange.run("Get-DistributionGroupMember", Identity="team") == []


def test_a_mailbox_has_no_members(exchange):
    assert exchange.refused("Get-DistributionGroupMember", Identity="ann.abel").status == 404
