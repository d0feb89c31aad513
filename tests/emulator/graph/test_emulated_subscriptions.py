from datetime import timedelta

import pytest

from emulator.clock import stamp
from tests.emulator.graph.test_emulated_calendars import RAOP, restrict

ROOM = "syd-01-harbour@contoso.example"
ANSWERS, SILENT = "https://placeos.example/notifications", "https://placeos.invalid/notifications"


def asked(cloud, **changed):
    ends = stamp(cloud.clock.now() + timedelta(hours=1))
    body = {
        "changeType": "created,updated,deleted",
        "notificationUrl": ANSWERS,
        "resource": f"/users/{ROOM}/events",
        "expirationDateTime": ends,
    }
    return body | changed


def test_a_subscription_is_made_renewed_and_deleted_by_its_owner_alone(shared_cloud, refused):
    caller, other = shared_cloud.caller("Calendars.Read"), shared_cloud.caller("Calendars.Read")
    made = caller.ok("POST", "/v1.0/subscriptions", asked(shared_cloud))
    path = f"/v1.0/subscriptions/{made['id']}"
    later = stamp(shared_cloud.clock.now() + timedelta(hours=2))
    assert caller.ok("PATCH", path, {"expirationDateTime": later})["expirationDateTime"] == later
    assert other.ok("GET", "/v1.0/subscriptions")["value"] == []
    assert refused(other("DELETE", path)) == (404, "ResourceNotFound")
    assert caller("DELETE", path).status_code == 204
    assert caller.ok("GET", "/v1.0/subscriptions")["value"] == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"notificationUrl": SILENT}, "ValidationError"),
        ({"notificationUrl": "http://placeos.example"}, "InvalidRequest"),
        ({"notificationUrl": ""}, "InvalidRequest"),
        ({"changeType": "moved"}, "InvalidRequest"),
        ({"expirationDateTime": "2020-01-01T00:00:00Z"}, "InvalidRequest"),
        ({"expirationDateTime": "soon"}, "Request_BadRequest"),
    ],
)
def test_what_graph_checks_before_it_asks_exchange(shared_cloud, refused, changed, code):
    caller = shared_cloud.caller("User.Read.All")  # no permission is looked at yet
    assert refused(caller("POST", "/v1.0/subscriptions", asked(shared_cloud, **changed))) == (400, code)
    assert shared_cloud.store.all("subscription") == []


def test_exchange_refuses_in_words_of_its_own(cloud, refused):
    without = cloud.caller("User.Read.All")("POST", "/v1.0/subscriptions", asked(cloud))
    assert refused(without) == (403, "ExtensionError")
    assert "[RAOP]" not in without.text
    app = cloud.app("Calendars.Read")
    restrict(cloud, app.client_id, cloud.user_id("ada.ashby@contoso.example"))
    cloud.clock.advance(timedelta(hours=3).total_seconds())
    outside = cloud.calling_as(app)("POST", "/v1.0/subscriptions", asked(cloud))
    assert refused(outside) == (403, "ExtensionError")
    assert RAOP in outside.json()["error"]["message"]
    assert cloud.store.all("subscription") == []


def test_what_it_does_not_know_it_says(shared_cloud, refused):
    caller = shared_cloud.caller("Calendars.Read")
    nobody = asked(shared_cloud, resource="/users/nobody@contoso.example/events")
    assert refused(caller("POST", "/v1.0/subscriptions", nobody)) == (404, "ResourceNotFound")
    assert refused(caller("POST", "/v1.0/subscriptions", asked(shared_cloud, resource="/groups"))) == (
        501,
        "NotImplemented",
    )
