"""The application access policies of one application, as one resource.

Exchange identifies a policy by tenant, application and group, so a policy that was replaced and reverted is
the same object twice, and an engine that deletes "the old one" opens every mailbox (docs/adr/0001).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import pulumi
from pulumi.dynamic import Resource

from deployer import current_deployer
from exchange import policies
from exchange.admin_api import ExchangeAdmin, current_exchange
from exchange.patience import until_there
from exchange.provider import Properties, TenantProvider, output, tell
from exchange.records import RESTRICT, AccessPolicy
from exchange.superseded import may_go
from moments import instant


class AccessPoliciesProvider(TenantProvider):
    """Restricts one application to groups. It adds first, removes last, and never removes the last one."""

    compared: ClassVar[tuple[str, ...]] = (
        "appId",
        "groupObjectIds",
        "descriptions",
        "accessRights",
        "accepted",
    )

    def problems(self, olds: Properties, news: Properties) -> list[str]:
        """Refuse to restrict the application to nothing: without a policy it reaches every mailbox."""
        return (
            []
            if news["groupObjectIds"]
            else ["without at least one group the application reaches every mailbox"]
        )

    def creates(self, props: Properties) -> tuple[str, Properties]:
        """Add the policies; one that this stack made before it was interrupted is adopted."""
        return f"{props['appId']}-access-policies", self._ensure(props, {}, {})

    def reads(self, id_: str, props: Properties) -> Properties | None:
        """List every RestrictAccess policy of the application, whoever made it: several unite."""
        found = _restricting(current_exchange(), props)
        return _outputs(props, found, props.get("since") or {}) if found else None

    def updates(self, id_: str, olds: Properties, news: Properties) -> Properties:
        """Add what is missing; take away what is superseded once Graph enforces what takes its place.

        Until then the outputs say that both are there, and the proof that follows stops the run.
        """
        # The same group's policy of another application is another policy, of another age.
        same = olds["appId"] == news["appId"]
        since = olds.get("since") if same else None
        if not same:
            tell(
                f"Kept in Exchange: access policies of application {olds['appId']}, which limit it still. "
                "If nobody needs them: Get-ApplicationAccessPolicy, Remove-ApplicationAccessPolicy."
            )
        return self._ensure(news, since or {}, _restricting(current_exchange(), news))

    def deletes(self, id_: str, props: Properties) -> None:
        """Keep the policies: without one the application reaches every mailbox (docs/adr/0002)."""

    def _ensure(
        self, props: Properties, since: Mapping[str, str], found: Mapping[str, AccessPolicy]
    ) -> Properties:
        """Start from the policies `found`. Adding one lists them all, and so does the proof that follows."""
        exchange = current_exchange()
        present, known_since = dict(found), dict(since)
        for group, description in zip(props["groupObjectIds"], props["descriptions"], strict=True):
            if group not in present:
                present |= _add(exchange, props, group, description)
                known_since.pop(group, None)
            elif present[group].description != description:
                policies.describe(exchange, present[group].identity, description)
                present[group] = replace(present[group], description=description)
            # One that was adopted, or made by hand, is there since now at the latest.
            known_since.setdefault(group, instant(exchange.clock.now()))
        superseded = sorted(set(present) - set(props["groupObjectIds"]))
        if superseded and may_go(current_deployer(), props, known_since, superseded):
            # Asking Graph may have taken hours in which somebody removed what was to stay.
            present = _restricting(exchange, props)
            if set(props["groupObjectIds"]) <= set(present):
                for group in set(superseded) & set(present):
                    policies.remove(exchange, present.pop(group).identity)
        return _outputs(props, present, known_since)


def _restricting(exchange: ExchangeAdmin, props: Properties) -> dict[str, AccessPolicy]:
    return _not_accepted(policies.restricting(exchange, props["appId"]), props)


def _add(exchange: ExchangeAdmin, props: Properties, group: str, description: str) -> dict[str, AccessPolicy]:
    # A group made seconds ago may not be known to the part of Exchange that keeps policies.
    added = until_there(exchange.clock, lambda: policies.add(exchange, props["appId"], group, description))
    return _not_accepted(added, props)


def _not_accepted(found: Mapping[str, AccessPolicy], props: Properties) -> dict[str, AccessPolicy]:
    """Without the policies of an existing application that the settings accept: those are left alone.

    One of a group of ours is ours, accepted or not: it may have been made by hand and handed over.
    """
    accepted, ours = props.get("accepted") or (), props["groupObjectIds"]
    return {
        group: policy for group, policy in found.items() if group in ours or policy.identity not in accepted
    }


def _outputs(props: Properties, found: Mapping[str, AccessPolicy], since: Mapping[str, str]) -> Properties:
    ours = [group for group in props["groupObjectIds"] if group in found]
    others = sorted(set(found) - set(ours))
    listed = [found[group] for group in (*ours, *others)]
    return {
        **props,
        "groupObjectIds": [policy.group_object_id for policy in listed],
        "descriptions": [policy.description for policy in listed],
        "accessRights": [policy.access_right for policy in listed],
        "policyIds": [policy.identity for policy in listed],
        "since": {group: moment for group, moment in since.items() if group in found},
    }


class AccessPolicies(Resource, module="exchange", name="AccessPolicies"):
    """All RestrictAccess policies of one application."""

    def __init__(  # noqa: PLR0913 - what the scope hangs on
        self,
        resource_name: str,
        *,
        app_id: pulumi.Input[str],
        application_object_id: pulumi.Input[str],
        service_principal_object_id: pulumi.Input[str],
        group_object_ids: Sequence[pulumi.Input[str]],
        descriptions: Sequence[str],
        accepted: Sequence[str],
        wait_minutes: int,
        mark: str,
        opts: pulumi.ResourceOptions,
    ) -> None:
        inputs: dict[str, Any] = {
            "appId": app_id,
            "applicationObjectId": application_object_id,
            "servicePrincipalObjectId": service_principal_object_id,
            "groupObjectIds": list(group_object_ids),
            "descriptions": list(descriptions),
            "accessRights": [RESTRICT for _ in group_object_ids],
            "waitMinutes": wait_minutes,
            "mark": mark,
            "accepted": list(accepted),
            "policyIds": None,
            "since": None,
        }
        super().__init__(AccessPoliciesProvider(), resource_name, inputs, opts)

    @property
    def since(self) -> pulumi.Output[dict[str, str]]:
        """When each policy was made, by its group's object id; UTC."""
        return pulumi.Output.from_input(output(self, "since"))

    @property
    def policy_ids(self) -> pulumi.Output[list[str]]:
        """Identities of the policies in Exchange."""
        return pulumi.Output.from_input(output(self, "policyIds"))
