"""Which permissions one side gives the application, whoever consents to them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import permissions
from review import types
from review.declared import UNKNOWN, Declared, Resource, in_words, texts


class Consent(StrEnum):
    """Who consents."""

    CODE = "this stack"
    PERSON = "a person"
    BEFORE = "given before, kept"
    NOBODY = "asked for only"


@dataclass(frozen=True, order=True)
class Asked:
    """A permission, known by what the API calls it: the same role id means another thing on another API.

    `api`: its application id, or else its object id in the tenant; "" for one that only an update will know.
    `id`: of the role, or of the delegated scope. `delegated`: used in the name of whoever is signed in.
    `other`: the object id of the service principal that gets it, if that is not this stack's.
    """

    api: str
    id: str
    delegated: bool = False
    other: str = ""

    @property
    def entry(self) -> permissions.Permission | None:
        """What the catalogue says of it; None for what nobody has judged."""
        return permissions.by_id(self.api, self.id)

    @property
    def bearer(self) -> tuple[str, str, bool]:
        """On which API it is, who gets it, and in whose name it is used."""
        return self.api, self.other, self.delegated

    @property
    def name(self) -> str:
        """Its name, or else its id."""
        where = {permissions.GRAPH_APP_ID: "", permissions.EXCHANGE_APP_ID: " on Exchange Online"}
        api = where.get(self.api, f" on the API {self.api}" if self.api else " on an API not known yet")
        kind = " (delegated)" if self.delegated else ""
        to = f", for the service principal {self.other}" if self.other else ""
        return f"{self.entry.name if self.entry else self.id}{api}{kind}{to}"


def held(side: Declared) -> dict[Asked, Consent]:
    """The permissions of one side, each with the surest way in which it is consented to."""
    found: dict[Asked, Consent] = {}
    order = list(Consent)
    for asked, consent in (
        *_granted(side),
        *_by_person(side),
        *_kept(side),
        *_required(side),
        *_delegated(side),
    ):
        found[asked] = min(found.get(asked, consent), consent, key=order.index)
    return found


def opens_mailboxes(asked: Asked) -> bool:
    """Whether it opens what is in mailboxes; what nobody has judged is taken to."""
    return asked.entry is None or asked.entry.mailbox


def _granted(side: Declared) -> Iterator[tuple[Asked, Consent]]:
    grants = side.of(types.APP_ROLE_ASSIGNMENT)
    graph = consented_on(side)
    for one in grants:
        role = str(one.known("appRoleId") or "a role not known yet")
        api, other = _api(one.known("resourceObjectId"), role, graph), _other(one, "principalObjectId", side)
        yield Asked(api, role, other=other), Consent.CODE


def _other(grant: Resource, key: str, side: Declared) -> str:
    """Who gets the grant, if that is not who gets those of this stack's consent; "" when nobody else does."""
    own = {one.known("principalObjectId") for one in side.of(types.APP_ROLE_ASSIGNMENT) if _by_consent(one)}
    who = grant.known(key)
    return "" if not own or who in own else str(who or "not known yet")


def _by_consent(grant: Resource) -> bool:
    return f"{types.ADMIN_CONSENT}$" in grant.urn


def consented_on(side: Declared) -> frozenset[str]:
    """The APIs, by their object id in the tenant, on which this stack consents."""
    on = {one.known("resourceObjectId") for one in side.of(types.APP_ROLE_ASSIGNMENT) if _by_consent(one)}
    return frozenset(on - {None})


def _api(resource: str | None, role: str, graph: frozenset[str]) -> str:
    """The application id of the API, of which a grant has but the object id in the tenant."""
    if resource in graph:
        return permissions.GRAPH_APP_ID
    others = (
        (permissions.EXCHANGE_APP_ID,) if graph else (permissions.EXCHANGE_APP_ID, permissions.GRAPH_APP_ID)
    )
    return next((api for api in others if permissions.by_id(api, role)), resource or "")


def _by_person(side: Declared) -> Iterator[tuple[Asked, Consent]]:
    for one in side.of(types.CONSENT_BY_PERSON):
        yield from ((_on_graph(name), Consent.PERSON) for name in one.texts("asked"))


def _kept(side: Declared) -> Iterator[tuple[Asked, Consent]]:
    for one in side.of(types.CONFIGURED_ACCESS):
        existing = one.inputs.get("existing") or {}
        kept = existing.get("acceptedPermissions") if isinstance(existing, Mapping) else existing
        yield from ((_on_graph(name), Consent.BEFORE) for name in texts(kept))


def _required(side: Declared) -> Iterator[tuple[Asked, Consent]]:
    for application in side.of(types.APPLICATION):
        for access in _list(application.inputs.get("requiredResourceAccesses")):
            api = str(access.get("resourceAppId", UNKNOWN)).replace(UNKNOWN, "")
            for one in _list(access.get("resourceAccesses")):
                role = in_words(one.get("id", UNKNOWN))
                yield Asked(api, role, delegated=one.get("type") == "Scope"), Consent.NOBODY


def _delegated(side: Declared) -> Iterator[tuple[Asked, Consent]]:
    for one in side.of(types.DELEGATED_GRANT):
        person = in_words(one.inputs.get("userObjectId") or "")
        who = f" in the name of {person}" if person else " in everybody's name"
        api = _api(one.known("resourceServicePrincipalObjectId"), "", consented_on(side))
        other = _other(one, "servicePrincipalObjectId", side)
        yield from (
            (Asked(api, f"{name}{who}", delegated=True, other=other), Consent.CODE)
            for name in one.texts("claimValues")
        )


def _on_graph(name: str) -> Asked:
    known = next((one for one in permissions.known() if one.name == name and one.id), None)
    return Asked(permissions.GRAPH_APP_ID, known.id if known and known.id else name)


def _list(value: Any) -> list[Mapping[str, Any]]:
    """The entries of a list; one that can't be read counts as one, of which nothing is known."""
    if value is None:
        return []
    entries = value if isinstance(value, list) else [value]
    unknown: Mapping[str, Any] = {"resourceAccesses": UNKNOWN}
    return [one if isinstance(one, Mapping) else unknown for one in entries]
