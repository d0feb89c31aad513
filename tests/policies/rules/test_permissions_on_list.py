import pytest

import tokens
from catalogue import BY_NAME, GRAPH, PROFILES
from rules.permissions_on_list import RULE
from tests.policies.stack import CALENDARS, UNKNOWN, Part, changed, clean, judge

CONTACTS, MAIL_SEND = "089fe4d0-434a-44c5-8827-41ba8a0b17f5", "b633e1c5-b582-4048-a93e-9f11b44c7e96"
EXCHANGE = "00000002-0000-0ff1-ce00-000000000000"
STRANGER = "11111111-2222-3333-4444-555555555555"


@pytest.mark.parametrize(
    ("role", "said"),
    [
        (CALENDARS, None),
        (CALENDARS.upper(), None),
        (CONTACTS, "consent asks for Contacts.Read, which profile room-booking does not have."),
        (STRANGER, f"consent asks for role {STRANGER}, which the catalogue does not have: review it."),
        (UNKNOWN, "consent asks for a permission whose id is not known at preview"),
        (None, "consent asks for a permission whose id is not known at preview"),
    ],
)
def test_a_grant(role, said):
    found = judge(RULE, changed("consent", appRoleId=role))
    assert [one.message.startswith(said) for one in found] == ([True] if said else [])


def requested(*ids, service=GRAPH):
    accesses = [{"id": one, "type": "Role"} for one in ids]
    return {"requiredResourceAccesses": [{"resourceAppId": service, "resourceAccesses": accesses}]}


@pytest.mark.parametrize(
    ("part", "names"),
    [
        (Part(tokens.APPLICATION, "new", requested(CALENDARS, CONTACTS)), 1),
        (Part(tokens.APPLICATION, "new", requested(MAIL_SEND, CONTACTS)), 2),
        (
            Part(
                tokens.APPLICATION_API_ACCESS, "new", {"apiClientId": GRAPH, "roleIds": [MAIL_SEND, STRANGER]}
            ),
            2,
        ),
        (Part(tokens.CONSENT_BY_PERSON, "new", {"permissions": ["Mail.Send", "Calendars.ReadWrite"]}), 1),
        (Part(tokens.CONSENT_BY_PERSON, "new", {"permissions": ["Calendars.ReadWrite.Everything"]}), 1),
    ],
)
def test_every_way_to_ask(part, names):
    assert [one.name for one in judge(RULE, {**clean(), "new": part})] == ["new"] * names


@pytest.mark.parametrize(
    ("service", "said"),
    [
        (EXCHANGE, "new asks for Calendars.ReadWrite.All, which profile room-booking does not have."),
        (
            STRANGER,
            f"new asks for role {CALENDARS} of application {STRANGER}, which the catalogue does not have",
        ),
        (UNKNOWN, "new asks for a permission whose id is not known at preview"),
    ],
)
def test_the_same_id_on_another_service_is_another_permission(service, said):
    parts = {"new": Part(tokens.APPLICATION, "new", requested(CALENDARS, service=service))}
    assert [one.message.startswith(said) for one in judge(RULE, parts)] == [True]


def test_another_profile_and_an_explicit_list():
    contacts = changed("consent", appRoleId=CONTACTS)
    assert judge(RULE, contacts, {"profile": "engine-2020"}) == []
    assert (
        judge(RULE, contacts, {"permissions": ["Contacts.Read", "Calendars.ReadWrite", "Place.Read.All"]})
        == []
    )
    said = judge(RULE, clean(), {"permissions": ["Calendars.ReadWrite"]})
    assert [one.message.split(".")[0] for one in said] == ["application asks for Place"]
    assert "which the rule's list does not have" in said[0].message


def test_the_configuration_takes_names_of_the_catalogue_only():
    assert RULE.config_schema is not None
    schema = RULE.config_schema.properties
    assert schema["profile"]["enum"] == sorted(PROFILES)
    assert schema["permissions"]["items"]["enum"] == sorted(BY_NAME)
