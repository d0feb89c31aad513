from datetime import timedelta

import pytest

from emulator.clock import stamp

ROOM = "syd-01-harbour@contoso.example"
PERSON = "ada.ashby@contoso.example"
RAOP = "Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings."
PATHS = [
    ("GET", "/calendar"),
    ("GET", "/calendars"),
    ("GET", "/events"),
    ("GET", "/calendar/events"),
    ("GET", "/calendarView?startDateTime=2026-01-01&endDateTime=2026-01-02"),
    ("GET", "/calendar/calendarView?startDateTime=2026-01-01&endDateTime=2026-01-02"),
    ("GET", "/events/x"),
    ("POST", "/events"),
    ("PATCH", "/events/x"),
    ("DELETE", "/events/x"),
    ("POST", "/calendar/getSchedule"),
    ("GET", "/calendarGroups"),
    ("GET", "/calendar/calendarPermissions"),
    ("GET", "/calendar/events/x/attachments"),
    ("POST", "/events/x/accept"),
    ("POST", "/calendar/events/x/decline"),
    ("POST", "/calendar/events/x/cancel"),
]


def meeting(start="2026-03-02T09:00:00", end="2026-03-02T10:00:00", zone="UTC", **more):
    return {
        "subject": "Talk",
        "start": {"dateTime": start, "timeZone": zone},
        "end": {"dateTime": end, "timeZone": zone},
        **more,
    }


def restrict(cloud, client_id, member):
    """A RestrictAccess policy of an app on a group with one member, made now."""
    group = next(g for g in cloud.store.all("recipient") if g["Alias"] == "travel-desk-mailboxes")
    cloud.store.put("recipient", group["ExternalDirectoryObjectId"], group | {"Members": [member]})
    policy = cloud.store.all("accessPolicy")[0]
    identity = policy["Identity"].replace(policy["AppId"], client_id)
    made = {**policy, "Identity": identity, "AppId": client_id, "_created": stamp(cloud.clock.now())}
    cloud.store.put("accessPolicy", identity, made)
    return made


def test_booking_reading_moving_and_cancelling(shared_cloud):
    caller = shared_cloud.caller("Calendars.ReadWrite")
    made = caller.ok("POST", f"/v1.0/users/{ROOM}/calendar/events", meeting())
    path = f"/v1.0/users/{shared_cloud.user_id(ROOM)}/events/{made['id']}"
    assert caller.ok("GET", path)["organizer"]["emailAddress"]["address"] == ROOM
    moved = caller.ok("PATCH", path, meeting("2026-03-02T11:00:00", "2026-03-02T12:00:00"))
    assert moved["start"]["dateTime"] == "2026-03-02T11:00:00"
    assert moved["subject"] == "Talk"
    assert (
        caller("PATCH", path, {"end": {"dateTime": "2026-03-01T00:00:00", "timeZone": "UTC"}}).status_code
        == 400
    )
    assert caller("GET", path.replace(shared_cloud.user_id(ROOM), PERSON)).status_code == 404
    assert caller("DELETE", path).status_code == 204
    assert caller("GET", path).status_code == 404


def test_a_view_holds_what_overlaps_it(shared_cloud):
    caller = shared_cloud.caller("Calendars.ReadWrite")
    room = "lon-02-temple@contoso.example"
    sydney = meeting("2026-03-02T20:30:00", "2026-03-02T21:30:00", "Australia/Sydney")  # 9:30 to 10:30 UTC
    caller.ok("POST", f"/v1.0/users/{room}/events", sydney)

    def seen(start, end):
        path = f"/v1.0/users/{room}/calendar/calendarView?startDateTime={start}&endDateTime={end}"
        return len(caller.ok("GET", path)["value"])

    assert seen("2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z") == 1
    assert seen("2026-03-02T10:30:00Z", "2026-03-02T11:00:00Z") == 0
    assert seen("2026-03-02T08:00:00Z", "2026-03-02T09:30:00Z") == 0


@pytest.mark.parametrize("query", ["", "?startDateTime=2026-01-01", "?startDateTime=soon&endDateTime=later"])
def test_a_view_needs_two_times(shared_cloud, refused, query):
    caller = shared_cloud.caller("Calendars.Read")
    answer = caller("GET", f"/v1.0/users/{ROOM}/calendarView{query}")
    assert refused(answer) == (400, "ErrorInvalidParameter")


def test_a_schedule_shows_when_rooms_are_busy(shared_cloud):
    caller = shared_cloud.caller("Calendars.ReadWrite")
    room = "lon-02-aldgate@contoso.example"
    caller.ok("POST", f"/v1.0/users/{room}/events", meeting())
    asked = {
        "schedules": [room, "nobody@contoso.example"],
        "startTime": {"dateTime": "2026-03-02T08:00:00", "timeZone": "UTC"},
        "endTime": {"dateTime": "2026-03-02T11:00:00", "timeZone": "UTC"},
        "availabilityViewInterval": 60,
    }
    busy, missing = caller.ok("POST", f"/v1.0/users/{room}/calendar/getSchedule", asked)["value"]
    assert busy["availabilityView"] == "020"
    assert [item["status"] for item in busy["scheduleItems"]] == ["busy"]
    assert missing["error"]["responseCode"] == "ErrorMailRecipientNotFound"


