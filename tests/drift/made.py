"""A stack's objects in an emulated tenant, made without the engine, and what the code says of them."""

from dataclasses import dataclass, replace
from typing import Any

from deployer import deployer_from_environment
from drift.code import Code, CodeGroup
from drift.looks import LOOKS, Looks
from drift.report import Report, report
from drift.tenant import Tenant
from exchange import groups, members, policies
from exchange.admin_api import ExchangeAdmin
from exchange.groups import GroupSettings
from exchange.mailbox_kinds import ROOMS
from exchange.rooms import list_rooms
from graph.api import GraphApi
from marks import notes_of, slot_name
from permissions import GRAPH_APP_ID, profile
from tests.emulated import Emulated

MARK = "plc:1a2b3c4d"
NAME = "PlaceOS Bookings Visualiser"
GROUP = "placeosroombooking@contoso.example"
OWNER = "exchange.admin@contoso.example"


@dataclass
class Made:
    """The tenant, an administrator's two clients, and the code."""

    emulated: Emulated
    graph: GraphApi
    exchange: ExchangeAdmin
    code: Code

    @property
    def group(self) -> str:
        """The object id of the room group."""
        return self.code.groups[0].object_id

    @property
    def application(self) -> str:
        """The path of the application."""
        return f"/v1.0/applications/{self.code.application}"

    @property
    def principal(self) -> str:
        """The path of its service principal."""
        return f"/v1.0/servicePrincipals/{self.code.principal}"

    def with_principal(self, object_id: str) -> "Made":
        """The same for tampering with another service principal."""
        return replace(self, code=replace(self.code, principal=object_id))

    def reported(self, who: str = "Reader", looks: Looks = LOOKS, **code: Any) -> Report:
        """What this identity is told; `code` says some of it otherwise."""
        today = self.emulated.tenant.clock.now().date()
        return report(self.asking(who, **code), (), (), today, looks)

    def asking(self, who: str = "Reader", **code: Any) -> Tenant:
        """The tenant as this identity may look at it now; nothing has been asked yet."""
        looking = deployer_from_environment(self.emulated.tenant.environment_of(who))
        graph = GraphApi(looking.credential, looking.cloud, looking.clock)
        return Tenant(looking.tenant_id, graph, ExchangeAdmin(looking), replace(self.code, **code))


def make(emulated: Emulated) -> Made:
    """Everything that a first run makes, with one client secret, by an administrator of the tenant."""
    by = deployer_from_environment(emulated.tenant.environment_of("Tenant Administrator"))
    first_run = Emulated(emulated.tenant, by)
    graph, exchange = first_run.graph, first_run.exchange
    now = emulated.tenant.clock.now()
    wanted, notes = profile("room-booking"), notes_of(MARK)
    asked_for = {
        "resourceAppId": GRAPH_APP_ID,
        "resourceAccess": [{"id": one.id, "type": "Role"} for one in wanted],
    }
    body = {"displayName": NAME, "notes": notes, "signInAudience": "AzureADMyOrg"}
    application = graph.post("/v1.0/applications", {**body, "requiredResourceAccess": [asked_for]})
    principal = graph.post("/v1.0/servicePrincipals", {"appId": application["appId"], "notes": notes})
    consent(graph, str(principal["id"]), GRAPH_APP_ID, *(one.id for one in wanted))
    administrator_ = {"@odata.id": graph.address(f"/v1.0/directoryObjects/{_id_of(graph, OWNER)}")}
    for path in (f"applications/{application['id']}", f"servicePrincipals/{principal['id']}"):
        graph.post(f"/v1.0/{path}/owners/$ref", administrator_)
    slot = {"passwordCredential": {"displayName": slot_name(now)}}
    secret = graph.post(f"/v1.0/applications/{application['id']}/addPassword", slot)
    rooms = list_rooms(exchange)
    settings = GroupSettings(
        name="PlaceOS Room Booking", alias="placeosroombooking", address=GROUP,
        owners=(OWNER,), accepted_senders=(OWNER,), mark=MARK,
    )  # fmt: skip
    group = groups.create(exchange, settings).group.object_id
    members.change(exchange, group, present=(), add=[one.object_id for one in rooms], remove=())
    policies.add(exchange, application["appId"], group, f"Restrict PlaceOS to its room mailboxes. {MARK}")
    code = Code(
        stack="dev",
        mark=MARK,
        application=application["id"],
        client_id=application["appId"],
        principal=principal["id"],
        name=NAME,
        existing=False,
        permissions=frozenset(one.name for one in wanted),
        accepted_permissions=frozenset(),
        accepted_policies=frozenset(),
        owners=frozenset(
            str(one["id"]) for one in graph.list(f"/v1.0/applications/{application['id']}/owners")
        ),
        administrators=frozenset(),
        secrets=frozenset({secret["keyId"]}),
        groups=(
            CodeGroup(
                group,
                GROUP,
                ROOMS,
                {one.address: one.name for one in rooms},
                OWNER,
                settings.name,
                settings.alias,
            ),
        ),
    )
    administrator = emulated.administrator
    return Made(emulated, administrator.graph, administrator.exchange, code)


def _id_of(graph: GraphApi, address: str) -> str:
    return str(graph.get(f"/v1.0/users/{address}", {"$select": "id"})["id"])


def consent(graph: GraphApi, principal: str, service_app_id: str, *roles: str) -> None:
    """Grant app roles of a service, by their ids."""
    query = {"$filter": f"appId eq '{service_app_id}'", "$select": "id"}
    [service] = graph.list("/v1.0/servicePrincipals", query)
    for role in roles:
        grant = {"principalId": principal, "resourceId": service["id"], "appRoleId": role}
        graph.post(f"/v1.0/servicePrincipals/{service['id']}/appRoleAssignedTo", grant)
