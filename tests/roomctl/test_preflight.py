"""`roomctl preflight`: what is in the way of a first run, and who has to do what about it."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from emulator.conditional_access import EVERYONE, policy
from emulator.graph.credential_rules import DEFAULT
from emulator.store import Document
from emulator.tokens import token_lifetime_policy
from exchange import groups, policies
from exchange.admin_api import current_exchange
from graph.directory_roles import EXCHANGE_ADMINISTRATOR
from rights import DEPLOY, RIGHTS, On, Right, Role, names, needed, useful
from roomctl.deployer_identity import Identity
from roomctl.deployer_plan import CUSTOM_ROLE
from roomctl.held_rights import CMDLETS, SECURITY_GROUPS, right_looks
from roomctl.look import Answer
from roomctl.preflight import LOOKS_OF_OTHERS
from tests.docs.test_deployer_rights import give, lacking, only
from tests.emulated_vault import asking_arm, vault_id
from tests.prerequisites.conftest import GOOD, PERSON, ROOM
from tests.roomctl.conftest import MARK, Scene
from wire.claims import Claims

NAME = "PlaceOS Bookings Visualiser"
SETTINGS = ("applicationOwners", "applicationClientId")


class Desk:
    """Whoever is about to run `pulumi up` for the first time."""

    def __init__(self, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        self.scene, self.store, self.monkeypatch = scene, scene.emulated.tenant.store, monkeypatch
        scene.is_told()
        self.sets()

    def sets(self, *, secret: tuple[str, ...] = (), **changes: Any) -> None:
        """The stack's settings; None takes one out."""
        chosen = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
        config = {
            f"placeos-m365:{key}": {
                "value": value if isinstance(value, str) else json.dumps(value),
                "secret": key in secret,
            }
            for key, value in chosen.items()
        }
        self.scene.tells("config.json", json.dumps(config))

    def run(self, *arguments: str) -> tuple[int, str]:
        """The exit code, and what was printed; it says everything on standard output."""
        done = self.scene.again("preflight", *arguments, COLUMNS="200")
        assert done.stderr == "", done.stderr
        return done.returncode, done.stdout

    def rows(self, *arguments: str) -> tuple[int, dict[str, dict[str, str]]]:
        """The exit code, and each row by what it is about."""
        code, output = self.run("--json", *arguments)
        report = json.loads(output)
        assert report["exitCode"] == code
        for row in report["rows"]:
            assert row["seen"], row
            assert row["why"], row
            assert bool(row["fix"]) == (row["answer"] != "fine"), row
        return code, {row["about"]: row for row in report["rows"]}

    def about(self, beginning: str) -> tuple[int, dict[str, str]]:
        """The exit code, and the only row that begins so."""
        code, rows = self.rows()
        [row] = [row for about, row in rows.items() if about.startswith(beginning)]
        return code, row

    def head(self, **settings: Any) -> None:
        """What the tenant is like."""
        self.store.put("tenant", "tenant", (self.store.get("tenant", "tenant") or {}) | settings)

    def own(self) -> Document:
        """The deployer's service principal."""
        client_id = self.scene.emulated.deployer.client_id
        return next(one for one in self.store.all("servicePrincipal") if one["appId"] == client_id)


