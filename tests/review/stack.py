"""A clean stack as the engine tells it, of which a test breaks one thing."""

from typing import Any, Self

import permissions
from review import types
from review.declared import UNKNOWN, Sides, Step, resource, sides
from review.report import Review

APP, PRINCIPAL, GRAPH, EXCHANGE = "app-1", "principal-1", "graph-1", "exchange-1"
ROOM_GROUP = "group-1"
ADMIN = "exchange.admin@contoso.example"
_ROOM_BOOKING = "placeosm365:index:RoomCalendarAccess"
_PERMISSIONS = ("Calendars.ReadWrite", "User.Read.All")


def graph(name: str) -> str:
    """The id of a permission of Microsoft Graph."""
    return next(
        one.id
        for one in permissions.known()
        if one.name == name and one.resource.app_id == permissions.GRAPH_APP_ID
    )


class Stack:
    """The resources of one side, by name, as in an event of the engine."""

    def __init__(self) -> None:
        self.states: dict[str, dict[str, Any]] = {}

    def __getitem__(self, name: str) -> dict[str, Any]:
        """The inputs of a resource."""
        inputs: dict[str, Any] = self.states[name]["inputs"]
        return inputs

    def has(self, name: str, kind: str, parent: str = "", /, **inputs: Any) -> Self:
        """It declares this resource too."""
        urn = f"urn:pulumi:dev::placeos-m365::{_ROOM_BOOKING}{parent}${kind}::{name}"
        self.states[name] = {"urn": urn, "type": kind, "id": "", "inputs": {"__defaults": [], **inputs}}
        return self

    def grants(self, permission: str, name: str = "", **inputs: Any) -> Self:
        """It consents to a permission of Microsoft Graph."""
        whom = {"principalObjectId": PRINCIPAL, "resourceObjectId": GRAPH, **inputs}
        given = {"appRoleId": graph(permission), **whom}
        return self.has(
            name or f"consent-{permission}", types.APP_ROLE_ASSIGNMENT, f"${types.ADMIN_CONSENT}", **given
        )

    def grants_beside(self, role: str, name: str = "beside", **inputs: Any) -> Self:
        """It grants a role, by id, outside the component for consent."""
        whom = {"principalObjectId": PRINCIPAL, "resourceObjectId": GRAPH, **inputs}
        return self.has(name, types.APP_ROLE_ASSIGNMENT, appRoleId=role, **whom)

    def without(self, *names: str) -> Self:
        """It no longer declares these."""
        for name in names:
            del self.states[name]
        return self

    def group(self, called: str = "rooms", /, **inputs: Any) -> Self:
        """It makes a locked group."""
        return self.has(
            f"{called}-group",
            types.SECURITY_GROUP,
            **{
                "name": f"PlaceOS {called}",
                "alias": called,
                "address": f"{called}@contoso.example",
                "owners": [ADMIN],
                "allowedSenders": [ADMIN],
                "hiddenFromAddressLists": True,
                "memberJoin": "Closed",
                "memberDepart": "Closed",
                "requireSenderAuthentication": True,
                **inputs,
            },
        )

    def members(self, name: str, group: str, *labels: str) -> Self:
        """It fills a group; `name` is the kind of the mailboxes."""
        mailboxes = {f"{label.lower()}@contoso.example": label for label in labels}
        inputs = {"groupObjectId": group, "members": mailboxes, "mailboxes": name}
        return self.has(f"{name}-members", types.GROUP_MEMBERS, **inputs)

    def secret(self, name: str, end: Any, number: str = "0", **inputs: Any) -> Self:
        """It makes a client secret."""
        given = {"applicationId": f"/applications/{APP}", "endDate": end, **inputs}
        return self.has(name, types.CLIENT_SECRET, rotateWhenChanged={"number": number}, **given)


def clean() -> Stack:
    """Two rooms, two permissions, one secret: what nobody has to be asked about."""
    requested = [{"id": graph(name), "type": "Role"} for name in _PERMISSIONS]
    accesses = [{"resourceAppId": permissions.GRAPH_APP_ID, "resourceAccesses": requested}]
    stack = Stack()
    stack.has("placeos", "placeosm365:index:RoomCalendarAccess")
    stack.has("azuread", "pulumi:providers:azuread", version="6.11.1", __internal={})
    stack.has("python", "pulumi:providers:pulumi-python", **{"placeos-m365:rooms": "[]"})
    stack.has(
        "application",
        types.APPLICATION,
        displayName="PlaceOS",
        signInAudience="AzureADMyOrg",
        owners=["owner-1"],
        requiredResourceAccesses=accesses,
    )
    stack.has("principal", types.SERVICE_PRINCIPAL, clientId=APP, accountEnabled=True, owners=["owner-1"])
    stack.group().members("rooms", ROOM_GROUP, "Opera", "Harbour")
    stack.has(
        "policies",
        types.ACCESS_POLICIES,
        appId=APP,
        servicePrincipalObjectId=PRINCIPAL,
        groupObjectIds=[ROOM_GROUP],
        accessRights=["RestrictAccess"],
        accepted=[],
    )
    stack.has("configured", types.CONFIGURED_ACCESS, appId=APP, deniedMailboxes=[], existing={})
    for name in _PERMISSIONS:
        stack.grants(name)
    stack.has("enforced", types.ENFORCED_ACCESS, appId=APP)
    return stack.secret("secret", "2027-03-27T00:00:00Z")


def compared(before: Stack | None, after: Stack, *replaced: str) -> Sides:
    """Both sides, from the steps that an engine would plan."""
    old = before.states if before else {}
    steps = []
    for name in dict.fromkeys([*old, *after.states]):
        was, is_ = old.get(name), after.states.get(name)
        op = "delete" if not is_ else "create" if not was else "replace" if name in replaced else "update"
        steps.append(Step(op, resource(was) if was else None, resource(is_) if is_ else None))
    return sides(steps)


def reviewed(after: Stack, before: Stack | None = None, *replaced: str, **told: Any) -> Review:
    """A review against a clean stack, if no other is named."""
    return Review("dev", "what is recorded", compared(before or clean(), after, *replaced), **told)


def said(after: Stack, before: Stack | None = None, *replaced: str) -> list[str]:
    """Each change in one line: effect, area, level and words."""
    return [
        f"{one.effect}/{one.area}/{one.level}: {one.what}"
        for one in reviewed(after, before, *replaced).changes
    ]


__all__ = [
    "ADMIN", "APP", "EXCHANGE", "GRAPH", "PRINCIPAL", "ROOM_GROUP", "UNKNOWN", "Stack", "clean", "compared",
    "graph", "reviewed", "said",
]  # fmt: skip
