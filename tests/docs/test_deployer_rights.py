"""The README's table of the deployer's rights: enough for each use, none too many, and told when missing."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import yaml
from typer.testing import CliRunner, Result

import deployer
from deployer import deployer_from_environment
from emulator.exchange.cmdlets import CMDLETS
from emulator.graph import operations
from emulator.store import Document, Store
from emulator.tenants import CONTOSO
from exchange import groups, policies
from exchange.admin_api import current_exchange
from exchange.rooms import list_rooms
from graph import applications, registrations
from graph.api import current_graph
from permissions import GRAPH_APP_ID
from prerequisites import Asker, NewNames, questions, unmet
from rights import DEPLOY, On, Right, Role, names, needed, useful
from roomctl.__main__ import cli
from roomctl.emulate import AzureadPlugin
from settings import Problem
from tests.emulated import Emulated, emulated, trusted_alone
from tests.emulated_vault import asking_vault, vault_id
from tests.engine.rehearsal import Rehearsal, Run, rehearsing
from tests.prerequisites.conftest import MARK, settings
from wire import NotAuthorised

__all__ = ["emulated"]
OWNERS, EXISTING, VAULT = "applicationOwners", "applicationClientId", "keyVault"
EVERY_ROOM = "everyRoomMailbox"
CONSENTS, CREDENTIALS = ("appRoleAssignedTo", "appRoleAssignments"), ("addPassword", "removePassword")
_VAULT = (On.VAULT_ACTION, On.VAULT_DATA_ACTION)
# In the order in which a first run needs them, so that each run goes on where the one before stopped.
FIRST_NEEDED = [
    "User.Read.All",
    "Application.ReadWrite.OwnedBy",
    "Exchange.ManageAsApp",
    "Security Group Creation and Membership",
    "Distribution Groups",
    "View-Only Recipients",
    "Organization Configuration",
    "RoleManagement.Read.Directory",
    "AppRoleAssignment.ReadWrite.All",
    "Application.Read.All",
]


def test_contoso_s_deployer_has_exactly_the_rights_of_the_table():
    document = yaml.safe_load(CONTOSO.read_text(encoding="utf-8"))
    [found] = [app for app in document["apps"] if app["name"] == document["deployer"]]
    table = useful(DEPLOY, OWNERS, EXISTING)
    assert not found.get("roles"), "no Entra role"
    assert {service: sorted(held) for service, held in found["permissions"].items()} == {
        str(on): sorted(names(table, on)) for on in (On.GRAPH, On.EXCHANGE_ONLINE)
    }
    assert sorted(found["exchange_roles"]) == sorted(names(table, On.EXCHANGE_ROLE))
    [vault] = document["key_vaults"]
    actions = [one.name for one in needed(DEPLOY, VAULT) if one.setting == VAULT]
    assert vault["grants"][document["deployer"]] == actions


def test_contoso_s_reader_has_exactly_the_rights_of_the_role_read():
    document = yaml.safe_load(CONTOSO.read_text(encoding="utf-8"))
    [found] = [app for app in document["apps"] if app["name"] == "Reader"]
    table = useful({Role.READ}, OWNERS, EXISTING)
    assert not found.get("roles"), "no Entra role"
    assert {service: sorted(held) for service, held in found["permissions"].items()} == {
        str(on): sorted(names(table, on)) for on in (On.GRAPH, On.EXCHANGE_ONLINE)
    }
    assert sorted(found["exchange_roles"]) == sorted(names(table, On.EXCHANGE_ROLE))


@pytest.mark.engine
@pytest.mark.timeout(600)
def test_who_applies_consents_or_reads_needs_each_right_and_no_other(tmp_path, azuread_plugin):
    """Who applies and may not consent comes as far as the first consent, and leaves no credential."""
    table = {one.name: one for one in needed(DEPLOY, OWNERS)}
    assert set(FIRST_NEEDED) == set(table)
    consents = table["AppRoleAssignment.ReadWrite.All"]
    assert set(needed({Role.APPLY}, OWNERS)) == set(table.values()) - {consents}
    assert set(needed({Role.CONSENT})) == {consents, table["Application.Read.All"]}
    with rehearsed(tmp_path, azuread_plugin) as rehearsal:
        only(rehearsal.tenant.store, tuple(table.values()))
        for name in FIRST_NEEDED:
            with lacking(rehearsal.tenant.store, table[name]):
                up = rehearsal.up()
            assert up.code not in (0, 7), f"{name}: {up.output}"
            told(table[name], up.output)
        made = [one for one in rehearsal.requests() if one["path"].endswith("/addPassword")]
        assert not [one for one in made if one["status"] < 300], "and no credential was made"
        up = rehearsal.up()
        assert up.code == 0, up.output
        [optional] = set(useful(DEPLOY, OWNERS)) - set(needed(DEPLOY, OWNERS))
        told(optional, up.output)
        looks(rehearsal)


@pytest.mark.engine
@pytest.mark.timeout(600)
def test_a_vault_takes_each_of_its_rights_and_no_other(tmp_path, azuread_plugin):
    of_vault = {
        one.name.rpartition("secrets/")[2]: one for one in needed(DEPLOY, VAULT) if one.setting == VAULT
    }
    with trusted_alone(rehearsing(tmp_path, azuread_plugin=azuread_plugin)) as rehearsal:
        store = rehearsal.tenant.store
        rehearsal.configure(keyVault=vault_id(rehearsal.tenant))
        only(store, needed(DEPLOY, VAULT))

        def refused_without(*lacked: str, doing: Callable[[], Run]) -> None:
            for name in lacked:
                with lacking(store, of_vault[name]):
                    run = doing()
                assert run.code not in (0, 7), f"{name}: {run.output}"
                told(of_vault[name], run.output)

        refused_without("Microsoft.KeyVault/vaults/read", "read", "write", doing=rehearsal.up)
        assert rehearsal.up().code == 0
        rehearsal.configure(keyVault=None)
        refused_without("delete", doing=rehearsal.up)
        assert rehearsal.up().code == 0
        rehearsal.configure(keyVault=vault_id(rehearsal.tenant))
        rehearsal.tenant.clock.advance(timedelta(days=90).total_seconds())
        refused_without("readMetadata/action", "recover/action", doing=rehearsal.up)
        again = rehearsal.up()
        assert again.code == 0, again.output
        recovered = asking_vault(rehearsal.tenant, "PlaceOS Operator")(
            "GET", "/secrets/placeos-client-secret"
        )
        made = rehearsal.outputs(secrets=True)
        assert recovered.json()["value"] == made["clientSecret"], "and not what it held before"
        only(store, needed({Role.READ}, VAULT))
        assert rehearsal.drift().code == 0
        refused_without("read", doing=rehearsal.drift)
        only(store, needed({Role.ROTATE}, VAULT))
        lets_rotate(store, made["applicationObjectId"])
        rehearsal.tenant.clock.advance(timedelta(days=90).total_seconds())
        refused_without("read", "write", doing=rehearsal.rotate)
        rotated = rehearsal.rotate()
        assert rotated.code == 0, rotated.output


def test_who_consents_does_that_and_nothing_else(emulated):
    """A person by default; these are the rights of an application in their place."""
    store, made = emulated.tenant.store, emulated.graph.post("/v1.0/applications", {"displayName": "PlaceOS"})
    principal = emulated.graph.post("/v1.0/servicePrincipals", {"appId": made["appId"]})["id"]
    service = registrations.service(emulated.graph, GRAPH_APP_ID)
    only(store, needed({Role.CONSENT}))

    def consent() -> None:
        registrations.consent(
            anew(emulated).graph, principal, service.object_id, service.roles["Place.Read.All"]
        )

    for right in needed({Role.CONSENT}):
        with lacking(store, right), pytest.raises(NotAuthorised) as refused:
            consent()
        assert right.name in str(refused.value)
    consent()
    may_write_only(anew(emulated), made["id"], *(f"/servicePrincipals/{{id}}/{one}" for one in CONSENTS))


def test_who_rotates_writes_client_secrets_of_one_application_and_nothing_else(emulated):
    made, other = (emulated.graph.post("/v1.0/applications", {"displayName": name}) for name in ("A", "B"))
    only(emulated.tenant.store, needed({Role.ROTATE}))
    lets_rotate(emulated.tenant.store, made["id"])
    rotating = anew(emulated)
    applications.add_password(
        rotating.graph, made["id"], display_name="new", ends=rotating.deployer.clock.now() + timedelta(days=1)
    )
    may_write_only(rotating, made["id"], *(f"/applications/{{id}}/{one}" for one in CREDENTIALS))
    may_write_only(rotating, other["id"])


def test_who_rotates_lists_the_rooms_where_all_of_them_are_wanted(emulated):
    rights = needed({Role.ROTATE}, EVERY_ROOM)
    only(emulated.tenant.store, rights)
    of_rooms = [one for one in rights if one.setting == EVERY_ROOM]
    assert [one.on for one in of_rooms] == [On.EXCHANGE_ONLINE, On.EXCHANGE_ROLE]
    for right in of_rooms:
        with lacking(emulated.tenant.store, right), pytest.raises(NotAuthorised) as refused:
            list_rooms(anew(emulated).exchange)
        told(right, str(refused.value))
    assert len(list_rooms(anew(emulated).exchange)) == 48


def test_an_existing_application_takes_one_right_more(emulated):
    def look() -> list[Problem]:
        client_id = next(
            str(one["appId"])
            for one in emulated.tenant.store.all("application")
            if one["displayName"] == "Travel Desk"
        )
        chosen = settings(applicationClientId=client_id)
        asker = Asker(MARK, emulated.deployer.client_id, emulated.deployer.tenant_id)
        new = NewNames.of(chosen, {}, "placeos")
        asked = questions(chosen, new, asker, emulated.exchange, emulated.graph, azure=lambda: emulated.azure)
        return unmet(asked)

    [right] = [one for one in needed(DEPLOY, EXISTING) if one.setting == EXISTING]
    with lacking(emulated.tenant.store, right), pytest.raises(NotAuthorised) as refused:
        look()
    told(right, str(refused.value))
    assert look()


def test_finish_destroy_needs_each_right_and_no_other(emulated, monkeypatch):
    address, mark = "rooms@contoso.example", "plc:1a2b3c4d"
    left_over(emulated, address, mark)
    store = emulated.tenant.store
    only(store, needed({Role.FINISH}))

    def finish() -> Result:
        for cached in (current_graph, current_exchange, deployer._made):
            cached.cache_clear()
        return CliRunner().invoke(cli, ["finish-destroy", mark, "--group", address, "--yes"])

    for right in needed({Role.FINISH}):
        with lacking(store, right):
            done = finish()
        assert done.exit_code == 1, f"{right.name}: {done.output}"
        assert right.name in done.stderr, done.stderr
    done = finish()
    assert done.exit_code == 0, done.stderr
    assert "Removed" in done.output or "Nothing of" in done.output


def test_contain_and_resume_need_each_right_and_no_other(emulated, monkeypatch):
    store = emulated.tenant.store
    rights = useful({Role.CONTAIN})
    only(store, rights)
    for right in rights:
        give(store, right)
    made = emulated.graph.post("/v1.0/applications", {"displayName": "PlaceOS"})
    emulated.graph.post("/v1.0/servicePrincipals", {"appId": made["appId"]})

    def run(command: str, *more: str) -> Result:
        for cached in (current_graph, current_exchange, deployer._made):
            cached.cache_clear()
        return CliRunner().invoke(cli, [command, "--client-id", made["appId"], *more])

    for right in rights:
        with lacking(store, right):
            done = run("contain", "--yes")
        assert done.exit_code == (0 if right.optional else 1), f"{right.name}: {done.output}"
        if right.optional:
            told(right, done.stdout)
        else:
            assert right.name in done.stderr, done.stderr
    done = run("contain", "--yes")
    assert done.exit_code == 0, done.stderr
    assert not [one for one in rights if one.optional and one.without in " ".join(done.stdout.split())]
    with lacking(store, rights[0]):
        done = run("resume")
    assert done.exit_code == 1
    assert rights[0].name in done.stderr
    done = run("resume")
    assert done.exit_code == 0, done.stderr
    assert "resumed: the service principal" in done.stdout


def anew(emulated: Emulated) -> Emulated:
    """The deployer with a token of this moment."""
    return Emulated(emulated.tenant, deployer_from_environment(emulated.tenant.environment))


def may_write_only(caller: Emulated, object_id: str, *allowed: str) -> None:
    """Every other request that writes, of all that the emulated tenant knows, and every cmdlet is refused.

    `object_id` stands wherever a path names something; the allowed are paths as the routes have them.
    """
    writes = [
        one for one in operations() if one.method != "GET" and one.needs and "getSchedule" not in one.template
    ]
    refused = [one for one in writes if one.template.removesuffix("/{assignment}") not in allowed]
    assert min(len(refused), len(CMDLETS)) > 20, "they are many"
    for one in refused:
        path = "/v1.0" + re.sub(r"\{\w+\}", object_id, one.template)
        arguments: list[dict[str, str]] = [] if one.method == "DELETE" else [{}]
        with pytest.raises(NotAuthorised):
            getattr(caller.graph, one.method.lower())(path, *arguments)
    for cmdlet in CMDLETS.values():
        with pytest.raises(NotAuthorised):
            caller.exchange.run(cmdlet.name)


def lets_rotate(store: Store, application_id: str) -> None:
    """The deployer has the custom role on this application."""
    [action] = names(needed({Role.ROTATE}), On.CREDENTIALS)
    permission = {"allowedResourceActions": [action]}
    store.put("roleDefinition", "r", {"id": "r", "displayName": "Rotation", "rolePermissions": [permission]})
    given = {"principalId": _deployer(store)["id"], "directoryScopeId": f"/{application_id}"}
    store.put("roleAssignment", "a", {"id": "a", "roleDefinitionId": "r", **given})


def left_over(emulated: Emulated, address: str, mark: str) -> None:
    """The group and the policy that `pulumi destroy` keeps; the application is gone for good."""
    settings = groups.GroupSettings(
        name="Rooms",
        alias="rooms",
        address=address,
        owners=("exchange.admin@contoso.example",),
        accepted_senders=("exchange.admin@contoso.example",),
        mark=mark,
    )
    group = groups.create(emulated.exchange, settings)
    policies.add(emulated.exchange, str(UUID(int=7)), group.group.object_id, mark)


def looks(rehearsal: Rehearsal) -> None:
    """With the rights to look and no other there is an answer; without any one of them, none."""
    store = rehearsal.tenant.store
    only(store, needed({Role.READ}, OWNERS))
    drift = rehearsal.drift()
    assert drift.code == 0, drift.output
    for right in needed({Role.READ}):
        with lacking(store, right):
            drift = rehearsal.drift()
        assert drift.code not in (0, 7), f"{right.name}: {drift.output}"
        if right.name == "Application.Read.All":  # azuread reads first, and its own words name no right
            assert right.without in " ".join(drift.output.split()), drift.output
        else:
            told(right, drift.output)


@contextmanager
def rehearsed(folder: Path, azuread_plugin: AzureadPlugin) -> Iterator[Rehearsal]:
    """A stack whose settings need every right of the table."""
    with trusted_alone(rehearsing(folder, azuread_plugin=azuread_plugin)) as made:
        made.configure(applicationOwners=["ada.ashby@contoso.example"])
        yield made


def told(right: Right, output: str) -> None:
    """The output holds the heart of what the table says, and names the right."""
    text = " ".join(output.split())
    assert right.without in text, f"{right.name}: {output}"
    assert right.name in text, f"{right.name}: {output}"
    assert "Traceback" not in text, output


def only(store: Store, rights: Sequence[Right]) -> None:
    """The deployer has these rights and no other; those that it lacks are given."""
    held = {right.name for right in rights}
    principal = _deployer(store)
    [group] = [one for one in store.all("roleGroup") if principal["id"] in one["_members"]]
    store.put("roleGroup", group["Guid"], group | {"Roles": names(rights, On.EXCHANGE_ROLE)})
    for consent in _consents(store, principal):
        if _name(store, consent) not in held:
            store.delete("appRoleAssignment", consent["id"])
    _grant(store, principal, [right.name for right in rights if right.on in _VAULT])


def give(store: Store, right: Right) -> None:
    """The deployer has this right on Microsoft Graph, too."""
    if right.name in [_name(store, one) for one in _consents(store, _deployer(store))]:
        return
    [service] = [one for one in store.all("servicePrincipal") if one["displayName"] == right.on]
    [role] = [one["id"] for one in service["appRoles"] if one["value"] == right.name]
    consent = {"id": right.name, "appRoleId": role, "resourceId": service["id"]}
    store.put("appRoleAssignment", right.name, consent | {"principalId": _deployer(store)["id"]})


@contextmanager
def lacking(store: Store, right: Right, who: str = "") -> Iterator[None]:
    """The deployer, or the application of this name, is without this right as long as it lasts."""
    principal = _named(store, who) if who else _deployer(store)
    if right.on is On.CREDENTIALS:
        [given] = [one for one in store.all("roleAssignment") if one["principalId"] == principal["id"]]
        store.delete("roleAssignment", given["id"])
        yield
        store.put("roleAssignment", given["id"], given)
        return
    if right.on in _VAULT:
        [vault] = store.all("keyVault")
        actions = vault["_grants"][principal["id"]]
        _grant(store, principal, [action for action in actions if action != right.name])
        yield
        _grant(store, principal, actions)
        return
    if right.on is On.EXCHANGE_ROLE:
        [group] = [one for one in store.all("roleGroup") if principal["id"] in one["_members"]]
        fewer = [role for role in group["Roles"] if role != right.name]
        store.put("roleGroup", group["Guid"], group | {"Roles": fewer})
        yield
        store.put("roleGroup", group["Guid"], group)
        return
    [consent] = [one for one in _consents(store, principal) if _name(store, one) == right.name]
    store.delete("appRoleAssignment", consent["id"])
    yield
    store.put("appRoleAssignment", consent["id"], consent)


def _named(store: Store, name: str) -> Document:
    return next(one for one in store.all("servicePrincipal") if one["displayName"] == name)


def _deployer(store: Store) -> Document:
    client_id = (store.get("tenant", "tenant") or {})["deployer"]
    return next(one for one in store.all("servicePrincipal") if one["appId"] == client_id)


def _grant(store: Store, principal: Document, actions: list[str]) -> None:
    [vault] = store.all("keyVault")
    grants = vault["_grants"] | {principal["id"]: actions}
    store.put("keyVault", vault["name"], vault | {"_grants": grants})


def _consents(store: Store, principal: Document) -> list[Document]:
    return [one for one in store.all("appRoleAssignment") if one["principalId"] == principal["id"]]


def _name(store: Store, consent: Document) -> str:
    service = store.get("servicePrincipal", consent["resourceId"]) or {}
    return next(str(role["value"]) for role in service["appRoles"] if role["id"] == consent["appRoleId"])
