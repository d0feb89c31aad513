"""A stand-in for the engine that writes down what a program declares."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from google.protobuf.json_format import MessageToDict
from pulumi.runtime import mocks
from pulumi.runtime.settings import reset_options
from typing_extensions import override

import permissions
from components import RoomCalendarAccess, RoomCalendarAccessArgs
from components.azure_devops_federated_credential import (
    AzureDevOpsFederatedCredential,
    AzureDevOpsFederatedCredentialArgs,
)
from components.existing_application import ExistingApplicationArgs
from components.github_federated_credential import GitHubFederatedCredential, GitHubFederatedCredentialArgs
from components.key_vault_secret import KeyVaultArgs
from components.secret_slots import Secret, SecretSlots
from components.staff_group import StaffGroupArgs

SECRET = "1b47061264138c4ac30d75fd1eb44270"
"""The signature under which the engine is told that a value is secret."""
TENANT = "11111111-0000-4000-8000-000000000000"
DEPLOYER = "22222222-0000-4000-8000-000000000000"

ARGUMENTS: RoomCalendarAccessArgs = {
    "application_name": "PlaceOS",
    "application_owners": [DEPLOYER],
    "permissions": ["User.Read.All", "Calendars.ReadWrite", "Place.Read.All"],
    "consent": "code",
    "consented_by_code": [],
    "group_name": "PlaceOS Room Booking",
    "group_alias": "placeosroombooking",
    "group_address": "placeosroombooking@contoso.example",
    "group_owner": "exchange.admin@contoso.example",
    "rooms": {"harbour@contoso.example": "Harbour", "opera@contoso.example": "Opera"},
    "staff": None,
    "existing_application": None,
    "denied_mailboxes": [],
    "allow_removals": 0,
    "enforcement_wait_minutes": 30,
    "secret_slots": SecretSlots(
        secrets=(
            Secret(4, datetime(2026, 12, 27, tzinfo=UTC)),
            Secret(5, datetime(2027, 3, 27, tzinfo=UTC)),
        ),
        current=1,
        next_rotation=datetime(2026, 12, 27, tzinfo=UTC),
    ),
    "key_vault": None,
    "mark": "plc:1a2b3c4d",
    "protect": True,
}

STAFF: StaffGroupArgs = {
    "group_name": "PlaceOS Staff",
    "alias": "placeosstaff",
    "address": "placeosstaff@contoso.example",
    "owner": "exchange.admin@contoso.example",
    "members": {"ada.ashby@contoso.example": ""},
    "allow_removals": 0,
    "mark": "plc:1a2b3c4d",
    "protect": True,
}
EXISTING: ExistingApplicationArgs = {
    "client_id": "client",
    "accepted_permissions": ["Mail.Send"],
    "accepted_policies": ["policy"],
}
GITHUB_TRUST: GitHubFederatedCredentialArgs = {
    "application_id": "/applications/deployer",
    "repository": "contoso/rooms",
    "environment": "prod",
}
AZURE_DEVOPS_TRUST: AzureDevOpsFederatedCredentialArgs = {
    "application_id": "/applications/deployer",
    "issuer": f"https://vstoken.dev.azure.com/{TENANT}",
    "subject": "sc://contoso/rooms/deployer",
}
KEY_VAULT: KeyVaultArgs = {
    "subscription_id": "33333333-0000-4000-8000-000000000000",
    "resource_group": "rooms",
    "vault": "contoso-rooms",
    "secret_name": "placeos-client-secret",
}
WAYS: list[dict[str, Any]] = [
    {},
    {"staff": STAFF},
    {"key_vault": KEY_VAULT},
    {"staff": {"address": "team@contoso.example"}, "existing_application": EXISTING},
]
"""What changes the arguments so that, together, every component is declared."""


@dataclass(frozen=True)
class Declared:
    """One registration, as the engine receives it."""

    urn: str
    type: str
    name: str
    parent: str
    custom: bool
    protect: bool
    dependencies: frozenset[str]
    secret_outputs: tuple[str, ...]
    inputs: dict[str, Any]


@dataclass
class Recording(mocks.MockMonitor):
    """The engine's side: registrations in their order, and what each component registers as outputs."""

    answers: Mapping[str, dict[str, Any]]
    known: bool = True
    declared: list[Declared] = field(default_factory=list)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(_Answers(self))

    @override
    def RegisterResource(self, request: Any) -> Any:
        answer = super().RegisterResource(request)
        if request.type != "pulumi:pulumi:Stack":
            one = Declared(
                urn=answer.urn,
                type=request.type,
                name=request.name,
                parent=request.parent.rpartition("::")[2],
                custom=request.custom,
                protect=request.protect,
                dependencies=frozenset(urn.rpartition("::")[2] for urn in request.dependencies),
                secret_outputs=tuple(request.additionalSecretOutputs),
                inputs=MessageToDict(request.object),
            )
            self.declared.append(one)
        return answer

    @override
    def RegisterResourceOutputs(self, request: Any) -> Any:
        self.outputs[request.urn.rpartition("::")[2]] = MessageToDict(request.outputs)
        return super().RegisterResourceOutputs(request)

    def of(self, *types: str) -> list[Declared]:
        """What was declared of these types."""
        return [one for one in self.declared if one.type in types]

    def named(self, name: str) -> Declared:
        """The one resource of that name."""
        [found] = [one for one in self.declared if one.name == name]
        return found


