import re

import pytest

from emulator.seeding import seed
from emulator.server import EmulatedTenant
from emulator.store import Store
from emulator.tenants import CONTOSO, TenantFileError, read_tenant_file

SMALL = """
name: Small
domain: small.example
apps: [{name: Deployer, secret: true}]
deployer: Deployer
"""


@pytest.fixture
def contoso():
    store = Store()
    seed(store, read_tenant_file())
    return store


def write(folder, text):
    path = folder / "tenant.yaml"
    path.write_text(text)
    return path


def test_contoso_has_what_its_description_says(contoso):
    recipients = contoso.all("recipient")
    of = {details: [r for r in recipients if r["RecipientTypeDetails"] == details] for details in
          {r["RecipientTypeDetails"] for r in recipients}}  # fmt: skip
    assert len(of["RoomMailbox"]) == 48
    assert len({r["_place"]["building"] for r in of["RoomMailbox"]}) == 3
    assert len(of["UserMailbox"]) == 120 + 2
    assert len(of["SharedMailbox"]) == 1
    assert [g["displayName"] for g in contoso.all("group") if g["onPremisesSyncEnabled"]] == ["Finance"]
    assert "syd-01-harbour@contoso.example" in [r["PrimarySmtpAddress"] for r in of["RoomMailbox"]]


def test_every_mailbox_is_a_user_of_the_same_id(contoso):
    mailboxes = {r["ExternalDirectoryObjectId"] for r in contoso.all("recipient")} - {
        g["id"] for g in contoso.all("group")
    }
    assert mailboxes == {user["id"] for user in contoso.all("user")}


def test_administrators_hold_their_roles(contoso):
    users = {user["id"]: user["mailNickname"] for user in contoso.all("user")}
    held = {
        role["displayName"]: {users.get(member, "an app") for member in role["members"]}
        for role in contoso.all("directoryRole")
    }
    assert held["Global Administrator"] == {"global.admin"}
    assert held["Exchange Administrator"] == {"exchange.admin", "an app"}


def test_another_app_has_a_policy_of_its_own(contoso):
    (policy,) = contoso.all("accessPolicy")
    other = next(app for app in contoso.all("application") if app["displayName"] == "Travel Desk")
    assert policy["AppId"] == other["appId"]
    assert re.fullmatch(r"S-1-5-21(-\d+){4};[0-9a-f-]{36}", policy["ScopeIdentityRaw"])
    assert policy["Identity"].endswith(f"\\{other['appId']}:{policy['ScopeIdentityRaw']}")


def test_ids_are_the_same_each_time_and_secrets_are_not(contoso):
    again = Store()
    seed(again, read_tenant_file())
    for kind in ("user", "group", "application", "servicePrincipal", "appRoleAssignment", "accessPolicy"):
        keys = [document.get("id") or document["Identity"] for document in contoso.all(kind)]
        assert keys == [document.get("id") or document["Identity"] for document in again.all(kind)]
        assert len(keys) == len(set(keys))
    secrets = [store.all("application")[0]["_secrets"] for store in (contoso, again)]
    assert secrets[0] != secrets[1]


