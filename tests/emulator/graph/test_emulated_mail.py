"""Mail, contacts, guests and devices: what the room application is to be refused."""

import pytest

ROOM = "syd-01-harbour@contoso.example"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({}, (400, "ErrorInvalidParameter")),
        ({"message": {"subject": "x", "toRecipients": []}}, (400, "ErrorInvalidRecipients")),
    ],
)
def test_mail_without_a_recipient_is_not_sent(shared_cloud, refused, message, expected):
    assert refused(shared_cloud.caller("Mail.Send")("POST", f"/v1.0/users/{ROOM}/sendMail", message)) == (
        expected
    )


def test_mail_with_a_recipient_is_accepted_with_the_permission_only(shared_cloud, refused):
    body = {"message": {"toRecipients": [{"emailAddress": {"address": "ada.ashby@contoso.example"}}]}}
    path = f"/v1.0/users/{ROOM}/sendMail"
    assert shared_cloud.caller("Mail.Send")("POST", path, body).status_code == 202
    assert refused(shared_cloud.caller("Mail.ReadWrite")("POST", path, body)) == (403, "ErrorAccessDenied")


@pytest.mark.parametrize(("what", "role"), [("messages", "Mail.Read"), ("contacts", "Contacts.Read")])
def test_a_mailbox_holds_nothing_beside_its_calendar(shared_cloud, what, role):
    assert shared_cloud.caller(role).ok("GET", f"/v1.0/users/{ROOM}/{what}")["value"] == []


def test_invitations_and_devices_are_known_no_further_than_their_permission(shared_cloud, refused):
    guest = {"invitedUserEmailAddress": "g@fabrikam.example"}
    inviting = shared_cloud.caller("User.Invite.All")
    assert refused(inviting("POST", "/v1.0/invitations", {})) == (400, "Request_BadRequest")
    assert refused(inviting("POST", "/v1.0/invitations", guest)) == (501, "NotImplemented")
    devices = "/v1.0/deviceManagement/managedDevices"
    managing = shared_cloud.caller("DeviceManagementManagedDevices.Read.All")
    assert refused(managing("GET", devices)) == (400, "BadRequest"), "the tenant has no Intune"
    assert refused(inviting("GET", devices)) == (403, "Forbidden")
