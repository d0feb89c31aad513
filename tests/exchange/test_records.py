import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.records import AccessPolicy, Recipient, SecurityGroup
from wire import Invalid

POLICY = {
    "ScopeName": "Rooms",
    "Identity": "596ADE3A-1abe\\7A774F0C-7a6f-11e0-85ad-07fb4824019b:S-1-5-21-1;8B6CE428-cca2",
    "AppId": "7A774F0C-7a6f-11e0-85ad-07fb4824019b",
    "ScopeIdentityRaw": "S-1-5-21-1;8B6CE428-cca2",
    "Description": "plc:1a2b3c4d",
    "AccessRight": "RestrictAccess",
}
GROUP = {
    "ExternalDirectoryObjectId": "8B6CE428",
    "Guid": "AB",
    "Name": "Rooms",
    "Alias": "rooms",
    "PrimarySmtpAddress": "Rooms@Contoso.com",
    "RecipientTypeDetails": "MailUniversalSecurityGroup",
    "ManagedBy": ["B2", "A1"],
    "AcceptMessagesOnlyFromSendersOrMembers": ["Somebody gone"],
    "HiddenFromAddressListsEnabled": True,
    "RequireSenderAuthenticationEnabled": True,
    "MemberJoinRestriction": "Closed",
    "MemberDepartRestriction": "Closed",
}


def test_a_policy_is_matched_by_folded_ids():
    policy = AccessPolicy.of(POLICY)
    assert policy.app_id == "7a774f0c-7a6f-11e0-85ad-07fb4824019b"
    assert policy.group_object_id == "8b6ce428-cca2"
    assert policy.names("7A774F0C-7A6F-11E0-85AD-07FB4824019B")
    assert not policy.names("another")


def test_a_policy_for_every_app_names_each():
    assert AccessPolicy.of({**POLICY, "AppId": "*"}).names("anything")


def test_the_group_is_in_the_identity_too():
    policy = AccessPolicy.of({**POLICY, "ScopeIdentityRaw": None})
    assert policy.group_object_id == "8b6ce428-cca2"
    assert AccessPolicy.of({**POLICY, "ScopeIdentityRaw": None, "Identity": "odd"}).group_object_id == ""


@pytest.mark.parametrize("right", ["restrictaccess", "RESTRICTACCESS"])
def test_the_right_is_in_exchanges_own_case(right):
    assert AccessPolicy.of({**POLICY, "AccessRight": right}).access_right == "RestrictAccess"


@pytest.mark.parametrize("key", ["Identity", "AppId", "AccessRight"])
def test_an_answer_without_what_matters_is_an_error(key):
    with pytest.raises(Invalid, match=f"{key} is missing"):
        AccessPolicy.of({**POLICY, key: None})


def test_dsc_6769_owners_are_compared_by_address_whatever_exchange_calls_them():
    group = SecurityGroup.of(GROUP, "plc:1", {"a1": "ada@contoso.com", "b2": "bob@contoso.com"})
    assert group.owners == ("ada@contoso.com", "bob@contoso.com")
    assert group.accepted_senders == ("somebody gone",)
    assert group.address == "rooms@contoso.com"
    assert group.is_mail_enabled_security


def test_dsc_2709_another_type_of_group_is_told():
    group = SecurityGroup.of({**GROUP, "RecipientTypeDetails": "MailUniversalDistributionGroup"}, "", {})
    assert not group.is_mail_enabled_security


@given(st.permutations(["A1", "b2", "C3"]))
def test_order_and_case_never_show(owners):
    shuffled = SecurityGroup.of({**GROUP, "ManagedBy": owners}, "", {})
    assert shuffled == SecurityGroup.of({**GROUP, "ManagedBy": ["a1", "B2", "c3"]}, "", {})


def test_dsc_6426_a_member_without_mailbox_is_a_member():
    member = Recipient.of({"ExternalDirectoryObjectId": "AB", "Name": "ada", "RecipientType": "User"})
    assert member == Recipient("ab", "", "ada", "User", common_name="ada")


def test_who_has_no_entra_object_is_known_by_exchanges_own_id():
    assert Recipient.of({"Guid": "AB", "ExternalDirectoryObjectId": ""}).object_id == "ab"
    with pytest.raises(Invalid, match="Guid is missing"):
        Recipient.of({"Name": "nobody"})


@pytest.mark.parametrize(("kind", "is_room"), [("RoomMailbox", True), ("UserMailbox", False)])
def test_rooms_are_told_from_people(kind, is_room):
    assert Recipient.of({"Guid": "a", "RecipientTypeDetails": kind}).is_room is is_room
