"""What holds the room group: a group gives its members something, an administrative unit does not."""

from exchange import policies
from tests.drift.made import MARK, Made


def test_an_administrative_unit_is_no_finding(made: Made) -> None:
    unit = made.graph.post("/v1.0/directory/administrativeUnits", {"displayName": "London"})
    member = {"@odata.id": made.graph.address(f"/v1.0/directoryObjects/{made.group}")}
    made.graph.post(f"/v1.0/directory/administrativeUnits/{unit['id']}/members/$ref", member)
    assert made.graph.list(f"/v1.0/groups/{made.group}/memberOf") != []
    assert made.reported().findings == ()


def test_what_limits_a_deleted_application_of_this_stack_is_no_finding_and_another_s_is(made: Made) -> None:
    registered = made.graph.post("/v1.0/applications", {"displayName": "Before"})
    policies.add(made.exchange, registered["appId"], made.group, policies.description("rooms", MARK))
    assert [one.rule for one in made.reported().findings] == ["group-used-elsewhere"]
    made.graph.delete(f"/v1.0/applications/{registered['id']}")
    assert made.reported().findings == ()
