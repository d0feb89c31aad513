import pytest

from emulator.conditions import Conditions

BYPASS = {"BypassSecurityGroupManagerCheck": True}


@pytest.fixture
def group(exchange):
    return exchange.run(
        "New-DistributionGroup", Name="Panels", Type="Security", ManagedBy=["exchange.admin"], Notes="plc:1"
    )[0]


def graph_group(exchange, group):
    return exchange.tenant.store.get("group", group["ExternalDirectoryObjectId"])


def read(exchange, identity="Panels"):
    return exchange.run("Get-DistributionGroup", Identity=identity)[0]


def test_a_security_group_is_made_closed_and_visible(exchange, group):
    assert group["RecipientTypeDetails"] == "MailUniversalSecurityGroup"
    assert "SecurityEnabled" in group["GroupType"]
    assert group["Alias"] == "Panels"
    assert group["DisplayName"] == "Panels"
    assert group["PrimarySmtpAddress"] == "Panels@fabrikam.example"
    assert group["MemberJoinRestriction"] == group["MemberDepartRestriction"] == "Closed"
    assert group["RequireSenderAuthenticationEnabled"] is True
    assert group["HiddenFromAddressListsEnabled"] is False
    assert group["ManagedBy"] == [exchange.id_of("exchange.admin")]
    assert read(exchange)["Guid"] == group["Guid"]


def test_graph_shows_the_group_at_once_without_its_notes(exchange, group):
    mirrored = graph_group(exchange, group)
    assert mirrored["displayName"] == "Panels"
    assert mirrored["mailEnabled"] is mirrored["securityEnabled"] is True
    assert mirrored["mail"] == "Panels@fabrikam.example"
    assert mirrored["groupTypes"] == []
    assert mirrored["_owners"] == [exchange.id_of("exchange.admin")]
    assert mirrored["_members"] == []
    assert "plc:1" not in str(mirrored)


def test_the_default_type_is_a_distribution_group(exchange):
    group = exchange.run("New-DistributionGroup", Name="List")[0]
    assert group["RecipientTypeDetails"] == "MailUniversalDistributionGroup"
    assert group["MemberDepartRestriction"] == "Open"
    assert graph_group(exchange, group)["securityEnabled"] is False


def test_names_and_settings_that_are_given_are_taken(exchange):
    group = exchange.run(
        "New-DistributionGroup",
        Name="Panel Rooms",
        DisplayName="All panel rooms",
        Alias="panels",
        PrimarySmtpAddress="rooms.for.panels@fabrikam.example",
        Type="security",
        Members=["BER 01 Spree", "ber-01-havel"],
        ManagedBy=["exchange.admin"],
        CopyOwnerToMember=True,
        RequireSenderAuthenticationEnabled=False,
        MemberJoinRestriction="ApprovalRequired",
        Confirm=False,
    )[0]
    assert group["DisplayName"] == "All panel rooms"
    assert group["Alias"] == "panels"
    assert group["EmailAddresses"] == ["SMTP:rooms.for.panels@fabrikam.example"]
    assert group["MemberJoinRestriction"] == "ApprovalRequired"
    assert group["RequireSenderAuthenticationEnabled"] is False
    assert exchange.members("panels") == ["BER 01 Spree", "BER 01 Havel", "Exchange Admin"]


def test_without_an_owner_an_app_makes_a_group_that_nobody_owns(exchange):
    assert exchange.run("New-DistributionGroup", Name="G")[0]["ManagedBy"] == []


@pytest.mark.parametrize(
    "parameter",
    [
        "HiddenFromAddressListsEnabled",
        "AcceptMessagesOnlyFrom",
        "EmailAddresses",
        "CustomAttribute1",
        "MailTip",
    ],
)
def test_parameters_of_set_are_unknown_to_new(exchange, parameter):
    refusal = exchange.refused("New-DistributionGroup", Name="G", **{parameter: "x"})
    assert refusal.text.endswith(f"matches parameter name '{parameter}'.")


def test_the_type_can_not_be_changed(exchange):
    refusal = exchange.refused("Set-DistributionGroup", Identity="News", Type="Security", **BYPASS)
    assert refusal.text.endswith("matches parameter name 'Type'.")


