"""Groups that hold the principal: only those that hold it directly are left by a command."""

from graph.directory_roles import EXCHANGE_ADMINISTRATOR
from tests.drift.by_hand import typed
from tests.drift.made import Made
from tests.drift.tampering import TAMPERINGS, entra_group
from tests.drift.test_could_not_look import failing


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


def test_a_role_that_it_holds_on_a_part_hides_none_that_a_group_brings_on_all(made: Made) -> None:
    body = {"displayName": "RA", "mailNickname": "RA", "mailEnabled": False, "securityEnabled": True}
    held = {"members@odata.bind": [made.graph.address(f"/v1.0/directoryObjects/{made.code.principal}")]}
    group = made.graph.post("/v1.0/groups", body | held | {"isAssignableToRole": True})["id"]
    role = {"roleDefinitionId": EXCHANGE_ADMINISTRATOR, "directoryScopeId": "/", "principalId": group}
    path = "/v1.0/roleManagement/directory/roleAssignments"
    made.graph.post(path, role)
    unit = {"directoryScopeId": "/administrativeUnits/x", "principalId": made.code.principal, "id": "x"}
    failing(made, f"{path}$", {"status": 200, "body": {"value": [role | unit]}})
    levels = {one.rule: one.level for one in made.reported().findings}
    assert levels == {"directory-role": "critical", "group-membership": "critical"}
