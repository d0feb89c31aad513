"""A tenant in which every look has something to look at, all of it right: with staff, and another stack."""

from dataclasses import replace

import permissions
from drift.code import CodeGroup
from exchange import groups, members, policies
from exchange.groups import GroupSettings
from exchange.mailbox_kinds import STAFF
from permissions import GRAPH_APP_ID
from tests.drift.made import MARK, OWNER, Made, consent, make
from tests.drift.tampering import PERSON, TRAVEL, user
from tests.emulated import Emulated

STAFF_GROUP = "placeosstaff@contoso.example"
_CALENDARS = permissions.find("Calendars.ReadWrite").id
_ROLE_GROUP = "Somebody else's role group"


def widened(emulated: Emulated) -> Made:
    """The stack of `make`, with a group of staff that somebody else keeps and a stack beside it."""
    made = make(emulated)
    staff = made_group(made, "PlaceOS Staff", STAFF_GROUP, user(made, PERSON))
    policies.add(made.exchange, made.code.client_id, staff, policies.description(STAFF.mailboxes, MARK))
    _stack_beside(made)
    made.exchange.run(
        "New-ServicePrincipal",
        AppId=made.code.client_id, ObjectId=made.code.principal, DisplayName=made.code.name,
    )  # fmt: skip
    made.exchange.run("New-RoleGroup", Name=_ROLE_GROUP, Roles=["Distribution Groups"])
    known = CodeGroup(staff, STAFF_GROUP, STAFF, None)
    return replace(made, code=replace(made.code, groups=(*made.code.groups, known)))


def made_group(made: Made, name: str, address: str, *people: str) -> str:
    """A locked group with these members; its object id."""
    settings = GroupSettings(
        name=name, alias=address.partition("@")[0], address=address,
        owners=(OWNER,), accepted_senders=(OWNER,), mark="",
    )  # fmt: skip
    group = groups.create(made.exchange, settings).group.object_id
    members.change(made.exchange, group, present=(), add=people, remove=())
    return group


def _stack_beside(made: Made) -> None:
    """It looks like PlaceOS, and its own policy, with the mark of this code, limits it."""
    body = {"displayName": "PlaceOS of another stack", "notes": "plc:0badcafe"}
    application = made.graph.post("/v1.0/applications", body)
    principal = made.graph.post("/v1.0/servicePrincipals", {"appId": application["appId"]})
    consent(made.graph, str(principal["id"]), GRAPH_APP_ID, _CALENDARS)
    travel = made.graph.list("/v1.0/groups", {"$filter": f"mail eq '{TRAVEL}'", "$select": "id"})[0]["id"]
    policies.add(made.exchange, application["appId"], str(travel), "Restrict PlaceOS. plc:0badcafe")