@pytest.mark.parametrize(
    ("given", "type_"),
    [
        ({"Name": "Rooms"}, "ADObjectAlreadyExistsException"),
        ({"Name": "ROOMS", "Alias": "other"}, "ADObjectAlreadyExistsException"),
        ({"Name": "G", "Alias": "rooms"}, "ADObjectAlreadyExistsException"),
        ({"Name": "G", "PrimarySmtpAddress": "Rooms@fabrikam.example"}, "ProxyAddressExistsException"),
        ({"Name": "G", "PrimarySmtpAddress": "g@elsewhere.example"}, "NotAcceptedDomainException"),
        ({"Name": "G", "PrimarySmtpAddress": "not an address"}, "ParameterBindingException"),
        ({"Name": "G", "Alias": "with space"}, "ParameterBindingException"),
        ({"Name": "x" * 65}, "ParameterBindingException"),
        ({"Name": "G", "DisplayName": "x" * 257}, "ParameterBindingException"),
        ({"Name": "G", "ManagedBy": ["nobody"]}, "ManagementObjectNotFoundException"),
        ({"Name": "G", "ManagedBy": ["news"]}, "RecipientTaskException"),
        ({"Name": "G", "Members": ["nobody"]}, "ManagementObjectNotFoundException"),
        ({"Name": "G", "Members": ["x"] * 10_001}, "ParameterBindingException"),
        ({"Name": "G", "Type": "Security", "MemberJoinRestriction": "Open"}, "RecipientTaskException"),
        ({"Name": "G", "Type": "Security", "MemberDepartRestriction": "Open"}, "RecipientTaskException"),
    ],
)
def test_what_new_refuses(exchange, given, type_):
    before = exchange.tenant.store.all("group")
    assert exchange.refused("New-DistributionGroup", **given).type == type_
    assert exchange.tenant.store.all("group") == before


def test_the_naming_policy_changes_names_unless_ignored(exchange, change_settings):
    change_settings(distributionGroupNamingPolicy="GRP_<GroupName>_X")
    group = exchange.run("New-DistributionGroup", Name="One", DisplayName="The one")[0]
    assert (group["Name"], group["DisplayName"]) == ("GRP_One_X", "GRP_The one_X")
    assert exchange.run("New-DistributionGroup", Name="Two", IgnoreNamingPolicy=True)[0]["Name"] == "Two"
    exchange.run("Set-DistributionGroup", Identity="Two", DisplayName="2", **BYPASS)
    assert read(exchange, "Two")["DisplayName"] == "GRP_2_X"


def test_a_blocked_word_is_refused_unless_the_policy_is_ignored(exchange, change_settings):
    change_settings(distributionGroupNameBlockedWords=["Booking"])
    assert exchange.run("Get-OrganizationConfig")[0]["DistributionGroupNameBlockedWordsList"] == ["Booking"]
    assert "'Booking'" in exchange.refused("New-DistributionGroup", Name="room booking").text
    assert exchange.run("New-DistributionGroup", Name="room booking", IgnoreNamingPolicy=True)


def test_owners_are_ids_and_names_only_on_request(exchange, group):
    assert read(exchange)["ManagedByWithDisplayNames"] == []
    named = exchange.run("Get-DistributionGroup", Identity="Panels", IncludeManagedByWithDisplayNames=True)[0]
    assert named["ManagedBy"] == group["ManagedBy"]
    assert "Exchange Admin" in named["ManagedByWithDisplayNames"][0]


def test_notes_are_read_by_get_group_only_and_written_by_set_group(exchange, group):
    assert exchange.run("Get-Group", Identity="Panels")[0]["Notes"] == "plc:1"
    for cmdlet in ("Get-DistributionGroup", "Get-Recipient"):
        assert "Notes" not in exchange.run(cmdlet, Identity="Panels")[0]
    assert exchange.run("Set-Group", Identity="Panels", Notes="plc:2", **BYPASS) == []
    assert exchange.run("Get-Group", Identity="Panels")[0]["Notes"] == "plc:2"
    assert "PrimarySmtpAddress" not in exchange.run("Get-Group", Identity="Panels")[0]