def test_a_tenant_file_may_say_when_it_begins(tmp_path):
    path = write(tmp_path, SMALL + "start: 2026-01-05T08:00:00Z\n")
    with EmulatedTenant(path) as served:
        assert served.clock.now().isoformat().startswith("2026-01-05T08:00")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name: [", "no YAML"),
        (SMALL + "rooms: 3\n", "rooms: Extra inputs"),
        (SMALL.replace("deployer: Deployer", "deployer: Nobody"), "Nobody"),
        (SMALL.replace("secret: true", "permissions: {Microsoft Graph: [Calendar.Read]}"), "Calendar.Read"),
        (SMALL.replace("secret: true", "permissions: {Graph: [User.Read.All]}"), "'Graph' is none of"),
        (SMALL.replace("secret: true", "secret: true, roles: [Boss]"), "'Boss' is none of"),
        (SMALL.replace("secret: true", "secret: true, exchange_roles: [Boss]"), "'Boss' is no Exchange role"),
        (SMALL + "groups: [{name: G, alias: g, type: security, members: [nobody]}]\n", "nobody"),
        (SMALL + "policy_delay_minutes: 1000\n", "policy_delay_minutes"),
        (SMALL.replace("secret: true", "secret: true, policy: {group: g, description: d}"), "'g' is neither"),
        (SMALL.replace("secret: true", "secret: true, owners: [Nobody]"), "no app 'Nobody' to own it"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_the_place(tmp_path, text, says):
    with pytest.raises(TenantFileError, match=re.escape(says)):
        seed(Store(), read_tenant_file(write(tmp_path, text)))


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(TenantFileError, match=re.escape(str(tmp_path / "none.yaml"))):
        read_tenant_file(tmp_path / "none.yaml")


def test_a_refused_file_leaves_an_empty_store(tmp_path):
    store = Store()
    text = SMALL + "events: [{mailbox: nobody, organizer: nobody, subject: s, starts_in: 1}]\n"
    with pytest.raises(TenantFileError):
        seed(store, read_tenant_file(write(tmp_path, text)))
    assert store.get("tenant", "tenant") is None


def test_state_survives_and_keeps_time_secrets_and_authority(tmp_path):
    state = tmp_path / "deep" / "state.sqlite"
    with EmulatedTenant(state=state) as first:
        environment, bundle = first.environment, first.ca_bundle.read_text()
        moved = first.clock.advance(1e6)
    assert state.stat().st_mode & 0o077 == 0
    with EmulatedTenant(state=state) as second:
        assert second.environment["ARM_CLIENT_SECRET"] == environment["ARM_CLIENT_SECRET"]
        assert second.clock.now() >= moved
        assert second.ca_bundle.read_text() == bundle


def test_state_of_another_tenant_is_refused(tmp_path):
    state = tmp_path / "state.sqlite"
    with EmulatedTenant(write(tmp_path, SMALL), state):
        pass
    with (
        pytest.raises(TenantFileError, match=r"holds the tenant small\.example"),
        EmulatedTenant(CONTOSO, state),
    ):
        pass


FIRM = """
name: Firm
domain: firm.example
domains: [later.example]
apps:
  - {name: Deployer, secret: true, permissions: {Microsoft Graph: [Domain.Read.All]}}
  - name: Bookings
    client_id: 1B2C3D4E-0000-4000-8000-000000000001
    owners: [Deployer]
    permissions: {Microsoft Graph: [Calendars.Read]}
deployer: Deployer
mailboxes:
  - {address: Room.1@rooms.firm.example, name: Board Room, type: room}
  - {address: o'neil+pod@pods.example, name: Board Room, type: workspace, alias: pod}
  - {address: van@firm.example, name: Van, type: equipment}
  - {address: desk@firm.example, name: Desk, type: shared}
  - address: ada@people.example
    name: Ada
    type: person
    id: 1b2c3d4e-0000-4000-8000-00000000000a
    roles: [Exchange Administrator]
groups:
  - name: Board
    alias: board
    type: mail_security
    address: board@lists.example
    owners: [ada@people.example]
    members: [desk@firm.example, ada@people.example]
key_vaults:
  - {name: vault, resource_group: rooms, subscription: 1b2c3d4e-0000-4000-8000-0000000000bb}
"""

GROUP_AT = "groups: [{{name: G, alias: g, type: mail_security, address: {}}}]"


@pytest.fixture
def firm(tmp_path):
    with EmulatedTenant(write(tmp_path, FIRM)) as served:
        yield served.store


def test_mailboxes_have_addresses_of_their_own(firm):
    found = {one["PrimarySmtpAddress"]: one for one in firm.all("recipient")}
    assert {address: one["RecipientTypeDetails"] for address, one in found.items()} == {
        "room.1@rooms.firm.example": "RoomMailbox",
        "o'neil+pod@pods.example": "RoomMailbox",
        "van@firm.example": "EquipmentMailbox",
        "desk@firm.example": "SharedMailbox",
        "ada@people.example": "UserMailbox",
        "board@lists.example": "MailUniversalSecurityGroup",
    }
    pod, room = found["o'neil+pod@pods.example"], found["room.1@rooms.firm.example"]
    assert (pod["Alias"], pod["DisplayName"], pod["ResourceType"]) == ("pod", "Board Room", "Workspace")
    assert room["Alias"] == "room.1"
    assert pod["Name"] != room["Name"]
    assert {one["userPrincipalName"] for one in firm.all("user")} == set(found) - {"board@lists.example"}
    ada = found["ada@people.example"]["ExternalDirectoryObjectId"]
    assert ada == "1b2c3d4e-0000-4000-8000-00000000000a"
    assert found["board@lists.example"]["ManagedBy"] == [ada]
    assert len(found["board@lists.example"]["Members"]) == 2
    assert [one["displayName"] for one in firm.all("directoryRole") if ada in one["members"]] == [
        "Exchange Administrator"
    ]


def test_every_domain_that_is_named_is_the_tenants(firm):
    assert {one["id"] for one in firm.all("domain")} == {
        "later.example", "rooms.firm.example", "pods.example", "people.example", "lists.example"
    }  # fmt: skip


def test_an_app_may_have_a_client_id_and_an_owner(firm):
    [app] = [one for one in firm.all("application") if one["displayName"] == "Bookings"]
    [principal] = [one for one in firm.all("servicePrincipal") if one["displayName"] == "Bookings"]
    [deployer] = [one for one in firm.all("servicePrincipal") if one["displayName"] == "Deployer"]
    assert app["appId"] == principal["appId"] == "1b2c3d4e-0000-4000-8000-000000000001"
    assert app["_owners"] == principal["_owners"] == [deployer["id"]]
    assert [one["principalId"] for one in firm.all("appRoleAssignment")].count(principal["id"]) == 1


def test_a_vault_may_be_in_another_subscription(firm):
    [vault] = firm.all("keyVault")
    assert vault["id"].startswith("/subscriptions/1b2c3d4e-0000-4000-8000-0000000000bb/resourceGroups/rooms/")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("mailboxes: [{address: a@b@c.example, name: A, type: room}]", "mailboxes.0.address"),
        ("mailboxes: [{address: a@b.example, name: A, type: person, id: 7}]", "mailboxes.0.id"),
        ("mailboxes: [{address: a@b.example, name: A, type: person, roles: [Boss]}]", "'Boss' is none of"),
        (
            "mailboxes: [{address: a@b.c, name: A, type: room}, {address: a@c.d, name: B, type: room}]",
            "the alias a is both A's and B's",
        ),
        (
            "mailboxes: [{address: a@b.c, name: A, type: room}]\n" + GROUP_AT.format("A@b.c"),
            "the address a@b.c is both A's and G's",
        ),
        ("groups: [{name: G, alias: g, type: security, members: [no@b.example]}]", "no@b.example"),
    ],
)  # fmt: skip
def test_what_a_real_tenant_refuses_of_addresses_is_refused(tmp_path, text, says):
    with pytest.raises(TenantFileError, match=re.escape(says)):
        seed(Store(), read_tenant_file(write(tmp_path, SMALL + text)))
