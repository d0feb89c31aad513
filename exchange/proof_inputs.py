"""From the inputs of the proof, as the engine records them, to the question that is asked."""

from collections.abc import Mapping
from typing import Any

from exchange.admin_api import ExchangeAdmin
from exchange.mailbox_kinds import KINDS
from exchange.scope_proof import Expected, ExpectedGroup, Proof, Sample, ask
from graph.api import GraphApi


def ask_of(
    exchange: ExchangeAdmin, graph: GraphApi, props: Mapping[str, Any], before: Mapping[str, Any]
) -> Proof:
    """Ask whether the tenant is as `props` say; `before` is what was recorded the last time, or empty."""
    existing = props["existing"]
    return ask(
        exchange,
        graph,
        Expected(
            app_id=props["appId"],
            service_principal_object_id=props["servicePrincipalObjectId"],
            groups=tuple(_expected_group(group) for group in props["groups"]),
            # A permission that is taken away is still granted here: the engine deletes after it updates.
            permissions=(*props["permissions"], *before.get("permissions", ())),
            ask_denied=tuple(props["deniedMailboxes"]),
            exclusive=not existing,
            accepted_permissions=tuple(existing.get("acceptedPermissions", ())),
            accepted_policies=tuple(existing.get("acceptedPolicies", ())),
        ),
        Sample(allowed=tuple(before.get("allowed") or ()), denied=tuple(before.get("denied") or ())),
    )


def deviations(exchange: ExchangeAdmin, graph: GraphApi, props: Mapping[str, Any]) -> list[str]:
    """What has changed since the proof whose outputs `props` are."""
    proof = ask_of(exchange, graph, props, props)
    return [
        *proof.findings,
        *(f"policy {identity} is not the code's" for identity in proof.superseded),
    ]


def _expected_group(group: Mapping[str, Any]) -> ExpectedGroup:
    return ExpectedGroup(
        object_id=group["objectId"],
        kind=KINDS[group["mailboxes"]],
        members_fingerprint=group["membersFingerprint"],
        member_count=int(group["memberCount"]),
    )
