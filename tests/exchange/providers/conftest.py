"""A tenant, the providers' process pointed at it, and the steps of a run as the engine would take them."""

import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

import deployer
import permissions
from deployer import deployer_from_environment
from emulator.server import EmulatedTenant
from emulator.store import Document, Store
from exchange.access_policies import AccessPoliciesProvider
from exchange.admin_api import ExchangeAdmin, current_exchange
from exchange.configured_access import ConfiguredAccessProvider
from exchange.enforced_access import EnforcedAccessProvider
from exchange.fingerprint import fingerprint
from exchange.group_members import GroupMembersProvider
from exchange.provider import Stopped, TenantProvider
from exchange.security_group import LOCK, SecurityGroupProvider
from graph.api import GraphApi, current_graph
from graph.service_principals import find_service_principal
from tests.emulated import Emulated

MARK = "plc:1a2b3c4d"
ADDRESS = "placeos-rooms@contoso.example"
OWNER = "exchange.admin@contoso.example"
PERMISSIONS = ["Calendars.ReadWrite", "Place.Read.All"]
_CACHED = (current_exchange, current_graph)
AS_ADMINISTRATOR: dict[str, Any] = {"BypassSecurityGroupManagerCheck": True}

GROUP: dict[str, Any] = {
    "name": "PlaceOS rooms",
    "alias": "placeos-rooms",
    "address": ADDRESS,
    "owners": [OWNER],
    "allowedSenders": [OWNER],
    "mark": MARK,
    **LOCK,
}


