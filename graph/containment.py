"""An application as far as somebody can sign in as it, and how each of these ways is closed.

The mark of a containment stands in the application's notes: people see it in Entra, every copy of the state
and every checkout meets it, and azuread writes notes from the code only, never back from an older state. So
do the key ids of the stack's secrets that were removed: a run plans before the engine tells it what a refresh
found, and would make them again under the numbers for which the proofs were asked already.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from graph import applications
from graph.api import SERVICE, Document, GraphApi
from graph.applications import Password
from marks import is_slot_name
from wire import Invalid, NotFound, Transient, WireError

_MARK = re.compile(r"\s*Contained since (?P<since>\S+) by (?P<by>[^;]+); roomctl resume ends it\.")
_REMOVED = re.compile(r"\s*Client secrets removed: (?P<ids>[0-9a-f-]+(?:, [0-9a-f-]+)*)\.")
STOPPING = "the mark that stops pulumi up"
"""What the closing is called that does so."""
_HELD = "id,appId,displayName,passwordCredentials,keyCredentials"


@dataclass(frozen=True)
class Containment:
    """Since when an application is contained (UTC, ending in Z), and by whom."""

    since: str
    by: str

    def __str__(self) -> str:
        return f"Contained since {self.since} by {self.by}; roomctl resume ends it."


def containment(notes: str) -> Containment | None:
    """The containment that an application's notes tell of; None when there is none."""
    found = _MARK.search(notes)
    return Containment(found["since"], found["by"]) if found else None


def containment_of(graph: GraphApi, object_id: str) -> Containment | None:
    """That of the application with this object id; None also when there is no such application."""
    try:
        found = graph.get(f"/v1.0/applications/{quote(object_id, safe='')}", {"$select": "id,notes"})
    except NotFound:
        return None
    return containment(str(found.get("notes") or ""))


def removed_secrets(notes: str) -> frozenset[str]:
    """The key ids of the client secrets that the notes say were removed."""
    return frozenset(id_ for found in _REMOVED.finditer(notes) for id_ in found["ids"].split(", "))


@dataclass(frozen=True)
class Holder:
    """An application or its service principal: where it is, and the secrets and certificates that it has."""

    what: str
    path: str
    secrets: tuple[Password, ...]
    certificates: tuple[Password, ...]


@dataclass(frozen=True)
class Trust:
    """A federated credential of the application."""

    credential_id: str
    subject: str


@dataclass(frozen=True)
class WaysIn:
    """Everything by which an application gets a token.

    principal: None when there is none, so that nobody can. unread: what could not be looked up, and why.
    """

    object_id: str
    client_id: str
    name: str
    notes: str
    application: Holder
    principal: Holder | None
    enabled: bool
    trusts: tuple[Trust, ...]
    unread: tuple[tuple[str, WireError], ...]

    @property
    def principal_id(self) -> str:
        """The object id of the service principal; "" when there is none."""
        return self.principal.path.rpartition("/")[2] if self.principal else ""

    @property
    def holders(self) -> tuple[Holder, ...]:
        """Whatever can have secrets."""
        return (self.application, self.principal) if self.principal else (self.application,)

    @property
    def is_open(self) -> bool:
        """Whether anything is left by which somebody gets a token, or gets one again once it is enabled."""
        keys = any(one.secrets or one.certificates for one in self.holders)
        return self.enabled or keys or bool(self.trusts) or bool(self.unread)


@dataclass(frozen=True)
class Closing:
    """One way in, and how it is closed; `close` raises WireError, and may be repeated."""

    what: str
    close: Callable[[], None]


def ways_in(graph: GraphApi, object_id: str) -> WaysIn:
    """Look everything up; NotFound when there is no such application.

    Only the application itself has to be readable: what else is not stands in `unread`.
    """
    path = f"/v1.0/applications/{quote(object_id, safe='')}"
    found = graph.get(path, {"$select": f"{_HELD},notes"})
    if str(found.get("id") or "").lower() != object_id.lower():
        raise Invalid(SERVICE, f"looking up application {object_id}", "another object came back")
    client_id = str(found["appId"]).lower()
    unread: list[tuple[str, WireError]] = []
    principal: Document | None = None
    trusts: list[Document] = []
    try:
        query = {"$filter": f"appId eq '{client_id}'", "$select": f"{_HELD},accountEnabled"}
        listed = graph.list("/v1.0/servicePrincipals", query)
        principal = next((one for one in listed if str(one["appId"]).lower() == client_id), None)
    except WireError as error:
        unread.append(("the service principal", error))
    try:
        trusts = graph.list(f"{path}/federatedIdentityCredentials")
    except WireError as error:
        unread.append(("federated credentials", error))
    return WaysIn(
        object_id=object_id.lower(),
        client_id=client_id,
        name=str(found.get("displayName") or ""),
        notes=str(found.get("notes") or ""),
        application=_holder("the application", path, found),
        principal=_holder("the service principal", f"/v1.0/servicePrincipals/{principal['id']}", principal)
        if principal
        else None,
        enabled=bool(principal and principal.get("accountEnabled", True)),
        trusts=tuple(Trust(str(one["id"]), str(one.get("subject") or "")) for one in trusts),
        unread=tuple(unread),
    )


