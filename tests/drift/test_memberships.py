"""Groups that hold the principal: only those that hold it directly are left by a command."""

from tests.drift.by_hand import typed
from tests.drift.made import Made
from tests.drift.tampering import TAMPERINGS, entra_group


def test_a_group_around_the_group_is_left_with_it(made: Made) -> None:
    TAMPERINGS["a group that holds it"].do(made)
    [inner] = made.graph.list("/v1.0/groups", {"$filter": "displayName eq 'Facilities'"})
    outer = entra_group(made, "Buildings", inner["id"])
    told = {one.subject: one for one in made.reported().findings}
    assert told.keys() == {inner["id"], outer}
    assert "through Facilities" in told[outer].what
    assert "through" not in told[inner["id"]].what
    assert told[outer].repair == "# it leaves Buildings with Facilities"
    for one in told.values():
        typed(one.repair, made.graph, made.exchange)
    assert made.reported().findings == ()