@dataclass
class Tenant(Emulated):
    """The emulated tenant with an application, and what a stack declares in it, a step at a time."""

    application: Document = field(default_factory=dict)
    principal: Document = field(default_factory=dict)

    @property
    def exchange(self) -> ExchangeAdmin:
        return current_exchange()

    @property
    def graph(self) -> GraphApi:
        return current_graph()

    @property
    def store(self) -> Store:
        return self.tenant.store

    @property
    def app_id(self) -> str:
        return str(self.application["appId"])

    def rooms(self, count: int | None = None) -> dict[str, str]:
        found = [one for one in self.store.all("recipient") if one["RecipientTypeDetails"] == "RoomMailbox"]
        return {one["PrimarySmtpAddress"]: one["DisplayName"] for one in found[:count]}

    def recipient(self, address: str) -> Document:
        return next(one for one in self.store.all("recipient") if one["PrimarySmtpAddress"] == address)

    def alter(self, address: str, **properties: Any) -> None:
        """Change a recipient behind everybody's back."""
        one = self.recipient(address)
        self.store.put("recipient", one["ExternalDirectoryObjectId"], one | properties)

    def requests(self, after: int = 0) -> list[Document]:
        return self.store.logged(after)

    def now(self) -> int:
        """The position of the last request."""
        return max((one["position"] for one in self.store.logged()), default=0)

    def cmdlets(self, after: int = 0) -> list[str]:
        """The names of the cmdlets that were run, in order."""
        return [one["cmdlet"] for one in self.requests(after) if one.get("cmdlet")]

    def writes(self, after: int = 0) -> list[str]:
        """The cmdlets and Graph calls that change something, in order."""
        return [
            one.get("cmdlet") or one["path"].rpartition("/")[2]
            for one in self.requests(after)
            if not one.get("cmdlet", "").startswith(("Get-", "Test-"))
            and one["method"] != "GET"
            and not one["path"].endswith("/token")
        ]

    def hours_pass(self, hours: float) -> None:
        self.tenant.clock.advance(hours * 3600)

    def graph_enforces_after(self, hours: float) -> None:
        """How long Graph takes to learn of a policy."""
        head = self.store.get("tenant", "tenant") or {}
        self.store.put("tenant", "tenant", head | {"policyDelay": hours * 3600})

    def grant(self, *names: str, resource: str = permissions.GRAPH_APP_ID, role: str = "") -> None:
        """Consent to permissions of the resource, as an administrator would."""
        resource_id = find_service_principal(self.graph, resource)
        for id_ in [permissions.find(name).id for name in names] or [role]:
            self.graph.post(
                f"/v1.0/servicePrincipals/{resource_id}/appRoleAssignedTo",
                {"principalId": self.principal["id"], "resourceId": resource_id, "appRoleId": id_},
            )

    def secrets(self) -> list[str]:
        """The display names of the application's secrets."""
        kept = self.store.get("application", self.application["id"]) or {}
        return [one["displayName"] for one in kept["passwordCredentials"]]

    def policies(self, right: str = "RestrictAccess") -> list[str]:
        """The groups that the application's policies of that right stand for."""
        return [
            one["ScopeIdentityRaw"].rpartition(";")[2]
            for one in self.store.all("accessPolicy")
            if one["AppId"] == self.app_id and one["AccessRight"] == right and "_removed" not in one
        ]

    def make_group(self, **changed: Any) -> str:
        """The room group's object id."""
        return str(SecurityGroupProvider().create({**GROUP, **changed}).id)

    def another_group(self, alias: str, members: dict[str, str]) -> str:
        """A filled group of somebody's own; its object id."""
        made = self.exchange.run_one(
            "New-DistributionGroup", Name=alias, Alias=alias, Type="Security", ManagedBy=[OWNER]
        )
        id_ = str(made["ExternalDirectoryObjectId"])
        self.exchange.run(
            "Update-DistributionGroupMember",
            Identity=id_, Members=list(members), Confirm=False, **AS_ADMINISTRATOR,
        )  # fmt: skip
        return id_

    def fill(self, group: str, members: dict[str, str], allow: int = 0) -> dict[str, Any]:
        """The outputs of the room group's members."""
        return dict(GroupMembersProvider().create(members_of(group, members, allow)).outs or {})

    def policy_inputs(self, *groups: str, **changed: Any) -> dict[str, Any]:
        return {
            "appId": self.app_id,
            "applicationObjectId": self.application["id"],
            "servicePrincipalObjectId": self.principal["id"],
            "groupObjectIds": list(groups),
            "descriptions": [f"Rooms. {MARK}" for _ in groups],
            "accessRights": ["RestrictAccess" for _ in groups],
            "waitMinutes": 30,
            "mark": MARK,
            "accepted": [],
            "policyIds": None,
            "since": None,
            **changed,
        }

    def restrict(self, *groups: str) -> dict[str, Any]:
        """The outputs of the access policies."""
        return dict(AccessPoliciesProvider().create(self.policy_inputs(*groups)).outs or {})

    def policy_by_hand(self, group: str, app_id: str = "", right: str = "RestrictAccess") -> str:
        made = self.exchange.run_one(
            "New-ApplicationAccessPolicy",
            AppId=[app_id or self.app_id],
            PolicyScopeGroupId=group,
            AccessRight=right,
            Description="made by hand",
        )
        return str(made["Identity"])

    def proof_inputs(self, scope: dict[str, Any], members: dict[str, str], **changed: Any) -> dict[str, Any]:
        return {
            "appId": self.app_id,
            "applicationObjectId": self.application["id"],
            "servicePrincipalObjectId": self.principal["id"],
            "groups": [scope_group(scope["groupObjectIds"][0], members)] if scope["groupObjectIds"] else [],
            "policyIds": scope["policyIds"],
            "policiesSince": scope.get("since"),
            "permissions": sorted(PERMISSIONS),
            "existing": {},
            "deniedMailboxes": [],
            "secretPlan": [],
            "findings": [],
            "allowed": None,
            "denied": None,
            "result": None,
            **changed,
        }

    def prove(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """The outputs of the proof that Exchange is configured."""
        return dict(ConfiguredAccessProvider().create(inputs).outs or {})

    def enforcement_inputs(self, proof: dict[str, Any], **changed: Any) -> dict[str, Any]:
        return {
            "appId": self.app_id,
            "applicationObjectId": self.application["id"],
            "policyIds": proof["policyIds"],
            "policiesSince": {},
            "secretPlan": [],
            "permissions": proof["permissions"],
            "allowed": proof["allowed"],
            "denied": proof["denied"],
            "waitMinutes": 180,
            "mark": MARK,
            "leftOver": [],
            "result": None,
            **changed,
        }

    def wait_for_graph(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """The outputs of the proof that Graph enforces the scope."""
        return dict(EnforcedAccessProvider().create(inputs).outs or {})


def members_of(group: str, members: dict[str, str], allow: int = 0) -> dict[str, Any]:
    return {
        "groupObjectId": group,
        "groupAdopted": True,
        "mailboxes": "rooms",
        "members": members,
        "allowRemovals": allow,
    }


def stopped(call: Any, *arguments: Any) -> str:
    """What the provider says when it can't go on: one line."""
    with pytest.raises(Stopped) as caught:
        call(*arguments)
    text = str(caught.value)
    assert "\n" not in text
    return text


def refreshed(provider: TenantProvider, id_: str, outputs: dict[str, Any]) -> dict[str, Any]:
    """What the engine records after it read the object again."""
    found = provider.read(id_, outputs)
    assert found.id == id_
    return dict(found.outs or {})


@dataclass(frozen=True)
class Served:
    """A tenant that many tests use, one after the other, and how it was before the first."""

    emulated: Emulated
    environment: dict[str, str]
    pristine: sqlite3.Connection
    application: Document
    principal: Document


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all tests of a process: starting and stopping one takes longer than most of them."""
    with EmulatedTenant() as served, pytest.MonkeyPatch.context() as patch:
        authority = tmp_path_factory.mktemp("authority") / "ca.pem"  # alone: all roots take long to read
        authority.write_text((served.store.get("key", "authority") or {})["certificate"])
        bundles = dict.fromkeys(["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"], str(authority))
        environment = {**served.environment, **bundles}
        for name, value in environment.items():
            patch.setenv(name, value)
        emulated = Emulated(served, deployer_from_environment(environment))
        application = emulated.graph.post("/v1.0/applications", {"displayName": "PlaceOS"})
        principal = emulated.graph.post("/v1.0/servicePrincipals", {"appId": application["appId"]})
        pristine = sqlite3.connect(":memory:", check_same_thread=False)
        served.store._db.backup(pristine)
        patch.undo()
        yield Served(emulated, environment, pristine, application, principal)
        pristine.close()


@pytest.fixture
def tenant(served: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tenant]:
    """The tenant as it was seeded, to which this process's clients belong."""
    running, deployer_ = served.emulated.tenant, served.emulated.deployer
    with running.store._lock:
        served.pristine.backup(running.store._db)
        running.store._made.clear()  # what was made of documents that are gone now
    running.faults.clear()
    for name, value in served.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(deployer, "_made", lambda: deployer_)
    for cached in _CACHED:
        cached.cache_clear()
    yield Tenant(running, deployer_, served.application, served.principal)
    for cached in _CACHED:
        cached.cache_clear()
    if hasattr(sys, "tracebacklimit"):  # a provider's process shows no frames; this one does
        del sys.tracebacklimit


@pytest.fixture
def group(tenant: Tenant) -> str:
    """The room group, locked and empty."""
    return tenant.make_group()


@pytest.fixture
def rooms(tenant: Tenant) -> dict[str, str]:
    """Six rooms by address."""
    return tenant.rooms(6)


@pytest.fixture
def scope(tenant: Tenant, group: str, rooms: dict[str, str]) -> dict[str, Any]:
    """The group with six rooms and the policy that restricts the application to it."""
    tenant.fill(group, rooms)
    return tenant.restrict(group)


@pytest.fixture
def proof(tenant: Tenant, scope: dict[str, Any], rooms: dict[str, str]) -> dict[str, Any]:
    """All that is there before consent."""
    return tenant.prove(tenant.proof_inputs(scope, rooms))


def scope_group(object_id: str, members: dict[str, str] | None, mailboxes: str = "rooms") -> dict[str, Any]:
    """A group of the scope, as the proof's input; without members somebody else decides who is in it."""
    return {
        "objectId": object_id,
        "mailboxes": mailboxes,
        "membersFingerprint": "" if members is None else fingerprint(members),
        "memberCount": len(members or ()),
    }