@pytest.mark.parametrize(
    ("cmdlet", "parameters"),
    [
        ("Set-DistributionGroup", {"MailTip": "x"}),
        ("Set-Group", {"Notes": "x"}),
        ("Add-DistributionGroupMember", {"Member": "ann.abel"}),
        ("Remove-DistributionGroupMember", {"Member": "inner"}),
        ("Update-DistributionGroupMember", {"Members": []}),
        ("Remove-DistributionGroup", {}),
    ],
)
def test_an_app_writes_groups_only_past_the_manager_check_and_never_synced_ones(exchange, cmdlet, parameters):
    refusal = exchange.refused(cmdlet, Identity="Rooms", **parameters)
    assert refusal.text == (
        "You don't have sufficient permissions. "
        "This operation can only be performed by a manager of the group."
    )
    refusal = exchange.refused(cmdlet, Identity="Synced", **parameters, **BYPASS)
    assert "being synchronized from your on-premises organization" in refusal.text
    exchange.run(cmdlet, Identity="Rooms", **parameters, **BYPASS)


def test_set_locks_a_group(exchange, group):
    answer = exchange.post(
        "Set-DistributionGroup",
        {
            "Identity": group["Guid"],
            "HiddenFromAddressListsEnabled": True,
            "AcceptMessagesOnlyFromSendersOrMembers": ["exchange.admin", "Rooms"],
            "DisplayName": "Locked",
            "Alias": "locked",
            "Description": "what for",
            "CustomAttribute3": "three",
            **BYPASS,
        },
    )
    assert answer.json()["value"] == []
    locked = read(exchange, "locked")
    assert locked["HiddenFromAddressListsEnabled"] is True
    admin, rooms = exchange.id_of("exchange.admin"), exchange.id_of("rooms")
    assert locked["AcceptMessagesOnlyFromSendersOrMembers"] == [admin, rooms]
    assert locked["AcceptMessagesOnlyFrom"] == [admin]
    assert locked["AcceptMessagesOnlyFromDLMembers"] == [rooms]
    assert locked["CustomAttribute3"] == "three"
    assert graph_group(exchange, group)["displayName"] == "Locked"
    assert graph_group(exchange, group)["description"] == "what for"

    exchange.run(
        "Set-DistributionGroup", Identity="locked", AcceptMessagesOnlyFromSendersOrMembers=None, **BYPASS
    )
    assert read(exchange, "locked")["AcceptMessagesOnlyFrom"] == []


def test_a_list_changes_by_a_hash_table(exchange, group):
    def owners(**change):
        table = {"@odata.type": "#Exchange.GenericHashTable", **change}
        exchange.run("Set-DistributionGroup", Identity="Panels", ManagedBy=table, **BYPASS)
        return read(exchange)["ManagedBy"]

    admin, ann = exchange.id_of("exchange.admin"), exchange.id_of("ann.abel")
    assert owners(Add=["ann.abel"]) == [admin, ann]
    assert owners(Add=["ann.abel"], Remove=["exchange.admin"]) == [ann]


def test_a_group_keeps_at_least_one_owner(exchange, group):
    refusal = exchange.refused("Set-DistributionGroup", Identity="Panels", ManagedBy=[], **BYPASS)
    assert "at least one owner" in refusal.text


def test_addresses(exchange, group):
    exchange.run(
        "Set-DistributionGroup", Identity="Panels", PrimarySmtpAddress="p@fabrikam.example", **BYPASS
    )
    assert read(exchange)["EmailAddresses"] == ["SMTP:p@fabrikam.example", "smtp:Panels@fabrikam.example"]
    assert read(exchange, "p@fabrikam.example")["WindowsEmailAddress"] == "p@fabrikam.example"
    assert graph_group(exchange, group)["mail"] == "p@fabrikam.example"

    table = {
        "@odata.type": "#Exchange.GenericHashTable",
        "Add": ["smtp:q@fabrikam.example"],
        "Remove": ["smtp:panels@fabrikam.example"],
    }
    exchange.run("Set-DistributionGroup", Identity="Panels", EmailAddresses=table, **BYPASS)
    assert read(exchange)["EmailAddresses"] == ["SMTP:p@fabrikam.example", "smtp:q@fabrikam.example"]

    exchange.run("Set-DistributionGroup", Identity="Panels", EmailAddresses=["r@fabrikam.example"], **BYPASS)
    assert read(exchange)["PrimarySmtpAddress"] == "r@fabrikam.example"


