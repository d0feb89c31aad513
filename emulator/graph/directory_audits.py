"""The directory's audit log, as far as consent goes: who granted which app role to whom.

https://learn.microsoft.com/en-us/graph/api/directoryaudit-list and, for how long it is kept,
https://learn.microsoft.com/en-us/entra/identity/monitoring-health/reference-reports-data-retention
Not confirmed: the words with which a filter is refused, and which of an entry's targets stands first.
"""

import uuid
from datetime import timedelta

from emulator.clock import stamp
from emulator.graph import query
from emulator.graph.authorization import READ_AUDITS
from emulator.graph.entities import DIRECTORY_AUDIT
from emulator.graph.errors import GraphError
from emulator.graph.filters import operators
from emulator.graph.routing import Answer, Call, Operations
from emulator.store import Document

OPERATIONS = Operations()

_KEPT = {True: timedelta(days=30), False: timedelta(days=7)}
"""With Entra ID P1, and without."""
_NOT_SUPPORTED = {"ne", "not", "gt", "lt", "in", "endswith"}
_NOT_FILTERED = {"result", "resultreason", "operationtype", "additionaldetails"}


@OPERATIONS.on("GET", "/auditLogs/directoryAudits", needs=READ_AUDITS)
def list_directory_audits(call: Call) -> Answer:
    """List consents that were given, the newest first: of 30 days, or of 7 without P1."""
    used = operators(call.query.get("$filter", ""))
    if refused := sorted(used & (_NOT_SUPPORTED | _NOT_FILTERED)):
        raise GraphError(400, "BadRequest", f"Invalid filter clause: '{refused[0]}' is not supported.")
    began = stamp(call.tenant.clock.now() - _KEPT[bool(call.tenant.settings.get("premium", True))])
    kept = [one for one in call.store.all("directoryAudit")[::-1] if one["activityDateTime"] >= began]
    return query.many(call, DIRECTORY_AUDIT, kept)


def consented(call: Call, granted: Document, role: Document, resource: Document, principal: Document) -> None:
    """Write down who granted this app role."""
    properties = {
        "AppRole.Id": granted["appRoleId"],
        "AppRole.Value": role.get("value"),
        "AppRoleAssignment.CreatedDateTime": granted["createdDateTime"],
        "ServicePrincipal.ObjectID": principal["id"],
        "ServicePrincipal.DisplayName": principal["displayName"],
        "ServicePrincipal.AppId": principal.get("appId"),
    }
    id_ = str(uuid.uuid4())
    call.store.put(
        "directoryAudit",
        id_,
        {
            "id": f"Directory_{id_}",
            "activityDateTime": granted["createdDateTime"],
            "activityDisplayName": "Add app role assignment to service principal",
            "category": "ApplicationManagement",
            "correlationId": id_,
            "loggedByService": "Core Directory",
            "operationType": "Assign",
            "result": "success",
            "resultReason": "",
            "initiatedBy": _caller(call),
            "targetResources": [
                _target(resource, {name: value for name, value in properties.items() if value}),
                _target(principal, {}),
            ],
        },
    )


def _caller(call: Call) -> Document:
    """The service principal, or the person, whose token it is."""
    own = call.token.object_id
    if person := call.store.get("user", own):
        shown = {name: person.get(name) for name in ("id", "displayName", "userPrincipalName")}
        return {"app": None, "user": {**shown, "ipAddress": None}}
    principal = call.store.get("servicePrincipal", own) or {}
    return {
        "app": {
            "appId": None,  # Entra mostly leaves it out, and names the service principal
            "displayName": principal.get("displayName"),
            "servicePrincipalId": own,
            "servicePrincipalName": None,
        },
        "user": None,
    }


def _target(one: Document, changed: dict[str, object]) -> Document:
    """Values are JSON in a text."""
    return {
        "id": one["id"],
        "displayName": one["displayName"],
        "type": "ServicePrincipal",
        "userPrincipalName": None,
        "groupType": None,
        "modifiedProperties": [
            {"displayName": name, "oldValue": None, "newValue": f'"{value}"'}
            for name, value in changed.items()
        ],
    }