class _Answers(mocks.Mocks):
    """Answers like a tenant where everything works, or in a preview, where nothing is known yet."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """A resource's id and outputs."""
        if not self.recording.known:
            return None, dict(args.inputs)
        return f"{args.name}-id", {**args.inputs, **_COMPUTED.get(args.typ, {})}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        """A function's answer."""
        return self.recording.answers[args.token], []


_COMPUTED: dict[str, dict[str, Any]] = {
    "azuread:index/application:Application": {"clientId": "client", "objectId": "application"},
    "azuread:index/servicePrincipal:ServicePrincipal": {"objectId": "principal"},
    "azure-native:keyvault:Secret": {"properties": {"secretUri": "https://vault/secrets/it"}},
    "azuread:index/applicationPassword:ApplicationPassword": {"keyId": "key", "value": "hunter2"},
    "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential": {
        "credentialId": "credential"
    },
    "pulumi-python:dynamic/exchange:AccessPolicies": {"policyIds": ["policy"]},
    "pulumi-python:dynamic/exchange:ConfiguredAccess": {
        "allowed": ["harbour@contoso.example"],
        "denied": ["ada@contoso.example"],
        "result": {"since": "2026-11-21T08:00:00Z"},
    },
    "pulumi-python:dynamic/exchange:ConsentByPerson": {
        "permissions": ["Calendars.ReadWrite", "Place.Read.All", "User.Read.All"]
    },
    "pulumi-python:dynamic/exchange:EnforcedAccess": {"result": {"since": "2026-11-21T09:10:00Z"}},
}

ANSWERS: dict[str, dict[str, Any]] = {
    "azuread:index/getServicePrincipal:getServicePrincipal": {
        "objectId": "graph-principal",
        "appRoleIds": {name: permissions.find(name).id for name in permissions.names()},
    },
    "azuread:index/getApplication:getApplication": {"objectId": "application", "clientId": "client"},
    "azuread:index/getClientConfig:getClientConfig": {"tenantId": TENANT, "objectId": DEPLOYER},
}


@contextmanager
def recording(
    *, known: bool = True, answers: Mapping[str, dict[str, Any]] | None = None, stack: str = "unit"
) -> Iterator[Recording]:
    """The runtime with this engine; `known`: outputs have values, as in an update."""
    made = Recording({**ANSWERS, **(answers or {})}, known)
    # The SDK takes the current event loop, which another test may have ended.
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    mocks.set_mocks(
        made.mocks,
        project="placeos-m365",
        stack=stack,
        organization="contoso",
        preview=not known,
        monitor=made,
    )
    try:
        yield made
    finally:
        reset_options()
        loop.close()
        asyncio.set_event_loop(None)


def run(program: Callable[[], object]) -> None:
    """Run a program to its end, everything that is pending included."""
    mocks.test(program)()


def declare(*, known: bool = True, **changes: Any) -> Recording:
    """What the component declares with these arguments."""
    with recording(known=known) as made:
        run(lambda: _component(changes) and None)
        return made


def declare_trusts() -> Recording:
    """What a platform team's own program declares."""

    def program() -> None:
        GitHubFederatedCredential("github", GITHUB_TRUST)
        AzureDevOpsFederatedCredential("azure-devops", AZURE_DEVOPS_TRUST)

    with recording() as made:
        run(program)
        return made


def _component(changes: dict[str, Any]) -> RoomCalendarAccess:
    arguments: Any = {**ARGUMENTS, **changes}
    return RoomCalendarAccess("placeos", arguments)
