"""Send As, full access, and the permissions of calendars: what people are given on others' mailboxes."""

import pytest

SELF = "NT AUTHORITY\\SELF"
ANN = "ann.abel@fabrikam.example"
ROOM = "ber-01-spree"
CALENDAR = f"{ROOM}:\\Calendar"


@pytest.fixture
def app(exchange):
    """An application that Exchange was told of."""
    found = next(p for p in exchange.tenant.store.all("servicePrincipal") if p["displayName"] == "Unroled")
    exchange.run("New-ServicePrincipal", AppId=found["appId"], ObjectId=found["id"])
    return found["id"]


def send_as(exchange, **asked):
    return [(row["Identity"], row["Trustee"]) for row in exchange.run("Get-RecipientPermission", **asked)]


def test_who_may_send_as_whom_is_found_from_both_ends(exchange, app):
    for recipient, trustee in ((ROOM, "ann.abel"), ("News", "ann.abel"), (ROOM, "Rooms"), (ROOM, app)):
        [row] = exchange.run(
            "Add-RecipientPermission",
            Identity=recipient,
            Trustee=trustee,
            AccessRights=["SendAs"],
            Confirm=False,
        )
        assert (row["AccessRights"], row["AccessControlType"]) == (["SendAs"], "Allow")
    spree = "BER 01 Spree"
    assert send_as(exchange, Identity=ROOM) == [(spree, SELF), (spree, ANN), (spree, "Rooms"), (spree, app)]
    assert send_as(exchange, Trustee=ANN) == [(spree, ANN), ("News", ANN)]
    assert send_as(exchange, Identity=ROOM, Trustee="bob.abel") == []
    assert len(send_as(exchange)) == len(exchange.run("Get-Mailbox")) + 4
    exchange.run("Remove-RecipientPermission", Identity=ROOM, Trustee=ANN, AccessRights="SendAs")
    assert send_as(exchange, Trustee=ANN) == [("News", ANN)]


def test_to_give_or_take_send_as_twice_is_a_warning(exchange):
    change = {"Identity": ROOM, "Trustee": "ann.abel", "AccessRights": ["SendAs"]}
    [warning] = exchange.warnings("Remove-RecipientPermission", **change)
    assert "because the ACE doesn't exist on the object" in warning
    exchange.run("Add-RecipientPermission", **change)
    [warning] = exchange.warnings("Add-RecipientPermission", **change)
    assert "already present" in warning
    assert len(send_as(exchange, Trustee=ANN)) == 1


def test_full_access_is_given_in_parts_and_taken_in_parts(exchange):
    [own] = exchange.run("Get-MailboxPermission", Identity=ROOM)
    assert (own["User"], own["AccessRights"]) == (SELF, ["FullAccess", "ReadPermission"])
    user = {"Identity": ROOM, "User": "ann.abel"}
    exchange.run("Add-MailboxPermission", **user, AccessRights=["fullaccess"], AutoMapping=False)
    exchange.run("Add-MailboxPermission", **user, AccessRights=["ReadPermission"], InheritanceType="All")
    exchange.run("Add-MailboxPermission", **user, AccessRights=["DeleteItem"], Deny=True)
    shown = exchange.run("Get-MailboxPermission", **user)
    assert [(row["User"], row["AccessRights"], row["Deny"]) for row in shown] == [
        (ANN, ["FullAccess", "ReadPermission"], False),
        (ANN, ["DeleteItem"], True),
    ]
    assert exchange.warnings("Add-MailboxPermission", **user, AccessRights=["FullAccess"])
    exchange.run("Remove-MailboxPermission", **user, AccessRights=["FullAccess"], Confirm=False)
    assert exchange.warnings("Remove-MailboxPermission", **user, AccessRights=["FullAccess"])
    exchange.run("Remove-MailboxPermission", **user, AccessRights=["ReadPermission"])
    assert [row["Deny"] for row in exchange.run("Get-MailboxPermission", **user)] == [True]
    assert exchange.run("Get-MailboxPermission", Identity="ber-01-havel", User="ann.abel") == []


