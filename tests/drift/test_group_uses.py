"""What holds the room group: a group gives its members something, an administrative unit does not."""

from tests.drift.made import Made


def test_an_administrative_unit_is_no_finding(made: Made) -> None:
    unit = made.graph.post("/v1.0/directory/administrativeUnits", {"displayName": "London"})
    member = {"@odata.id": made.graph.address(f"/v1.0/directoryObjects/{made.group}")}
    made.graph.post(f"/v1.0/directory/administrativeUnits/{unit['id']}/members/$ref", member)
    assert made.graph.list(f"/v1.0/groups/{made.group}/memberOf") != []
    assert made.reported().findings == ()