def closings(graph: GraphApi, ways: WaysIn, mark: Containment) -> Iterator[Closing]:
    """What is still to be done, the mark first; nothing for an application that is closed and marked."""
    if containment(ways.notes) is None:
        notes = f"{_with_removed(ways.notes, ways.application.secrets)} {mark}".lstrip()
        yield Closing(STOPPING, _noting(graph, ways, notes))
    if ways.principal and ways.enabled:
        yield Closing("the service principal", _enabling(graph, ways.principal, enabled=False))
    for holder in ways.holders:
        for secret in holder.secrets:
            named = f"client secret {secret.key_id} ({secret.display_name}) of {holder.what}"
            yield Closing(named, _removing(graph, holder, secret))
        if holder.certificates:
            ids = ", ".join(one.key_id for one in holder.certificates)
            yield Closing(f"certificates of {holder.what}: {ids}", _clearing(graph, holder))
    for trust in ways.trusts:
        path = f"{ways.application.path}/federatedIdentityCredentials/{trust.credential_id}"
        yield Closing(f"federated credential for {trust.subject}", _deleting(graph, path))


def removal(graph: GraphApi, ways: WaysIn, secret: Password) -> Iterator[Closing]:
    """One client secret alone, noted first: a note about a secret that is still there does no harm."""
    if is_slot_name(secret.display_name):
        noted = _with_removed(ways.notes, (secret,)).lstrip()
        yield Closing("the note by which pulumi up makes another", _noting(graph, ways, noted))
    named = f"client secret {secret.key_id} ({secret.display_name})"
    yield Closing(named, _removing(graph, ways.application, secret))


def reopenings(graph: GraphApi, ways: WaysIn) -> Iterator[Closing]:
    """What ends the containment: the service principal is enabled, then the mark is taken away."""
    if ways.principal and not ways.enabled:
        yield Closing("the service principal", _enabling(graph, ways.principal, enabled=True))
    if containment(ways.notes):
        yield Closing("the mark", _noting(graph, ways, _MARK.sub("", ways.notes).strip() or None))


def insist(act: Callable[[], None]) -> None:
    """Do what may be done twice, once more if its answer was lost; WireError when it was refused."""
    try:
        act()
    except Transient:
        act()


def _with_removed(notes: str, secrets: tuple[Password, ...]) -> str:
    """The notes with those of the secrets added that a stack made."""
    ids = sorted(removed_secrets(notes) | {one.key_id for one in secrets if is_slot_name(one.display_name)})
    return f"{_REMOVED.sub('', notes)} Client secrets removed: {', '.join(ids)}." if ids else notes


def _noting(graph: GraphApi, ways: WaysIn, notes: str | None) -> Callable[[], None]:
    return lambda: graph.patch(ways.application.path, {"notes": notes})


def _holder(what: str, path: str, found: Document) -> Holder:
    return Holder(
        what,
        path,
        tuple(Password.of(one) for one in found.get("passwordCredentials") or ()),
        tuple(Password.of(one) for one in found.get("keyCredentials") or ()),
    )


def _enabling(graph: GraphApi, principal: Holder, *, enabled: bool) -> Callable[[], None]:
    return lambda: graph.patch(principal.path, {"accountEnabled": enabled})


def _removing(graph: GraphApi, holder: Holder, secret: Password) -> Callable[[], None]:
    return lambda: applications.remove_password_of(graph, holder.path, secret.key_id)


def _clearing(graph: GraphApi, holder: Holder) -> Callable[[], None]:
    # removeKey takes a proof signed with the key itself (learn.microsoft.com/graph/api/application-removekey)
    return lambda: graph.patch(holder.path, {"keyCredentials": []})


def _deleting(graph: GraphApi, path: str) -> Callable[[], None]:
    def delete() -> None:
        try:
            graph.delete(path)
        except NotFound:
            return

    return delete