@pytest.mark.parametrize(
    ("given", "type_"),
    [
        ({"Name": "Rooms"}, "ADObjectAlreadyExistsException"),
        ({"Alias": "rooms"}, "ADObjectAlreadyExistsException"),
        ({"PrimarySmtpAddress": "rooms@fabrikam.example"}, "ProxyAddressExistsException"),
        ({"PrimarySmtpAddress": "rooms@elsewhere.example"}, "NotAcceptedDomainException"),
        ({"EmailAddresses": []}, "ParameterBindingException"),
        (
            {"EmailAddresses": ["SMTP:a@fabrikam.example", "SMTP:b@fabrikam.example"]},
            "ParameterBindingException",
        ),
        ({"EmailAddresses": ["a@fabrikam.example"], "PrimarySmtpAddress": "x"}, "ParameterBindingException"),
        ({"MemberJoinRestriction": "Open"}, "RecipientTaskException"),
        ({"AcceptMessagesOnlyFrom": ["nobody"]}, "ManagementObjectNotFoundException"),
        (
            {"AcceptMessagesOnlyFrom": [], "AcceptMessagesOnlyFromSendersOrMembers": []},
            "ParameterBindingException",
        ),
    ],
)
def test_what_set_refuses(exchange, group, given, type_):
    before = read(exchange)
    assert exchange.refused("Set-DistributionGroup", Identity=group["Guid"], **given, **BYPASS).type == type_
    assert read(exchange) == before


def test_a_group_may_be_set_to_its_own_name_and_then_nothing_has_changed(exchange, group):
    same = {"Identity": "Panels", "Name": "Panels", "Alias": "Panels", **BYPASS}
    assert exchange.warnings("Set-DistributionGroup", **same) == [
        "The command completed successfully but no settings of 'Panels' have been modified."
    ]
    assert exchange.warnings("Set-DistributionGroup", **{**same, "Name": "Renamed"}) == []
    assert read(exchange, "Renamed")["DistinguishedName"].startswith("CN=Renamed,")


def test_a_removed_group_is_gone_from_exchange_graph_and_other_groups(exchange):
    inner = read(exchange, "Inner")
    assert "Inner" in exchange.members("Rooms")
    assert exchange.run("Remove-DistributionGroup", Identity="Inner", Confirm=False, **BYPASS) == []
    assert exchange.refused("Get-DistributionGroup", Identity="Inner").status == 404
    assert graph_group(exchange, inner) is None
    assert exchange.members("Rooms") == ["BER 01 Havel"]
    assert (
        inner["ExternalDirectoryObjectId"] not in graph_group(exchange, read(exchange, "Rooms"))["_members"]
    )


def test_get_without_identity_returns_all_groups_and_no_mailbox(exchange, add_recipient):
    add_recipient("team", "GroupMailbox")
    found = {group["Name"] for group in exchange.run("Get-DistributionGroup")}
    assert found == {"Synced", "Inner", "Rooms", "News"}
    assert exchange.refused("Get-DistributionGroup", Identity="ann.abel").status == 404


def test_a_new_group_is_known_to_each_kind_of_cmdlet_in_its_own_time(exchange):
    exchange.tenant.hold(Conditions(replication={"group": 1}))
    exchange.run("New-DistributionGroup", Name="Young", Type="Security")
    for cmdlet in ("Get-DistributionGroup", "Get-DistributionGroupMember", "Get-Recipient"):
        assert exchange.post(cmdlet, {"Identity": "Young"}).status_code == 404, cmdlet
        assert exchange.post(cmdlet, {"Identity": "Young"}).status_code == 200, cmdlet
