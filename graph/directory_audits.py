"""Who consented to what, as the directory's audit log tells it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from graph.api import Document, GraphApi

KEPT_DAYS = 30
"""For how long the log is kept at most, in days; 7 without Entra ID P1
(learn.microsoft.com/entra/identity/monitoring-health/reference-reports-data-retention)."""
_CONSENT = "Add app role assignment to service principal"


@dataclass(frozen=True)
class Consented:
    """One consent that succeeded. by: a person's or an application's name, by_id: the object id; "" untold.

    resource: object id of the service. said: what the entry says of the app role, such as its id and its
    name. Ids and `said` are in lower case; when: UTC, ending in Z.
    """

    when: str
    by: str
    by_id: str
    resource: str
    said: frozenset[str]


def consents_of(graph: GraphApi, principal: str) -> list[Consented]:
    """The consents that this service principal was given, the newest first, as far as the log goes back.

    NotAuthorised without AuditLog.Read.All and Directory.Read.All
    (learn.microsoft.com/graph/api/directoryaudit-list). Which of an entry's targets is the client is not
    documented, so the entries of all are read: consents are rare.
    """
    entries = graph.list(
        "/v1.0/auditLogs/directoryAudits", {"$filter": f"activityDisplayName eq '{_CONSENT}'"}
    )
    found = [one for entry in entries if entry.get("result") == "success" for one in _told(entry, principal)]
    return sorted(found, key=lambda one: one.when, reverse=True)


def _told(entry: Document, principal: str) -> Iterator[Consented]:
    targets = {str(one.get("id") or "").lower(): frozenset(_values(one)) for one in _targets(entry)}
    said = frozenset[str]().union(*targets.values())
    if principal not in {*targets, *said}:
        return
    by, by_id = _who(entry.get("initiatedBy") or {})
    for resource in targets.keys() - {principal}:
        yield Consented(str(entry["activityDateTime"]), by, by_id, resource, said)


def _targets(entry: Document) -> list[Document]:
    return list(entry.get("targetResources") or ())


def _values(target: Document) -> Iterator[str]:
    """The new values, which are JSON in a text."""
    for one in target.get("modifiedProperties") or ():
        text = str(one.get("newValue") or "")
        try:
            yield str(json.loads(text)).lower()
        except ValueError:
            yield text.lower()


def _who(initiated: Document) -> tuple[str, str]:
    person, app = initiated.get("user") or {}, initiated.get("app") or {}
    name = person.get("userPrincipalName") or person.get("displayName") or app.get("displayName")
    return str(name or ""), str(person.get("id") or app.get("servicePrincipalId") or "")
