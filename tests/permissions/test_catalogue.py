"""The catalogue's data: each rule that its readers rely on."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import permissions
from exchange.other_grants import _SELF_GRANTING
from permissions import Level, Permission, Scope
from rights import RIGHTS, On, Role
from roomctl import administrator

FOLDER = Path(permissions.__file__).parent
CATALOGUE = json.loads((FOLDER / "catalogue.json").read_text(encoding="utf-8"))
SCHEMA = json.loads((FOLDER / "catalogue.schema.json").read_text(encoding="utf-8"))
ON_GRAPH = [one for one in permissions.known() if one.resource.app_id == permissions.GRAPH_APP_ID]
GRANTABLE = [one for one in permissions.known() if one.grantable]
LEFT_OUT = [one for one in permissions.known() if not one.grantable]
RANKS = list(Level)

# Microsoft's own ids (microsoftgraph/microsoft-graph-devx-content, permissions-descriptions.json; those of
# Exchange Online: cisagov/ScubaGear, RiskyAppPermissions.json), the same in every tenant. Written down a
# second time on purpose: a wrong id grants the wrong right.
GRAPH_IDS = {
    "AppRoleAssignment.ReadWrite.All": "06b708a9-e830-4db3-a914-8e69da51d44f",
    "Application.Read.All": "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
    "Application.ReadWrite.All": "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
    "Application.ReadWrite.OwnedBy": "18a4783c-866b-4cc7-a460-3d5e5662c884",
    "AuditLog.Read.All": "b0afded3-3588-46d8-8b3d-9842eff778da",
    "Calendars.Read": "798ee544-9d2d-430c-a058-570e29e34338",
    "Calendars.Read.All": "470229df-a15a-4b08-9d95-8c534862b362",
    "Calendars.ReadBasic": "",
    "Calendars.ReadBasic.All": "8ba4a692-bc31-4128-9094-475872af8a53",
    "Calendars.ReadWrite": "ef54d2bf-783f-4e0f-bca1-3210c0444d99",
    "Calendars.ReadWrite.All": "d91697b0-a708-4c11-a712-8fb2dc081aa2",
    "Contacts.Read": "089fe4d0-434a-44c5-8827-41ba8a0b17f5",
    "Contacts.Read.All": "",
    "Contacts.ReadWrite": "6918b873-d17a-4dc1-b314-35f528134491",
    "DelegatedPermissionGrant.ReadWrite.All": "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
    "Directory.Read.All": "7ab1d382-f21e-4acd-a863-ba3e13f7da61",
    "Directory.ReadWrite.All": "19dbc75e-c2e2-444c-a770-ec69d8559fc7",
    "Group.Read.All": "5b567255-7703-4780-807c-7be8301ae99b",
    "Group.ReadBasic.All": "07d67222-3a10-4d3b-9ddc-b8aa43198a00",
    "Group.ReadWrite.All": "62a82d76-70ea-41e2-9197-370581804d09",
    "GroupMember.Read.All": "98830695-27a2-44f7-8c18-0c3ebc9698f6",
    "GroupMember.ReadBasic.All": "8222c640-cae5-4860-8d11-b32cfad95e03",
    "GroupMember.ReadWrite.All": "dbaae8cf-10b5-4b86-a4a1-f871c94c6695",
    "Mail.Read": "810c84a8-4a9e-49e6-bf7d-12d183f40d01",
    "Mail.ReadBasic.All": "693c5e45-0940-467d-9b8a-1022fb9d42ef",
    "Mail.ReadWrite": "e2a3a72e-5f79-4c64-b1b1-878b674786c9",
    "Mail.Send": "b633e1c5-b582-4048-a93e-9f11b44c7e96",
    "MailboxSettings.Read": "40f97065-369a-49f4-947c-6a255697ae91",
    "Member.Read.Hidden": "658aa5d8-239f-45c4-aa12-864f4fc7e490",
    "OrgContact.Read.All": "e1a88a34-94c4-4418-be12-c87b00e26bea",
    "People.Read.All": "b528084d-ad10-4598-8b93-929746b4d7d6",
    "Place.Read.All": "913b9306-0ce1-42b8-9137-6a7df690a760",
    "Place.ReadWrite.All": "f1f5e9aa-ad18-4b97-883e-6aa7e95b7a5f",
    "Policy.Read.All": "246dd0d5-5bd0-4def-940b-0421030a5b68",
    "Policy.Read.PermissionGrant": "9e640839-a198-48fb-8b9a-013fd6f6cbcd",
    "Policy.ReadWrite.ApplicationConfiguration": "be74164b-cff1-491c-8741-e671cb536e13",
    "Policy.ReadWrite.PermissionGrant": "a402ca1c-2696-4531-972d-6e5ee4aa11ea",
    "ProfilePhoto.Read.All": "e24d31aa-e1ab-4c80-85fe-23018690335d",
    "RoleAssignmentSchedule.ReadWrite.Directory": "dd199f4a-f148-40a4-a2ec-f0069cc799ec",
    "RoleEligibilitySchedule.ReadWrite.Directory": "fee28b28-e1f3-4841-818e-2704dc62245f",
    "RoleManagement.Read.Directory": "483bed4a-2ad3-4361-a73b-c83ccdbdc53c",
    "RoleManagement.Read.Exchange": "c769435f-f061-4d0b-8ff1-3d39870e5f85",
    "RoleManagement.ReadWrite.Directory": "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
    "RoleManagement.ReadWrite.Exchange": "025d3225-3f02-4882-b4c0-cd5b541a4e80",
    "User.Invite.All": "09850681-111b-4a89-9bed-3f2cae46d706",
    "User.Read": "",
    "User.Read.All": "df021288-bdef-4463-88db-98f22de89214",
    "User.ReadBasic.All": "97235f07-e226-4f63-ace3-39588e11d3a1",
    "User.ReadWrite.All": "741f803b-c850-494e-b5df-cde7c675a1ca",
}
EXCHANGE_IDS = {
    "Calendars.Read": "798ee544-9d2d-430c-a058-570e29e34338",
    "Calendars.ReadWrite.All": "ef54d2bf-783f-4e0f-bca1-3210c0444d99",
    "Contacts.Read": "089fe4d0-434a-44c5-8827-41ba8a0b17f5",
    "Exchange.ManageAsApp": "dc50a0fb-09a3-484d-be87-e023b12c6440",
    "Exchange.ManageAsAppV2": "ea3d980d-ebc7-4be4-8298-a167e5b8797c",
    "Mail.Send": "b633e1c5-b582-4048-a93e-9f11b44c7e96",
    "Place.Read.All": "4830e04b-48ac-4de5-bbd9-8aceb58e506b",
    "User.Read.All": "bf24470f-10c1-436d-8d53-7b997eb473be",
    "User.ReadBasic.All": "77e65b5a-ceae-48b3-9490-50a86a038a48",
    "full_access_as_app": "dc890d15-9560-4a4c-9b7f-a736ec74ec40",
}
# What Microsoft lists as bounded (learn.microsoft.com/graph/auth-limit-mailbox-access) and as application
# roles (learn.microsoft.com/exchange/permissions-exo/application-rbac), of those that are known here.
BY_POLICY = {
    "Calendars.Read", "Calendars.ReadWrite", "Contacts.Read", "Contacts.ReadWrite", "Mail.Read",
    "Mail.ReadBasic.All", "Mail.ReadWrite", "Mail.Send", "MailboxSettings.Read",
}  # fmt: skip

NARROWER = {
    "Calendars.ReadWrite": "Calendars.Read",
    "Group.Read.All": "GroupMember.Read.All",
    "User.Read.All": "User.ReadBasic.All",
}


def called(one: Permission) -> str:
    return f"{one.name} of {one.resource.name}"


def broken(change) -> list[str]:
    """What the schema says of the catalogue with this change to it."""
    copy = json.loads(json.dumps(CATALOGUE))
    change(copy)
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(copy)]


def entry(catalogue: dict, name: str) -> dict:
    return next(one for one in catalogue["permissions"] if one["name"] == name)


def test_the_catalogue_follows_its_schema():
    Draft202012Validator.check_schema(SCHEMA)
    assert broken(lambda catalogue: None) == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda one: one.update(risk="low"), id="a field that nobody knows"),
        pytest.param(lambda one: one.pop("levelReason"), id="a field that is missing"),
        pytest.param(lambda one: one.update(level="severe"), id="a level of its own"),
        pytest.param(lambda one: one.update(level="critical"), id="critical and grantable"),
        pytest.param(lambda one: one.update(id=None), id="grantable without an id"),
        pytest.param(
            lambda one: one.update(id="EF54D2BF-783F-4E0F-BCA1-3210C0444D99"), id="capitals in an id"
        ),
        pytest.param(lambda one: one.update(excluded="no"), id="grantable and excluded"),
        pytest.param(lambda one: one.update(grantable=False), id="left out without a reason"),
        pytest.param(lambda one: one.update(opens="calendars"), id="no sentence"),
        pytest.param(lambda one: one.update(neededBy=[]), id="grantable and needed by nothing"),
        pytest.param(lambda one: one.update(mailbox=False), id="scoped and opens no mailbox"),
        pytest.param(lambda one: one.update(ratings={"somebody": "bad"}), id="a source that nobody knows"),
        pytest.param(lambda one: one["neededBy"][0].update(source="src/events.cr"), id="no public address"),
        pytest.param(lambda one: one.update(resource="exchange"), id="grantable on Exchange Online"),
    ],
)
def test_the_schema_refuses(change):
    assert broken(lambda catalogue: change(entry(catalogue, "Calendars.ReadWrite")))


def test_what_can_only_be_delegated_has_no_id():
    assert broken(lambda catalogue: entry(catalogue, "User.Read").update(id=GRAPH_IDS["User.Read.All"]))


def test_every_id_is_microsofts():
    found = {one.name: one.id for one in permissions.known() if one not in ON_GRAPH}
    assert {one.name: one.id for one in ON_GRAPH} == GRAPH_IDS
    assert found == EXCHANGE_IDS
    assert permissions.GRAPH_APP_ID == "00000003-0000-0000-c000-000000000000"
    assert permissions.EXCHANGE_APP_ID == "00000002-0000-0ff1-ce00-000000000000"


def test_names_and_ids_occur_once_on_a_service_and_in_order():
    entries = CATALOGUE["permissions"]
    keys = [(one["resource"] != "graph", one["name"]) for one in entries]
    ids = [(one["resource"], one["id"]) for one in entries if one["id"]]
    assert keys == sorted(set(keys))
    assert len(ids) == len(set(ids))


def test_an_id_is_looked_up_with_its_service():
    role = GRAPH_IDS["Calendars.ReadWrite"]
    on_graph = permissions.by_id(permissions.GRAPH_APP_ID, role.upper())
    on_exchange = permissions.by_id(permissions.EXCHANGE_APP_ID, role)
    assert on_graph is not None
    assert on_exchange is not None
    assert (on_graph.name, on_exchange.name) == ("Calendars.ReadWrite", "Calendars.ReadWrite.All")
    assert permissions.by_id(permissions.GRAPH_APP_ID, EXCHANGE_IDS["Place.Read.All"]) is None
    assert permissions.by_id(permissions.GRAPH_APP_ID, "") is None


def test_profiles_hold_what_placeos_asks_for():
    assert permissions.PROFILES == {
        "engine-2020": (
            "Calendars.ReadWrite",
            "Contacts.Read",
            "Group.Read.All",
            "Place.Read.All",
            "User.Read.All",
        ),
        "room-booking": ("Calendars.ReadWrite", "GroupMember.Read.All", "Place.Read.All", "User.Read.All"),
    }
    for name, wanted in permissions.PROFILES.items():
        assert tuple(permission.name for permission in permissions.profile(name)) == wanted
        assert all(permission.grantable for permission in permissions.profile(name))


@pytest.mark.parametrize("one", GRANTABLE, ids=called)
def test_what_opens_mailboxes_is_granted_only_where_a_policy_and_rbac_narrow_it(one):
    assert one.mailbox == one.name.startswith(("Calendars.", "Contacts.", "Mail."))
    assert set(one.scoped_by) == (set(Scope) if one.mailbox else set())


def test_what_is_bounded_is_what_microsoft_lists():
    assert {one.name for one in ON_GRAPH if one.scoped_by_policy} == BY_POLICY
    by_rbac = {one.name for one in ON_GRAPH if Scope.RBAC in one.scoped_by}
    assert by_rbac == BY_POLICY - {"Mail.ReadBasic.All"}
    assert [one.name for one in permissions.known() if one.scoped_by and one not in ON_GRAPH] == [
        "full_access_as_app"
    ]


@pytest.mark.parametrize("one", permissions.known(), ids=called)
def test_what_is_scoped_opens_mailboxes(one):
    assert one.mailbox or not one.scoped_by
    assert ("scope" in one.level_reason) or not one.scoped_by


def test_basic_calendars_are_narrower_in_content_and_never_offered():
    basic = permissions.by_id(permissions.GRAPH_APP_ID, GRAPH_IDS["Calendars.ReadBasic.All"])
    assert basic is not None
    assert basic.mailbox
    assert not basic.scoped_by
    offered = {one.narrower.name for one in permissions.known() if one.narrower}
    offered |= {name for one in permissions.known() for name in one.instead}
    assert basic.name not in offered


@pytest.mark.parametrize("one", [one for one in GRANTABLE if one.narrower], ids=called)
def test_the_narrower_one_can_be_granted_and_reaches_no_further(one):
    other = permissions.find(one.narrower.name)
    assert other.name != one.name
    assert RANKS.index(other.level) <= RANKS.index(one.level)
    assert other.mailbox == one.mailbox
    assert set(other.scoped_by) >= set(one.scoped_by)
    assert {need.source for need in other.needed_by} & {need.source for need in one.needed_by}


def test_nothing_else_is_offered_as_narrower():
    assert {one.name: one.narrower.name for one in permissions.known() if one.narrower} == NARROWER


@pytest.mark.parametrize("one", LEFT_OUT, ids=called)
def test_what_is_left_out_says_why_and_what_to_write_instead(one):
    assert one.excluded
    assert not one.narrower
    for other in one.instead:
        assert permissions.why_not(other) is None
    if one in ON_GRAPH or one.name not in GRAPH_IDS:
        assert str(permissions.why_not(one.name)).startswith(one.excluded)


@pytest.mark.parametrize("one", permissions.known(), ids=called)
def test_texts_are_one_plain_sentence(one):
    assert re.fullmatch(r"[A-Z][^.]*[^. ]\.", one.opens)
    assert re.fullmatch(r"[A-Z](?:[^.]|\.(?=\w))*[^. ]\.", one.level_reason)
    for phrase in (one.excluded, *(need.why for need in one.needed_by_module)):
        assert phrase == phrase.strip().rstrip(".")


def in_catalogue(role: str) -> set[tuple[str, str]]:
    return {
        (one.resource.name, one.name)
        for one in permissions.known()
        if role in [need.role for need in one.needed_by_module]
    }


@pytest.mark.parametrize("role", Role)
def test_every_right_of_ours_is_in_it_with_its_roles(role):
    services = (On.GRAPH, On.EXCHANGE_ONLINE)
    wanted = {
        (right.on.value, right.name) for right in RIGHTS if right.on in services and role in right.roles
    }
    assert in_catalogue(role) == wanted


def test_the_rights_of_who_makes_a_deployer_are_in_it():
    every = [administrator.rights(gives_directory_role=gives, names_owners=True) for gives in (False, True)]
    services = (On.GRAPH, On.EXCHANGE_ONLINE)
    wanted = {(on.value, name) for rights in every for on in services for name in rights[on]}
    assert in_catalogue("administrator") == wanted


@pytest.mark.parametrize("one", [one for one in permissions.known() if not one.id], ids=called)
def test_what_does_not_exist_is_nobody_s_right(one):
    assert not one.needed_by
    assert not one.needed_by_module
    assert one.level is Level.LOW


def test_who_can_grant_itself_more_is_critical():
    levels = {one.name: one.level for one in ON_GRAPH}
    assert {name: levels.get(name) for name in _SELF_GRANTING} == dict.fromkeys(
        _SELF_GRANTING, Level.CRITICAL
    )


@pytest.mark.parametrize("one", permissions.known(), ids=called)
def test_what_has_a_published_way_to_global_administrator_is_critical(one):
    ratings = {rating.source: rating.value for rating in one.ratings}
    if ratings.get("azureTiering") == "0" and one.name != "Application.ReadWrite.OwnedBy":
        assert one.level is Level.CRITICAL
    assert one.level is not Level.CRITICAL or not one.grantable


def test_ratings_contradict_each_other_and_are_kept_as_they_are():
    found = {one.name: {rating.source: rating.value for rating in one.ratings} for one in ON_GRAPH}
    assert found["Calendars.Read"] == {
        "microsoft": "4", "entraOps": "ManagementPlane", "azureTiering": "2", "scubaGear": "Medium",
    }  # fmt: skip
    assert found["Calendars.ReadWrite"]["microsoft"] == "3"
    assert found["User.Read.All"] == {
        "microsoft": "3", "entraOps": "UserAccess", "azureTiering": "2", "scubaGear": "High",
    }  # fmt: skip
    assert "scubaGear" not in found["Place.Read.All"]
    assert set(permissions.SOURCES) == {source for ratings in found.values() for source in ratings}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Contacts.Read.All", "Microsoft Graph has no such permission, although the older PlaceOS document"),
        ("Calendars.ReadWrite.All", "work hours and locations"),
        ("Calendars.Read.All", "work hours and locations"),
        ("Calendars.ReadBasic.All", "no application access policy narrows it; write Calendars.Read"),
        ("calendars.readwrite", "the nearest names are Calendars.ReadWrite"),
        ("User.Read.Al", "the nearest names are User.Read.All"),
        ("Sites.FullControl.All", "isn't among the permissions that PlaceOS needs"),
    ],
)
def test_the_reason_tells_names_apart(name, words):
    assert words in str(permissions.why_not(name))
    with pytest.raises(permissions.UnknownPermissionError, match=re.escape(name)):
        permissions.find(name)


def test_an_unknown_profile_names_the_nearest():
    with pytest.raises(permissions.UnknownPermissionError, match="the nearest name is room-booking"):
        permissions.profile("roombooking")