def test_a_calendar_shows_who_sees_it(exchange):
    def shown(**asked):
        rows = exchange.run("Get-MailboxFolderPermission", Identity=CALENDAR, **asked)
        return {row["User"]: row["AccessRights"] for row in rows}

    assert shown() == {"Default": ["AvailabilityOnly"], "Anonymous": ["None"]}
    exchange.run("Set-MailboxFolderPermission", Identity=CALENDAR, User="default", AccessRights=["Reviewer"])
    add = {"Identity": CALENDAR, "User": "ann.abel", "AccessRights": ["Editor"]}
    exchange.run("Add-MailboxFolderPermission", **add)
    assert shown() == {"Default": ["Reviewer"], "Anonymous": ["None"], ANN: ["Editor"]}
    assert shown(User="ann.abel") == {ANN: ["Editor"]}
    refusal = exchange.refused("Add-MailboxFolderPermission", **add)
    assert refusal.type == "UserAlreadyExistsInPermissionEntryException"
    exchange.run("Remove-MailboxFolderPermission", Identity=CALENDAR, User="ann.abel", Confirm=False)
    for cmdlet, more in (("Remove", {}), ("Get", {}), ("Set", {"AccessRights": ["Owner"]})):
        gone = {"Identity": CALENDAR, "User": "ann.abel", **more}
        refusal = exchange.refused(f"{cmdlet}-MailboxFolderPermission", **gone)
        assert refusal.type == "UserNotFoundInPermissionEntryException", cmdlet
    other = exchange.run("Get-MailboxFolderPermission", Identity="ber-01-havel:\\Calendar")
    assert [row["AccessRights"] for row in other] == [["AvailabilityOnly"], ["None"]]


@pytest.mark.parametrize("noun", ["RecipientPermission", "MailboxPermission"])
def test_a_permission_without_sense(exchange, noun):
    who, right = ("Trustee", "SendAs") if noun == "RecipientPermission" else ("User", "FullAccess")
    fine = {"Identity": ROOM, who: "ann.abel", "AccessRights": [right]}
    for change, type_ in (
        ({"Identity": "nobody"}, "ManagementObjectNotFoundException"),
        ({who: "nobody"}, "ManagementObjectNotFoundException"),
        ({who: "News"}, "RecipientTaskException"),
        ({"AccessRights": ["Everything"]}, "ParameterBindingException"),
        ({"AccessRights": []}, "ParameterBindingException"),
        ({who: None}, "ParameterBindingException"),
        ({"Identity": None}, "ParameterBindingException"),
    ):
        for verb in ("Add", "Remove"):
            assert exchange.refused(f"{verb}-{noun}", **{**fine, **change}).type == type_, change
    assert exchange.refused(f"Get-{noun}", Identity="nobody").status == 404
    [ann] = exchange.run("Get-Recipient", Identity=ANN)
    for nobody in ("nobody", ann["ExternalDirectoryObjectId"]):
        assert exchange.refused(f"Get-{noun}", Identity=ROOM, **{who: nobody}).status == 404


def test_a_mailbox_is_named_and_is_a_mailbox(exchange):
    for cmdlet in ("Get-MailboxPermission", "Get-MailboxFolderPermission"):
        assert "Identity" in exchange.refused(cmdlet).text
    assert exchange.refused("Get-MailboxPermission", Identity="Rooms").status == 404
    assert exchange.refused("Get-MailboxFolderPermission", Identity="Rooms:\\Calendar").status == 404
    for folder in (ROOM, f"{ROOM}:\\Inbox"):
        assert exchange.post("Get-MailboxFolderPermission", {"Identity": folder}).status_code == 501


def test_reading_takes_less_than_giving(exchange):
    for noun in ("RecipientPermission", "MailboxPermission", "MailboxFolderPermission"):
        named = {"Identity": CALENDAR if "Folder" in noun else ROOM}
        assert exchange.run(f"Get-{noun}", app="Reader", **named)
        for verb in ("Add", "Remove"):
            refusal = exchange.refused(f"{verb}-{noun}", app="Reader")
            assert refusal.type == "CmdletAccessDeniedException", (verb, noun)
        assert exchange.post(f"Get-{noun}", named, app="Directory").status_code == 403


def test_results_are_limited(exchange):
    assert len(exchange.run("Get-RecipientPermission", ResultSize=2)) == 2
    assert exchange.warnings("Get-RecipientPermission", ResultSize=2)