@pytest.fixture
def desk(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(scene, monkeypatch)


def chapters_of(page: str) -> dict[str, str]:
    return dict(re.findall(r"## (.*?)\n(.*?)(?=\n## |\Z)", page, re.DOTALL))


def answers(rows: dict[str, dict[str, str]]) -> set[str]:
    return {row["answer"] for row in rows.values()}


def test_nothing_is_in_the_way_and_nothing_is_written(desk: Desk) -> None:
    desk.sets(
        applicationOwners=[PERSON], staff=[PERSON], deniedMailboxes=["bela.bauer@contoso.example"],
        staffGroupAddress="placeosstaff@contoso.example",
    )  # fmt: skip
    code, rows = desk.rows()
    assert (code, answers(rows)) == (0, {"fine"}), rows
    assert {
        "application",
        "rooms",
        "staff",
        "groups",
        "owner",
        "denied mailboxes",
        "applicationOwners",
    } <= set(rows)
    assert {f"{one.name} ({one.on})" for one in needed(DEPLOY, "applicationOwners")} <= set(rows)
    code, output = desk.run()
    assert code == 0
    assert "Nothing is in the way" in output
    assert "Nothing has to be granted or changed." in desk.run("--markdown")[1]
    reading = ("Get-", "Test-")
    writes = [
        one
        for one in desk.store.logged()
        if one["method"] != "GET"
        and not one["path"].endswith("/oauth2/v2.0/token")
        and not one.get("cmdlet", "").startswith(reading)
    ]
    assert writes == []
    assert any(one.get("cmdlet") for one in desk.store.logged()), "the log tells cmdlets"


def test_the_inventory_of_the_example_is_read_from_the_project(desk: Desk) -> None:
    desk.sets(rooms=None, inventory="examples/contoso/rooms.csv")
    code, row = desk.about("rooms")
    assert (code, row["answer"]) == (0, "fine")
    desk.sets(rooms=None, everyRoomMailbox="true")
    assert desk.about("rooms")[1]["seen"] == "48 room and equipment mailboxes"


def test_each_right_that_lacks_is_found_and_said_how_to_grant(desk: Desk) -> None:
    applications = desk.store.all("application")
    client_id = next(one["appId"] for one in applications if one["displayName"] == "Travel Desk")
    only(desk.store, useful(DEPLOY, *SETTINGS))
    chosen: tuple[dict[str, Any], ...] = ({"applicationOwners": [PERSON]}, {"applicationClientId": client_id})
    for settings in chosen:
        desk.sets(**settings)
        for right in needed(DEPLOY, *settings):
            with lacking(desk.store, right):
                code, rows = desk.rows()
            row = rows[f"{right.name} ({right.on})"]
            assert (code, row["answer"]) == (7, "found"), row
            assert right.name in row["fix"]
            assert "Deployer" in row["fix"], "and to whom"
            assert right.on is not On.EXCHANGE_ROLE or ";" not in row["fix"], "it is pasted into a shell"
            assert row["undo"]


def test_a_permission_that_does_as_well_is_taken(desk: Desk) -> None:
    own = desk.own()["id"]
    graph = next(one for one in desk.store.all("servicePrincipal") if one["displayName"] == "Microsoft Graph")
    roles = {role["value"]: role["id"] for role in graph["appRoles"]}
    for consent in desk.store.all("appRoleAssignment"):
        if consent["principalId"] == own and consent["appRoleId"] == roles["Application.ReadWrite.OwnedBy"]:
            desk.store.put(
                "appRoleAssignment",
                consent["id"],
                consent | {"appRoleId": roles["Application.ReadWrite.All"]},
            )
    code, row = desk.about("Application.ReadWrite.OwnedBy")
    assert (code, row["seen"]) == (0, "Application.ReadWrite.All does as well")


def test_where_a_person_consents_the_deployer_needs_no_right_to(desk: Desk) -> None:
    desk.sets(consent="manual")
    [consents] = [one for one in needed(DEPLOY) if one.name == "AppRoleAssignment.ReadWrite.All"]
    with lacking(desk.store, consents):
        code, rows = desk.rows()
    assert (code, answers(rows)) == (0, {"fine"}), rows


def test_without_any_right_it_still_says_which(desk: Desk) -> None:
    only(desk.store, ())
    code, rows = desk.rows()
    assert code == 7
    assert rows["AppRoleAssignment.ReadWrite.All (Microsoft Graph)"]["answer"] == "found"
    assert rows["Exchange.ManageAsApp (Office 365 Exchange Online)"]["answer"] == "found"
    assert rows["Distribution Groups (Exchange role)"]["answer"] == "not looked at"
    assert rows["rooms"]["answer"] == "not looked at"
    assert rows["rooms"]["undo"] == "", "a run needs it for good"
    chapters = chapters_of(desk.run("--markdown")[1])
    assert "| rooms |" in chapters["Not looked at: please look"]
    assert not any(title.startswith("To change in the stack's settings") for title in chapters)


def test_an_entra_role_stands_for_the_exchange_roles(desk: Desk) -> None:
    own = desk.own()["id"]
    [group] = [one for one in desk.store.all("roleGroup") if own in one["_members"]]
    desk.store.put("roleGroup", group["Guid"], group | {"_members": []})
    [role] = [
        one for one in desk.store.all("directoryRole") if one["displayName"] == "Exchange Administrator"
    ]
    desk.store.put("directoryRole", role["id"], role | {"members": [own]})
    code, rows = desk.rows()
    assert (code, answers(rows)) == (0, {"fine"}), rows
    assert rows["directory roles"]["seen"] == "Exchange Administrator"
    assert rows[f"{SECURITY_GROUPS} (Exchange role)"]["seen"] == "an Entra role brings it"


def test_what_only_role_groups_tell_is_not_known_to_who_may_not_see_them(desk: Desk) -> None:
    only(desk.store, useful(DEPLOY))
    code, row = desk.about(SECURITY_GROUPS)
    assert (code, row["answer"]) == (1, "not looked at")
    assert "Get-RoleGroup" in row["seen"]
    assert "such as View-Only Configuration" in row["fix"], (
        "the right to look, and no grant that may be there"
    )
    assert "New-ManagementRoleAssignment" not in row["fix"]
    assert "Role Management" not in desk.run("--markdown")[1], "whoever has that gives itself any other"


VAULT_RIGHTS = [one for one in RIGHTS if one.on in (On.VAULT_ACTION, On.VAULT_DATA_ACTION)]


def the_vault(desk: Desk, **changes: Any) -> str:
    """The settings name the tenant's vault, which is changed so; its id."""
    [vault] = desk.store.all("keyVault")
    desk.store.put("keyVault", vault["name"], vault | changes)
    desk.sets(keyVault=vault["id"])
    return str(vault["id"])


def test_a_vault_and_every_right_on_it_are_looked_at(desk: Desk) -> None:
    the_vault(desk)
    code, rows = desk.rows()
    assert (code, answers(rows)) == (0, {"fine"}), rows
    assert "Azure roles give every right" in rows["what opens the key vault"]["seen"]
    assert all(f"{right.name} ({right.on})" in rows for right in VAULT_RIGHTS)


@pytest.mark.parametrize("right", VAULT_RIGHTS, ids=lambda right: right.name)
def test_a_right_on_a_vault_that_lacks_is_found(desk: Desk, right: Right) -> None:
    id_ = the_vault(desk)
    with lacking(desk.store, right):
        code, rows = desk.rows()
    row = rows[f"{right.name} ({right.on})"]
    assert (code, row["answer"]) == (7, "found"), row
    assert right.name in row["fix"]
    assert id_ in row["fix"]
    others = [f"{one.name} ({one.on})" for one in VAULT_RIGHTS if one.on is On.VAULT_ACTION and one != right]
    assert {rows[other]["answer"] for other in others} == {"fine"}, "each is told by itself"


@pytest.mark.parametrize(
    ("secrets", "answer"),
    [
        ({"own": ["Get", "Delete", "Recover"]}, "fine"),
        ({"own": ["all"]}, "fine"),
        ({"own": ["get"]}, "found"),
        ({"own": ["get"], "somebody": ["recover"]}, "not looked at"),
        ({}, "found"),
    ],
)
def test_where_access_policies_open_a_vault_they_are_read(
    desk: Desk, secrets: dict[str, list[str]], answer: str
) -> None:
    own = desk.own()["id"]
    policies = {own if who == "own" else who: held for who, held in secrets.items()}
    the_vault(desk, _policies=policies)
    _, rows = desk.rows()
    row = rows["Microsoft.KeyVault/vaults/secrets/recover/action (key vault (data action))"]
    assert row["answer"] == answer, row
    assert "access polic" in row["seen"]
    assert "access policies, and no Azure role" in rows["what opens the key vault"]["seen"]
    assert rows["Microsoft.KeyVault/vaults/secrets/write (key vault (action))"]["answer"] == "fine"


def another_vault(desk: Desk) -> None:
    desk.sets(keyVault=vault_id(desk.scene.emulated.tenant).replace("contoso-rooms", "contoso-lobby"))


def another_subscription(desk: Desk) -> None:
    _, _, _, *rest = vault_id(desk.scene.emulated.tenant).split("/")
    desk.sets(keyVault="/".join(["", "subscriptions", "00000000-0000-4000-8000-000000000000", *rest]))


def another_tenant_s_vault(desk: Desk) -> None:
    the_vault(desk, tenantId="00000000-0000-4000-8000-000000000000")


def taken_secret(desk: Desk) -> None:
    id_ = the_vault(desk)
    body = {"properties": {"value": "mine"}, "tags": {"mark": "plc:other"}}
    asking_arm(desk.scene.emulated.tenant, "Deployer")("PUT", f"{id_}/secrets/placeos-client-secret", body)


@pytest.mark.parametrize(
    ("befalls", "about", "seen"),
    [
        (another_vault, "keyVault: ", "either no such vault is there, or the deployer"),
        (another_subscription, "keyVault: ", "SubscriptionNotFound"),
        (another_tenant_s_vault, "keyVault: ", "it is a vault of the tenant 00000000"),
        (taken_secret, "keyVaultSecretName: ", "which this stack does not know"),
    ],
)
def test_a_wrong_vault_is_found(desk: Desk, befalls: Callable[[Desk], None], about: str, seen: str) -> None:
    befalls(desk)
    code, row = desk.about(about)
    assert (code, row["answer"]) == (7, "found"), row
    assert seen in row["seen"]


@pytest.mark.parametrize(
    ("path", "about", "answer"),
    [
        ("/vaults/contoso-rooms$", "what opens the key vault", {"status": 503}),
        ("/vaults/contoso-rooms$", "what opens the key vault", {"status": 200, "body": {"id": "x"}}),
        (
            "Microsoft.Authorization/permissions",
            "Microsoft.KeyVault/vaults/secrets/write (key vault (action))",
            {"status": 403, "body": {"error": {"code": "AuthorizationFailed", "message": "no"}}},
        ),
        (
            "Microsoft.Authorization/permissions",
            "Microsoft.KeyVault/vaults/secrets/delete (key vault (data action))",
            {"status": 200, "body": {"value": [{"actions": ["*"], "notActions": []}]}},
        ),
    ],
)
def test_what_azure_does_not_tell_of_a_vault_is_never_fine(
    desk: Desk, path: str, about: str, answer: dict[str, Any]
) -> None:
    the_vault(desk)
    desk.scene.emulated.fault(path=path, times=99, **answer)
    code, rows = desk.rows()
    assert (code, rows[about]["answer"]) == (1, "not looked at"), rows[about]
    assert "found" not in answers(rows)


def test_the_rights_of_a_person_are_not_told_by_a_token() -> None:
    """But for an Entra role; and nobody is asked, for Exchange's own list tells of a person what it can."""
    rights = [one for one in needed(DEPLOY) if one.on is not On.EXCHANGE_ROLE or one.name == SECURITY_GROUPS]
    person = Claims("az", "ada", "tenant", frozenset(), frozenset(), is_application=False)
    identity = Identity(on_graph=person, on_exchange=person)

    def asked() -> dict[str, Answer]:
        looks = right_looks(rights, identity, None, current_exchange)
        return {row.about: row.answer for look in looks for row in look.rows()}

    assert set(asked().values()) == {Answer.NOT_LOOKED}
    identity.on_exchange = replace(person, directory_roles=frozenset({EXCHANGE_ADMINISTRATOR}))
    assert asked()[f"{SECURITY_GROUPS} (Exchange role)"] is Answer.FINE


@pytest.mark.parametrize("role", sorted({one.name for one in RIGHTS if one.on is On.EXCHANGE_ROLE}))
def test_every_exchange_role_of_the_table_is_known_by_its_cmdlets(role: str) -> None:
    assert role == SECURITY_GROUPS or CMDLETS[role]


def dehydrated(desk: Desk) -> None:
    desk.head(isDehydrated=True)


def blocked_word(desk: Desk) -> None:
    desk.head(distributionGroupNameBlockedWords=["booking"])


def everyone_s_policy(desk: Desk) -> None:
    [group] = [one for one in desk.store.all("recipient") if one["Alias"] == "travel-desk-mailboxes"]
    policies.add(desk.scene.emulated.exchange, "*", group["ExternalDirectoryObjectId"], "all of them")


def long_tokens(desk: Desk) -> None:
    desk.store.put("tokenLifetimePolicy", "p", token_lifetime_policy("p", "P", timedelta(hours=8), []))


def blocked(desk: Desk) -> None:
    desk.store.put(
        "conditionalAccessPolicy", "b", policy("Block apps", [EVERYONE], exclude=[desk.own()["id"]])
    )


def no_premium(desk: Desk) -> None:
    desk.head(premium=False)
    give(desk.store, next(one for one in RIGHTS if one.name == "AuditLog.Read.All"))


def forbidden_secrets(desk: Desk) -> None:
    restricted(desk, "passwordAddition", None)


def short_secrets(desk: Desk) -> None:
    restricted(desk, "passwordLifetime", "P90D")


def restricted(desk: Desk, kind: str, longest: str | None) -> None:
    rule = {"restrictionType": kind, "state": "enabled", "maxLifetime": longest}
    rules = {"applicationRestrictions": {"passwordCredentials": [rule]}}
    desk.store.put("appManagementPolicy", DEFAULT, {"id": DEFAULT, "isEnabled": True, **rules})


def deleted_namesake(desk: Desk) -> None:
    made = desk.scene.application(name=NAME, mark="of somebody else")
    desk.scene.emulated.graph.delete(f"/v1.0/applications/{made['id']}")


def contained(desk: Desk) -> None:
    made = desk.scene.application(name=NAME)
    desk.scene.principal(made)
    assert desk.scene.again("contain", "--yes", "--client-id", made["appId"]).returncode == 0


def namesake(desk: Desk) -> None:
    desk.scene.application(name=NAME, mark="of somebody else")


def taken_alias(desk: Desk) -> None:
    desk.sets(roomGroupAlias="reception")


def missing_room(desk: Desk) -> None:
    desk.sets(rooms=[ROOM, "nowhere@contoso.example"])


def missing_owner(desk: Desk) -> None:
    desk.sets(applicationOwners=["nobody@contoso.example"])


@pytest.mark.parametrize(
    ("befalls", "about", "fix"),
    [
        (dehydrated, "organization", "Enable-OrganizationCustomization"),
        (blocked_word, "group naming policy", "roomGroupName"),
        (everyone_s_policy, "policies for every application", "Remove-ApplicationAccessPolicy -Identity"),
        (long_tokens, "token lifetimes", "AccessTokenLifetime"),
        (blocked, "Conditional Access", "Entra, Conditional Access, Block apps"),
        (no_premium, "sign-in log", "Entra ID P1"),
        (forbidden_secrets, "rotationPeriodDays", "exempted by an app management policy"),
        (short_secrets, "rotationPeriodDays", "rotationPeriodDays: 45"),
        (contained, "containment", "roomctl resume --client-id "),
        (deleted_namesake, "deleted namesakes", "Deleted applications"),
        (namesake, "applicationName", "applicationClientId: "),
        (taken_alias, "roomGroupAlias", "alias that nobody has"),
        (missing_room, "rooms: nowhere@", "create the mailbox first"),
        (missing_owner, "applicationOwners: nobody@", "correct it"),
    ],
)
def test_what_would_bite_is_found_and_so_is_its_fix(
    desk: Desk, befalls: Callable[[Desk], None], about: str, fix: str
) -> None:
    befalls(desk)
    code, row = desk.about(about)
    assert (code, row["answer"]) == (7, "found"), row
    assert fix in row["fix"]


def test_what_is_this_stack_s_own_is_in_nobody_s_way(desk: Desk) -> None:
    """Looked at again after a run, whose state is not asked for."""
    desk.head(distributionGroupNamingPolicy="GRP_<GroupName>")
    exchange = desk.scene.emulated.exchange
    before = desk.scene.application(name=NAME)
    desk.scene.emulated.graph.delete(f"/v1.0/applications/{before['id']}")
    made = desk.scene.application(name=NAME)
    desk.scene.principal(made)
    admin = ("exchange.admin@contoso.example",)
    group = groups.create(
        exchange,
        groups.GroupSettings(
            name="PlaceOS Room Booking", alias="placeosroombooking", address=GOOD["roomGroupAddress"],
            owners=admin, accepted_senders=admin, mark=MARK,
        ),
    )  # fmt: skip
    policies.add(exchange, made["appId"], group.group.object_id, MARK)
    code, rows = desk.rows()
    assert (code, answers(rows)) == (0, {"fine"}), rows
    assert "this stack's own" in rows["deleted namesakes"]["seen"]
    assert "IgnoreNamingPolicy" in rows["group naming policy"]["seen"]


@pytest.mark.parametrize(
    ("match", "about"),
    [
        ({"path": "EXOModuleFile"}, "View-Only Recipients (Exchange role)"),
        ({"cmdlet": "Get-OrganizationConfig"}, "organization"),
        ({"path": "conditionalAccess/policies"}, "Conditional Access"),
        ({"path": "policies/defaultAppManagementPolicy"}, "app management policies"),
        ({"cmdlet": "Get-Recipient"}, "rooms"),
    ],
)
@pytest.mark.parametrize(
    "answer",
    [
        {"status": 503},
        {"status": 403},
        {"status": 200, "body": {"value": [{"id": "x", "state": "enabled", "isEnabled": True}]}},
    ],
)
def test_a_look_that_fails_or_tells_nothing_is_never_fine(
    desk: Desk, match: dict[str, str], about: str, answer: dict[str, Any]
) -> None:
    if answer["status"] == 200 and about == "Conditional Access":
        bad = {"state": "enabled", "grantControls": {"builtInControls": ["block"]}}
        answer = answer | {"body": {"value": [bad | {"conditions": {"clientApplications": {"x": 1}}}]}}
    if answer["status"] == 200 and about == "app management policies":
        rule = {"restrictionType": "passwordLifetime", "maxLifetime": "soon"}
        rules = {"applicationRestrictions": {"passwordCredentials": [rule]}}
        answer = answer | {"body": {"id": "x", "isEnabled": True, **rules}}
    desk.scene.emulated.fault(**match, times=99, **answer)
    code, rows = desk.rows()
    assert (code, rows[about]["answer"]) == (1, "not looked at"), rows[about]
    assert "found" not in answers(rows)


def test_who_may_not_read_policies_is_told_what_was_not_looked_at(desk: Desk) -> None:
    rights = tuple(one for one in useful(DEPLOY, *SETTINGS) if one.name != "Policy.Read.All")
    only(desk.store, rights)
    code, rows = desk.rows()
    unseen = {about for about, row in rows.items() if row["answer"] == "not looked at"}
    assert (code, unseen) == (1, {"app management policies", "Conditional Access", "token lifetimes"})
    for about in unseen:
        assert "Policy.Read.All" in rows[about]["fix"]
        assert "revoke it" in rows[about]["undo"]


def wrong_secret(desk: Desk) -> None:
    desk.monkeypatch.setenv("ARM_CLIENT_SECRET", "wrong")


def expired_secret(desk: Desk) -> None:
    desk.scene.emulated.tenant.clock.advance(timedelta(days=4000).total_seconds())


def blocked_deployer(desk: Desk) -> None:
    desk.store.put("conditionalAccessPolicy", "b", policy("Block", [desk.own()["id"]], exclude=[]))


def unknown_tenant(desk: Desk) -> None:
    desk.monkeypatch.setenv("ARM_TENANT_ID", "00000000-0000-4000-8000-000000000000")


def no_credential(desk: Desk) -> None:
    for name in ("ARM_CLIENT_ID", "ARM_CLIENT_SECRET"):
        desk.monkeypatch.delenv(name)
    desk.monkeypatch.setenv("ARM_USE_CLI", "false")


def switched_off(desk: Desk) -> None:
    own = desk.own()
    desk.store.put("servicePrincipal", own["id"], own | {"accountEnabled": False})


@pytest.mark.parametrize(
    ("befalls", "seen", "fix"),
    [
        (wrong_secret, "AADSTS7000215", "value (not its id)"),
        (expired_secret, "AADSTS7000222", "new client secret"),
        (blocked_deployer, "AADSTS53003", "Exclude the application in Entra, Conditional Access"),
        (unknown_tenant, "authority", "ARM_TENANT_ID"),
        (no_credential, "No identity to deploy with", "roomctl create-deployer"),
        (switched_off, "AADSTS7000112", "Switch the application's service principal on"),
    ],
)
def test_who_can_not_sign_in_is_told_why_and_may_still_ask(
    desk: Desk, befalls: Callable[[Desk], None], seen: str, fix: str
) -> None:
    befalls(desk)
    code, output = desk.run("--json")
    rows = json.loads(output)["rows"]
    found = [row for row in rows if row["answer"] == "found"]
    assert code == 7
    unseen = [row["seen"] for row in rows if row["answer"] == "not looked at"]
    assert unseen
    assert all(one.startswith("nobody is signed in to") for one in unseen), "and nobody tries again"
    assert {row["fix"] for row in rows if row["answer"] == "not looked at"} == {"sign in first"}
    assert all(seen in row["seen"] and fix in row["fix"] for row in found), found
    assert found
    code, page = desk.run("--markdown")
    assert code == 7
    for right in needed(DEPLOY):
        assert right.name in page, "what has to be granted is known all the same"
    assert "Traceback" not in output + page


def test_settings_that_can_not_be_used_are_rows_and_the_rest_is_looked_at(desk: Desk) -> None:
    desk.sets(roomGroupOwner=None, rotationPeriodDays="3", roomGroupAdress="x")
    code, rows = desk.rows()
    assert code == 7
    found = {about.partition(":")[0] for about, row in rows.items() if row["answer"] == "found"}
    assert found == {"roomGroupOwner", "rotationPeriodDays", "roomGroupAdress"}
    assert rows["organization"]["answer"] == "fine"


def test_the_page_for_an_administrator(desk: Desk) -> None:
    befallen = (dehydrated, deleted_namesake, taken_alias)
    for befalls in befallen:
        befalls(desk)
    rights = {one.name: one for one in useful(DEPLOY)}
    unseen = lacking(desk.store, rights["Policy.Read.All"])
    with lacking(desk.store, rights["Distribution Groups"]), unseen:
        code, page = desk.run("--markdown")
        desk.scene.emulated.tenant.clock.advance(timedelta(days=3).total_seconds())
        assert desk.run("--markdown") == (code, page), "no time and no request id is in it"
    assert code == 7
    assert f"client id {desk.scene.emulated.deployer.client_id}" in page
    assert f"Contoso {desk.scene.emulated.deployer.tenant_id}" in page
    chapters = chapters_of(page)
    assert list(chapters) == [
        "To grant", "To change in the tenant", "Not looked at: please look",
        "To change in the stack's settings, by who asks", "Looked at, and fine",
    ]  # fmt: skip
    assert "New-ManagementRoleAssignment -SecurityGroup 'Deployer' -Role 'Distribution Groups'" in page
    assert "Remove-ManagementRoleAssignment" in chapters["To grant"]
    assert "Enable-OrganizationCustomization" in chapters["To change in the tenant"]
    assert "Policy.Read.All" in chapters["Not looked at: please look"]
    assert "roomGroupAlias" in chapters["To change in the stack's settings, by who asks"]


def test_a_name_in_the_tenant_can_not_write_into_the_page(desk: Desk) -> None:
    evil = "[click](https://evil.example) | @all\n# x"
    desk.store.put("conditionalAccessPolicy", "b", policy(evil, [EVERYONE], exclude=[desk.own()["id"]]))
    desk.head(displayName=evil)
    for arguments in (["--markdown"], []):
        text = desk.run(*arguments)[1]
        assert "\n# x" not in text
    page = desk.run("--markdown")[1]
    assert "evil" in page
    assert not re.search(r"(?<!\\)(\]\(|\| @)", page)


def test_no_secret_is_shown(desk: Desk) -> None:
    secret = desk.scene.emulated.tenant.environment["ARM_CLIENT_SECRET"]
    desk.sets(secret=("applicationName", "roomGroupAddress"), applicationName="Hush Project")
    desk.scene.application(name="Hush Project", mark="of somebody else")
    for arguments in ([], ["--markdown"], ["--json"]):
        code, output = desk.run(*arguments)
        assert code == 7
        assert "[secret]" in output or r"\[secret\]" in output
        for hidden in (secret, "Hush Project", GOOD["roomGroupAddress"]):
            assert hidden not in output


def rotating(desk: Desk) -> Document:
    """The deployer may rotate the secrets of the application, which it returns, and nothing else."""
    made = desk.scene.application(name=NAME)
    desk.scene.principal(made)
    rights = useful({Role.ROTATE})
    only(desk.store, rights)
    actions = {"allowedResourceActions": names(rights, On.CREDENTIALS)}
    custom = {"id": "r", "displayName": CUSTOM_ROLE, "isBuiltIn": False, "rolePermissions": [actions]}
    desk.store.put("roleDefinition", "r", custom)
    return made


def test_who_rotates_is_asked_for_what_a_rotation_takes(desk: Desk) -> None:
    made = rotating(desk)
    [credentials] = [one for one in RIGHTS if one.on is On.CREDENTIALS]
    about = f"{credentials.name} ({credentials.on})"
    code, rows = desk.rows("--role", "rotate")
    assert (code, rows[about]["answer"]) == (1, "not looked at")
    assert "RoleManagement.Read.Directory" in rows[about]["fix"]
    assert "revoke it" in rows[about]["undo"], "a rotation takes it not"
    assert {one for one, row in rows.items() if row["section"] == "rights"} == {
        f"{one.name} ({one.on})" for one in needed({Role.ROTATE})
    }
    assert not {"sign-in to Exchange", "organization", "groups", "rooms", "owner"} & set(rows)
    assert not [one for one in desk.store.logged() if one.get("cmdlet")], "Exchange is not asked"
    give(desk.store, next(one for one in RIGHTS if one.name == "RoleManagement.Read.Directory"))
    code, rows = desk.rows("--role", "rotate")
    assert (code, rows[about]["answer"]) == (7, "found")
    assert "--role rotate" in rows[about]["fix"]
    assert "roomctl preflight --markdown --stack dev --role rotate" in desk.run("--role", "rotate")[1]
    given = {"principalId": desk.own()["id"], "directoryScopeId": f"/{made['id']}"}
    desk.store.put("roleAssignment", "a", {"id": "a", "roleDefinitionId": "other", **given})
    assert desk.rows("--role", "rotate")[1][about]["answer"] == "not looked at"
    desk.store.put("roleAssignment", "a", {"id": "a", "roleDefinitionId": "r", **given})
    code, rows = desk.rows("--role", "rotate")
    assert (code, answers(rows)) == (0, {"fine"}), [r for r in rows.values() if r["answer"] != "fine"]


def test_what_other_roles_meet_are_looks_that_there_are(desk: Desk) -> None:
    desk.sets(applicationOwners=[PERSON])
    assert set(LOOKS_OF_OTHERS) <= set(desk.rows()[1])
    assert set(desk.rows("--role", "contain")[1]) >= {"token lifetimes", "sign-in log"}
    assert desk.scene.again("preflight", "--role", "nobody").returncode == 64


def test_on_a_terminal_what_is_fine_takes_a_line_a_section(desk: Desk) -> None:
    desk.sets(roomGroupAddress=None)
    code, output = desk.run("--stack", "dev")
    assert code == 7
    lines = output.splitlines()
    [rights] = [line for line in lines if line.startswith("rights")]
    assert "9 fine (Application.ReadWrite.OwnedBy" in rights
    assert f"client id {desk.scene.emulated.deployer.client_id}, in the tenant Contoso" in lines[0]
    assert "consent; reading applications" not in output, "why is told of what is not fine"
    [header] = [number for number, line in enumerate(lines) if line.split() == ["What", "Seen", "Fix"]]
    assert lines[header - 1] == "found"
    assert "pulumi config set --stack dev roomGroupAddress" in " ".join(output.split())
    assert "For an administrator" not in output, "the settings are the operator's own"
    dehydrated(desk)
    assert "For an administrator: roomctl preflight --markdown --stack dev" in desk.run()[1]


def test_the_command_by_itself(desk: Desk) -> None:
    both = desk.scene.again("preflight", "--markdown", "--json")
    assert (both.returncode, "one of them" in both.stderr) == (64, True)
    done = desk.scene.again("preflight")
    assert (done.returncode, done.stderr) == (0, "")
    assert "pulumi preview --diff --stack dev\n" in done.stdout
    assert len(done.stdout.splitlines()) < 20, "all is well in a few lines"
    assert "\x1b" not in done.stdout
