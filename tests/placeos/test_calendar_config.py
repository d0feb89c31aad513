"""The document that PlaceOS's calendar driver reads."""

from placeos.calendar_config import calendar_config_document


def test_it_holds_the_keys_of_the_driver_and_no_other():
    """PlaceOS/calendar takes the four by these names; they stand under one key."""
    assert calendar_config_document("tenant", "client", "secret", "teamsForBusiness") == {
        "calendar_config": {
            "tenant": "tenant",
            "client_id": "client",
            "client_secret": "secret",
            "conference_type": "teamsForBusiness",
        }
    }


def test_without_a_conference_type_no_link_is_added_to_events():
    config = calendar_config_document("tenant", "client", "secret", None)["calendar_config"]
    assert set(config) == {"tenant", "client_id", "client_secret"}
