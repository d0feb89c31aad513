import pytest


def names(records):
    return [record["Name"] for record in records]


@pytest.mark.parametrize(
    "property_", ["Guid", "ExternalDirectoryObjectId", "DistinguishedName", "Alias", "Name"]
)
def test_a_recipient_is_found_by_everything_that_names_it(exchange, property_):
    spree = exchange.run("Get-Recipient", Identity="ber-01-spree@fabrikam.example")[0]
    assert exchange.run("Get-Recipient", Identity=spree[property_].upper()) == [spree]


def test_without_identity_all_are_returned(exchange):
    everything = exchange.run("Get-Recipient")
    assert len(everything) > 5
    assert exchange.run("Get-Recipient", Identity=None) == everything
    assert exchange.run("Get-Recipient", Identity="") == everything


def test_a_name_of_two_is_ambiguous(exchange, add_recipient):
    add_recipient("one", "UserMailbox", DisplayName="Double")
    add_recipient("two", "UserMailbox", DisplayName="Double")
    refusal = exchange.refused("Get-Recipient", Identity="Double")
    assert refusal.type == "ManagementObjectAmbiguousException"
    assert refusal.text.endswith("'Double' matches multiple entries.")


def test_mailboxes_are_told_by_type(exchange):
    rooms = exchange.run("Get-Mailbox", RecipientTypeDetails="RoomMailbox")
    assert sorted(names(rooms)) == ["BER 01 Dahme", "BER 01 Havel", "BER 01 Spree"]
    assert all(room["IsResource"] and room["ResourceCapacity"] for room in rooms)
    both = exchange.run("Get-Mailbox", RecipientTypeDetails=["SharedMailbox", "RoomMailbox"])
    assert len(both) == 4
    assert [m["IsShared"] for m in both if m["Name"] == "Reception"] == [True]


def test_a_group_is_no_mailbox(exchange):
    assert exchange.refused("Get-Mailbox", Identity="Rooms").type == "ManagementObjectNotFoundException"
    assert "Rooms" not in names(exchange.run("Get-Mailbox"))


def test_security_principals_are_marked(exchange):
    valid = {r["Name"]: r["IsValidSecurityPrincipal"] for r in exchange.run("Get-Recipient")}
    assert valid["Ann Abel"]
    assert valid["Rooms"]
    assert not valid["News"]
    assert not valid["BER 01 Spree"]
    assert not valid["Reception"]


def test_no_private_property_is_shown(exchange):
    for record in exchange.run("Get-Recipient"):
        assert not [name for name in record if name.startswith("_")]
        assert not {"Members", "Notes", "Sid"} & record.keys()


def test_filters_by_object_ids_joined_by_or(exchange):
    ids = [exchange.id_of("ann.abel"), exchange.id_of("rooms")]
    text = " -or ".join(f"(ExternalDirectoryObjectId -eq '{id_}')" for id_ in ids)
    assert sorted(names(exchange.run("Get-Recipient", Filter=text))) == ["Ann Abel", "Rooms"]


def test_filters_by_address(exchange):
    shared, bob = "REception@fabrikam.example", "smtp:bob.abel@fabrikam.example"
    text = f"PrimarySmtpAddress -eq '{shared}' -OR emailaddresses -eq '{bob}'"
    assert sorted(names(exchange.run("Get-Mailbox", Filter=text))) == ["Bob Abel", "Reception"]


def test_an_apostrophe_in_a_filter_is_doubled(exchange, add_recipient):
    add_recipient("oneil", "UserMailbox", DisplayName="Pat O'Neil")
    assert names(exchange.run("Get-Recipient", Filter="DisplayName -eq 'Pat O''Neil'")) == ["oneil"]
    assert (
        "Invalid filter syntax"
        in exchange.refused("Get-Recipient", Filter="DisplayName -eq 'Pat O'Neil'").text
    )


@pytest.mark.parametrize("text", ["Name", "Name -eq Ann", "Name -eq 'a' Name -eq 'b'", "Name -eq 'a' -or"])
def test_a_wrong_filter_is_refused(exchange, text):
    assert "Invalid filter syntax" in exchange.refused("Get-Recipient", Filter=text).text


def test_an_unknown_property_in_a_filter_is_refused(exchange):
    refusal = exchange.refused("Get-Recipient", Filter="Colour -eq 'blue'")
    assert '"Colour" is not a recognized filterable property' in refusal.text


@pytest.mark.parametrize(
    "text", ["Name -like 'A*'", "Name -eq 'a' -and Alias -eq 'b'", "IsDirSynced -eq $true"]
)
def test_a_filter_beyond_the_model_is_501(exchange, text):
    assert exchange.post("Get-Recipient", {"Filter": text}).status_code == 501


def test_the_organization_and_its_domains(exchange, change_settings):
    change_settings(distributionGroupNamingPolicy="GRP_<GroupName>")
    assert exchange.run("Get-OrganizationConfig")[0]["DistributionGroupNamingPolicy"] == "GRP_<GroupName>"
    exchange.tenant.store.put("domain", "other.example", {"id": "other.example", "isVerified": True})
    exchange.tenant.store.put("domain", "new.example", {"id": "new.example", "isVerified": False})
    domains = exchange.run("Get-AcceptedDomain")
    assert [(d["DomainName"], d["Default"]) for d in domains] == [
        ("fabrikam.example", True),
        ("other.example", False),
    ]
    assert exchange.refused("Get-AcceptedDomain", Identity="new.example").status == 404


def test_application_roles_are_usually_none_and_are_read_when_there_are_some(exchange):
    assert exchange.run("Get-ManagementRoleAssignment", RoleAssigneeType="ServicePrincipal") == []
    assert exchange.run("Get-ServicePrincipal") == []
    assert exchange.refused("Get-ManagementRoleAssignment", RoleAssignee="an app").status == 404

    store = exchange.tenant.store
    store.put(
        "exchangeServicePrincipal",
        "sp",
        {"Identity": "sp", "DisplayName": "An App", "AppId": "app-id", "ObjectId": "Object-Id"},
    )
    assignment = {
        "Identity": "a1",
        "Name": "a1",
        "Role": "Application Calendars.Read",
        "RoleAssigneeName": "object-id",
        "RoleAssigneeType": "ServicePrincipal",
    }
    store.put("managementRoleAssignment", "a1", assignment)
    by = {"RoleAssignee": "APP-ID", "RoleAssigneeType": "ServicePrincipal"}
    assert exchange.run("Get-ManagementRoleAssignment", **by) == [assignment]
    assert exchange.run("Get-ManagementRoleAssignment", RoleAssigneeType="User") == []
    assert exchange.run("Get-ServicePrincipal", Identity="An App")[0]["AppId"] == "app-id"
