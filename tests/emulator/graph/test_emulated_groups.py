import pytest

MAIL_ENABLED = "Cannot Update a mail-enabled security groups and or distribution list."


@pytest.fixture
def caller(shared_cloud):
    return shared_cloud.caller("Group.ReadWrite.All", "User.Read.All")


def group_id(cloud, name):
    return next(group["id"] for group in cloud.store.all("group") if group["displayName"] == name)


def reference(cloud, address="ada.ashby@contoso.example"):
    return {"@odata.id": f"{cloud.url}/v1.0/directoryObjects/{cloud.user_id(address)}"}


WRITES = [
    ("PATCH", "", {"description": "x"}),
    ("DELETE", "", None),
    ("POST", "/members/$ref", "reference"),
    ("DELETE", "/members/{member}/$ref", None),
    ("POST", "/owners/$ref", "reference"),
    ("DELETE", "/owners/{member}/$ref", None),
]


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize(
    ("group", "says"),
    [("Travel Desk Mailboxes", MAIL_ENABLED), ("Finance", "on-premises mastered Directory Sync objects")],
)
def test_graph_cannot_write_what_exchange_or_the_premises_own(shared_cloud, caller, group, says, write):
    method, tail, body = write
    before = shared_cloud.store.get("group", group_id(shared_cloud, group))
    tail = tail.format(member=before["_members"][0])
    sent = reference(shared_cloud) if body == "reference" else body
    answer = caller(method, f"/v1.0/groups/{before['id']}{tail}", sent)
    assert answer.status_code == 400
    assert says in answer.json()["error"]["message"]
    assert shared_cloud.store.get("group", before["id"]) == before


def test_graph_makes_no_mail_enabled_security_group(caller):
    body = {"displayName": "g", "mailNickname": "g", "mailEnabled": True, "securityEnabled": True}
    answer = caller("POST", "/beta/groups", body)
    assert answer.status_code == 400
    assert "does not currently support writing of mail-enabled groups" in answer.json()["error"]["message"]


def test_a_plain_security_group_lives_its_life(shared_cloud, caller):
    body = {"displayName": "g", "mailNickname": "g", "mailEnabled": False, "securityEnabled": True}
    path = f"/v1.0/groups/{caller.ok('POST', '/v1.0/groups', body)['id']}"
    member = shared_cloud.user_id("ada.ashby@contoso.example")
    caller.ok("POST", f"{path}/members/$ref", reference(shared_cloud))
    assert caller("POST", f"{path}/members/$ref", reference(shared_cloud)).status_code == 400
    assert [m["id"] for m in caller.ok("GET", f"{path}/members")["value"]] == [member]
    held = caller.ok("GET", f"/v1.0/users/{member}/memberOf")["value"]
    assert path.rpartition("/")[2] in [group["id"] for group in held]
    caller.ok("DELETE", f"{path}/members/{member}/$ref")
    caller.ok("PATCH", path, {"description": "d"})
    assert caller.ok("GET", path)["description"] == "d"
    caller.ok("DELETE", path)
    assert caller("GET", path).status_code == 404


def test_the_filter_of_azuread_finds_mail_enabled_groups(caller):
    found = caller.ok("GET", "/beta/groups?$filter=displayName eq 'Finance' and mailEnabled eq true")["value"]
    assert [group["mail"] for group in found] == ["finance@contoso.example"]
    assert (
        caller.ok("GET", "/beta/groups?$filter=displayName eq 'Finance' and mailEnabled eq false")["value"]
        == []
    )


def test_members_of_members(cloud):
    caller = cloud.caller("Group.ReadWrite.All", "User.Read.All")
    inner = group_id(cloud, "Finance")
    outer = group_id(cloud, "Facilities")
    caller.ok("POST", f"/v1.0/groups/{outer}/members/$ref",
              {"@odata.id": f"{cloud.url}/v1.0/directoryObjects/{inner}"})  # fmt: skip
    direct = [m["id"] for m in caller.ok("GET", f"/v1.0/groups/{outer}/members")["value"]]
    every = [m["id"] for m in caller.ok("GET", f"/v1.0/groups/{outer}/transitiveMembers")["value"]]
    assert inner in direct
    assert set(direct) < set(every)
    assert cloud.user_id("ada.ashby@contoso.example") in every
    user = cloud.user_id("ada.ashby@contoso.example")
    held = caller.ok("GET", f"/v1.0/users/{user}/transitiveMemberOf")["value"]
    assert {inner, outer} <= {group["id"] for group in held}


def test_of_members_that_the_caller_may_not_read_only_the_id_is_shown(shared_cloud):
    path = f"/v1.0/groups/{group_id(shared_cloud, 'Finance')}/members"
    blind = shared_cloud.caller("GroupMember.Read.All").ok("GET", path)["value"]
    assert [set(member) for member in blind] == [{"@odata.type", "id"}] * 3
    seeing = shared_cloud.caller("GroupMember.Read.All", "User.Read.All").ok("GET", path, select="id,mail")
    assert seeing["value"][0]["mail"] == "ada.ashby@contoso.example"


def test_expand_shows_members_inside(caller):
    (group,) = caller.ok("GET", "/v1.0/groups", filter="displayName eq 'Finance'", expand="members")["value"]
    assert [member["@odata.type"] for member in group["members"]] == ["#microsoft.graph.user"] * 3
    assert caller("GET", "/v1.0/groups", expand="colours").status_code == 400


def test_a_cast_leaves_only_its_type(shared_cloud, caller):
    inner = caller.ok("POST", "/v1.0/groups", {"displayName": "inner", "mailNickname": "i"})["id"]
    outer = caller.ok("POST", "/v1.0/groups", {"displayName": "outer", "mailNickname": "o"})["id"]
    person = shared_cloud.user_id("ada.ashby@contoso.example")
    for group, member in ((inner, person), (outer, inner)):
        body = {"@odata.id": f"{shared_cloud.url}/v1.0/directoryObjects/{member}"}
        caller.ok("POST", f"/v1.0/groups/{group}/members/$ref", body)

    def ids(path):
        return [one["id"] for one in caller.ok("GET", f"/v1.0{path}")["value"]]

    assert ids(f"/groups/{inner}/members/microsoft.graph.user") == [person]
    assert ids(f"/groups/{outer}/members/microsoft.graph.user") == []
    assert ids(f"/groups/{outer}/transitiveMembers/microsoft.graph.user") == [person]
    groups = ids(f"/users/{person}/transitiveMemberOf/microsoft.graph.group")
    assert {inner, outer} <= set(groups)
    assert not set(groups) & {role["id"] for role in shared_cloud.store.all("directoryRole")}