@pytest.mark.parametrize(
    "start", [None, {"dateTime": "soon"}, {"dateTime": "2026-03-02T09:00:00", "timeZone": "Mars"}]
)
def test_times_that_are_none(shared_cloud, refused, start):
    answer = shared_cloud.caller("Calendars.ReadWrite")(
        "POST", f"/v1.0/users/{ROOM}/events", meeting() | {"start": start}
    )
    assert refused(answer) == (400, "ErrorPropertyValidationFailure")


def test_an_unknown_mailbox(shared_cloud, refused):
    answer = shared_cloud.caller("Calendars.Read")("GET", "/v1.0/users/nobody@contoso.example/events")
    assert refused(answer) == (404, "ErrorInvalidUser")


def test_without_the_permission_there_is_no_word_of_policies(shared_cloud):
    app = shared_cloud.app("User.Read.All")
    answer = shared_cloud.calling_as(app)("GET", f"/v1.0/users/{PERSON}/events")
    assert answer.json()["error"]["message"] == "Access is denied. Check credentials and try again."


@pytest.mark.parametrize(("method", "tail"), PATHS)
def test_a_policy_in_force_closes_every_call(cloud, method, tail):
    app = cloud.app("Calendars.ReadWrite")
    restrict(cloud, app.client_id, cloud.user_id(ROOM))
    cloud.clock.advance(cloud.tenant.policy_delay.total_seconds() + 1)
    caller = cloud.calling_as(app)
    answer = caller(method, f"/v1.0/users/{PERSON}{tail}", {})
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "ErrorAccessDenied"
    assert answer.json()["error"]["message"] == RAOP
    assert caller(method, f"/v1.0/users/{ROOM}{tail}", {}).status_code != 403


def test_a_policy_is_enforced_later_than_it_is_made(cloud):
    app = cloud.app("Calendars.Read")
    restrict(cloud, app.client_id, cloud.user_id(ROOM))
    delay = cloud.tenant.policy_delay
    assert delay == timedelta(minutes=70)

    def status():
        return cloud.calling_as(app)("GET", f"/v1.0/users/{PERSON}/events").status_code

    assert status() == 200
    cloud.clock.advance(delay.total_seconds() - 60)
    assert status() == 200
    cloud.clock.advance(61)
    assert status() == 403


def test_a_policy_binds_its_app_alone(cloud):
    restrict(cloud, cloud.app("Calendars.Read").client_id, cloud.user_id(ROOM))
    cloud.clock.advance(10**5)
    assert cloud.caller("Calendars.Read")("GET", f"/v1.0/users/{PERSON}/events").status_code == 200


def test_the_other_app_of_contoso_is_bound_from_the_beginning(cloud):
    other = next(app for app in cloud.store.all("application") if app["displayName"] == "Travel Desk")
    secret = {"keyId": "k", "startDateTime": "2020-01-01T00:00:00Z", "endDateTime": "2099-01-01T00:00:00Z"}
    cloud.store.put(
        "application", other["id"], other | {"passwordCredentials": [secret], "_secrets": {"k": "s"}}
    )
    app = cloud.app()
    app.client_id, app.secret = other["appId"], "s"
    caller = cloud.calling_as(app)
    assert caller("GET", "/v1.0/users/ivo.ito@contoso.example/events").status_code == 200
    assert caller("GET", f"/v1.0/users/{PERSON}/events").status_code == 403


def test_the_log_names_mailbox_and_roles_of_a_refusal(cloud):
    app = cloud.app("Calendars.Read")
    restrict(cloud, app.client_id, cloud.user_id(ROOM))
    cloud.clock.advance(10**5)
    cloud.calling_as(app)("GET", f"/v1.0/users/{cloud.user_id(PERSON)}/events")
    entry = cloud.log()[-1]
    assert (entry["mailbox"], entry["status"], entry["roles"]) == (PERSON, 403, ["Calendars.Read"])
    assert entry["client"] == app.client_id


def test_who_organizes_a_meeting_cancels_it_and_answers_no_invitation(shared_cloud, refused):
    caller = shared_cloud.caller("Calendars.ReadWrite")
    room = f"/v1.0/users/{ROOM}"
    event = caller.ok("POST", f"{room}/calendar/events", meeting())["id"]
    assert caller.ok("GET", f"{room}/calendar/events/{event}/attachments")["value"] == []
    for answer in ("accept", "decline"):
        said = caller("POST", f"{room}/calendar/events/{event}/{answer}", {"sendResponse": False})
        assert refused(said) == (400, "ErrorInvalidRequest")
    assert caller("POST", f"{room}/calendar/events/{event}/cancel", {}).status_code == 202
    assert refused(caller("POST", f"{room}/calendar/events/{event}/cancel", {})) == (404, "ErrorItemNotFound")
    assert [one["role"] for one in caller.ok("GET", f"{room}/calendar/calendarPermissions")["value"]] == [
        "freeBusyRead"
    ]
    assert len(caller.ok("GET", f"{room}/calendarGroups")["value"]) == 1
