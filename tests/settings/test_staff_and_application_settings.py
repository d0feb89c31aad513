"""What must hold between the settings of staff and of the application."""

import pytest

ROOMS = "placeosroombooking@contoso.example"
CLIENT_ID = "1b2c3d4e-0000-4000-8000-000000000000"
STAFF = {"staff": ["ada@contoso.example"], "staffGroupAddress": "placeosstaff@contoso.example"}


@pytest.mark.parametrize(
    ("changes", "key", "words"),
    [
        ({**STAFF, "staffGroup": "team@contoso.example"}, "staff", "staffGroup (team@contoso.example) says"),
        ({"staff": ["ada@contoso.example"]}, "staffGroupAddress", "needs an address of its own"),
        ({"staffGroupAddress": "a@contoso.example"}, "staffGroupAddress", "staff is empty"),
        ({**STAFF, "staffGroupAddress": ROOMS}, "staffGroupAddress", "the room group has that address"),
        ({**STAFF, "staffGroupAlias": "PlaceOSRoomBooking"}, "staffGroupAlias", "has that alias"),
        ({**STAFF, "staffGroupName": "PlaceOS Room Booking"}, "staffGroupName", "has that name"),
        ({"staffGroup": ROOMS}, "staffGroup", "it is the room group"),
        ({**STAFF, "staff": ["opera@contoso.example"]}, "staff", "it is a room"),
        ({**STAFF, "deniedMailboxes": ["ada@contoso.example"]}, "deniedMailboxes", "it is in staff too"),
        ({"acceptedPermissions": ["Mail.Send"]}, "acceptedPermissions", "this stack makes a new one"),
        ({"acceptedPolicies": ["x"]}, "acceptedPolicies", "this stack makes a new one"),
        ({"applicationClientId": CLIENT_ID, "applicationName": "Mine"}, "applicationName", "left as it is"),
        ({"applicationClientId": CLIENT_ID, "applicationOwners": ["a@c.ex"]}, "applicationOwners", "is left"),
        (
            {"applicationClientId": CLIENT_ID, "applicationAdministrators": [CLIENT_ID]},
            "applicationAdministrators", "is left",
        ),
        ({"applicationClientId": "PlaceOS"}, "applicationClientId", "it is no application (client) id"),
        ({"internalDomain": "not a domain"}, "internalDomain", "it is no domain name"),
        ({"allowStaffRemovals": -1}, "allowStaffRemovals", "people who may leave the staff group"),
    ],
)  # fmt: skip
def test_what_is_refused(refusals, changes, key, words):
    [problem] = refusals(**changes)
    assert problem.key == key
    assert words in problem.reason
    assert problem.fix


def test_what_is_taken(parse):
    chosen = parse(**STAFF, applicationClientId=CLIENT_ID.upper(), acceptedPermissions=["Mail.Send"])
    assert chosen.staff == ("ada@contoso.example",)
    assert chosen.application_client_id == CLIENT_ID
    assert parse(internalDomain="Contoso.onmicrosoft.com").internal_domain == "contoso.onmicrosoft.com"
    assert parse(staffGroup="").staff_group == ""
