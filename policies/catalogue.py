"""The permissions we know, from this pack's own copy of the catalogue, and who asks for which.

`catalogue.json` is generated: `python -m docs.policy_catalogue --write`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from known import block, entries
from rule import Seen
from tokens import APP_ROLE_ASSIGNMENT, APPLICATION, APPLICATION_API_ACCESS, CONSENT_BY_PERSON

GRAPH = "00000003-0000-0000-c000-000000000000"
"""App id of Microsoft Graph, the same in every tenant."""


@dataclass(frozen=True)
class Permission:
    """An application permission. `mailbox`: it opens mailboxes; `scoped`: an access policy narrows it."""

    service: str
    """App id of the service that has it."""
    id: str
    name: str
    level: str
    mailbox: bool
    scoped: bool


_CATALOGUE = json.loads(Path(__file__).with_name("catalogue.json").read_text(encoding="utf-8"))
PERMISSIONS = {
    (service, id_): Permission(service, id_, **entry)
    for service, entries_ in _CATALOGUE["permissions"].items()
    for id_, entry in entries_.items()
}
"""By app id of the service, and role id: some role ids are those of several services."""
PROFILES = {
    name: frozenset(PERMISSIONS[GRAPH, id_] for id_ in ids) for name, ids in _CATALOGUE["profiles"].items()
}
BY_NAME = {one.name: one for one in PERMISSIONS.values() if one.service == GRAPH}
"""Those of Microsoft Graph."""
# A grant names the service by its object id in the tenant, which only the tenant could tell.
_BY_ROLE = {one.id: one for one in PERMISSIONS.values()} | {one.id: one for one in BY_NAME.values()}


@dataclass(frozen=True)
class Asked:
    """A permission that a resource requests or grants; `permission` is None for one that we don't know."""

    label: str
    permission: Permission | None


def asked(seen: Seen) -> Iterator[Asked]:
    """The application permissions that the resource requests or grants."""
    props = seen.props
    if seen.type == APP_ROLE_ASSIGNMENT:
        yield _granted(props.get("appRoleId"))
    elif seen.type == APPLICATION:
        for api, access in requested(seen):
            if access.get("type") != "Scope":
                yield _requested(api, access.get("id"))
    elif seen.type == APPLICATION_API_ACCESS:
        for id_ in entries(props.get("roleIds")):
            yield _requested(props.get("apiClientId"), id_)
    elif seen.type == CONSENT_BY_PERSON:
        yield from map(_named, entries(props.get("permissions")))


def requested(application: Seen) -> Iterator[tuple[Any, dict[str, Any]]]:
    """App id of the service, and id and type, of each permission that the application requests."""
    for api in map(block, entries(application.props.get("requiredResourceAccesses"))):
        for access in map(block, entries(api.get("resourceAccesses"))):
            yield api.get("resourceAppId"), access


def _granted(id_: Any) -> Asked:
    if not isinstance(id_, str):
        return Asked("a permission whose id is not known at preview", None)
    permission = _BY_ROLE.get(id_.lower())
    return Asked(permission.name if permission else f"role {id_}", permission)


def _requested(service: Any, id_: Any) -> Asked:
    if not isinstance(id_, str) or not isinstance(service, str):
        return Asked("a permission whose id is not known at preview", None)
    permission = PERMISSIONS.get((service.lower(), id_.lower()))
    return Asked(permission.name if permission else f"role {id_} of application {service}", permission)


def _named(name: Any) -> Asked:
    if not isinstance(name, str):
        return Asked("a permission whose name is not known at preview", None)
    return Asked(name, BY_NAME.get(name))
