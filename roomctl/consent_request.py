"""What a person has to do about the consents of a stack with `consent: manual`, and whether it is time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import permissions
from exchange.admin_api import ExchangeAdmin
from exchange.other_grants import held_already
from exchange.proof_inputs import deviations
from graph.api import GraphApi
from permissions import Permission


class Todo(StrEnum):
    """What a person has to do."""

    NOTHING = "nothing"
    CONSENT = "consent"
    TAKE_BACK = "take back"
    NOT_YET = "not yet"


@dataclass(frozen=True)
class ConsentRequest:
    """`permissions` are those that it is about, `granted` the names of those that are granted.

    `run` is the command that leads on, without the stack; "" where a person has to do something first.
    """

    todo: Todo
    why: str
    permissions: tuple[Permission, ...]
    granted: Collection[str]
    run: str = ""


def consent_request(
    exchange: ExchangeAdmin,
    graph: GraphApi,
    service_principal_id: str,
    asked: Collection[str],
    proof: Mapping[str, Any],
) -> ConsentRequest:
    """What is to be done about the permissions `asked`, by name.

    `proof` is what the engine recorded of it; empty when it never was. It is asked again before a person is
    sent to consent. Raises a WireError when it could not look.
    """
    proven = set(proof.get("permissions", ())) - set(_kept(proof))
    held = held_already(graph, service_principal_id, {*asked, *proven})

    def request(todo: Todo, why: str, names: Collection[str] = asked, *, run: str = "") -> ConsentRequest:
        return ConsentRequest(todo, why, tuple(permissions.find(name) for name in sorted(names)), held, run)

    if not proof and held:
        return request(Todo.TAKE_BACK, "It was given before Exchange was proven to limit PlaceOS.", held)
    if dropped := held - set(asked):
        return request(Todo.TAKE_BACK, "The code does not ask for it any more.", dropped)
    if not proof or set(asked) - proven:
        why = "The access policy is not proven for it yet; the run says when it is."
        return request(Todo.NOT_YET, why, run="pulumi up")
    if found := deviations(exchange, graph, proof):
        why = f"Exchange does not limit the application as the code says: {'; '.join(found)}."
        return request(Todo.NOT_YET, why, run="pulumi up --refresh")
    if set(asked) - held:
        return request(Todo.CONSENT, "The access policy is proven, and the run waits for this.")
    why = "Everything is consented to, and a run that waited can go on."
    return request(Todo.NOTHING, why, run="pulumi up")


def _kept(proof: Mapping[str, Any]) -> Collection[str]:
    """What an existing application held before, which is nobody's to consent to."""
    found: Collection[str] = proof.get("existing", {}).get("acceptedPermissions", ())
    return found
