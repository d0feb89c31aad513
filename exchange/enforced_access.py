"""The proof that Microsoft Graph enforces the scope, after which the first secret may leave the process."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pulumi
from pulumi.dynamic import Resource

from deployer import current_deployer
from exchange.policies import LONGEST_DELAY
from exchange.probe import Probe, Question
from exchange.provider import Properties, TenantProvider, output, tell
from exchange.strays import Strays, find_strays
from graph.api import current_graph
from graph.containment import containment_of
from moments import instant, moment

ECHO = timedelta(minutes=35)
"""How long Graph may go on refusing because of a policy that is gone: "up to 30 minutes", and a little more
(https://learn.microsoft.com/powershell/module/exchangepowershell/remove-applicationaccesspolicy)."""


class EnforcedAccessProvider(TenantProvider):
    """Reads one event id of rooms and of mailboxes outside the group, until Graph opens and refuses them.

    Exchange's own answer can be hours ahead of Graph
    (https://learn.microsoft.com/graph/auth-limit-mailbox-access), so Graph is asked. `leftOver` lists the
    credentials of probes that were killed, what azuread made twice, credentials that were added by hand, and
    a containment: none in the inputs, so that any is drift, even after a refresh wrote into the state what
    the containment removed.
    """

    compared: ClassVar[tuple[str, ...]] = (
        "appId",
        "applicationObjectId",
        "policyIds",
        "policiesSince",
        "secretPlan",
        "permissions",
        "allowed",
        "denied",
        "leftOver",
    )

    def problems(self, olds: Properties, news: Properties) -> list[str]:
        """Refuse a question that proves nothing."""
        return [f"there is no {key} mailbox to ask for" for key in ("allowed", "denied") if news[key] == []]

    def creates(self, props: Properties) -> tuple[str, Properties]:
        """Wait for Graph, or stop with WAITING before any secret exists."""
        return f"{props['appId']}-enforced-access", self._enforced(props, "nothing usable exists")

    def reads(self, id_: str, props: Properties) -> Properties | None:
        """Look for what was left over; asking Graph again would take a credential."""
        of_probes = [f"the credential {key_id} of a killed probe" for key_id in _probe(props).left_over()]
        strays = _strays(props)
        found = [*_contained(props), *of_probes, *strays.made_twice, *strays.by_hand]
        return {**props, "leftOver": found}

    def updates(self, id_: str, olds: Properties, news: Properties) -> Properties:
        """Ask again when the scope, the permissions or the mailboxes asked for changed."""
        return self._enforced(news, "nothing new was handed out")

    def deletes(self, id_: str, props: Properties) -> None:
        """Remove what killed probes left; else there is nothing in the tenant."""
        _probe(props).remove_left_over()

    def _enforced(self, props: Properties, meanwhile: str) -> Properties:
        question = Question(allowed=tuple(props["allowed"]), denied=tuple(props["denied"]))
        since = _probe(props).wait_until(
            question, timedelta(minutes=props["waitMinutes"]), meanwhile, echo_until=_echo_until(props)
        )
        strays = _strays(props)
        if strays.made_twice:
            tell(
                "Left by a request that had to be repeated, and in no state: "
                f"{'; '.join(strays.made_twice)}. "
                "Nobody can use it. Run roomctl recover, which prints its removal."
            )
        if strays.by_hand:
            tell(
                "Not of this code's making, and as good as PlaceOS's own secret: "
                f"{'; '.join(strays.by_hand)}. Find out who uses it, and remove it in Entra."
            )
        return {
            **props,
            "leftOver": [*strays.made_twice, *strays.by_hand],
            "result": {
                "allowed": list(question.allowed),
                "refused": list(question.denied),
                "permissions": props["permissions"],
                "since": instant(since),
            },
        }


def _echo_until(props: Mapping[str, Any]) -> datetime | None:
    """Until when a policy that was removed before these were made may be what refuses.

    None when one of them is surely in force: then that one refuses.
    """
    made = [moment(since) for since in props["policiesSince"].values()]
    if not made or current_deployer().clock.now() - min(made) >= LONGEST_DELAY:
        return None
    return max(made) + ECHO


def _contained(props: Mapping[str, Any]) -> list[str]:
    found = containment_of(current_graph(), props["applicationObjectId"])
    return [f"contained since {found.since} by {found.by}"] if found else []


def _strays(props: Mapping[str, Any]) -> Strays:
    return find_strays(current_graph(), props["applicationObjectId"], props["mark"])


def _probe(props: Mapping[str, Any]) -> Probe:
    return Probe(
        deployer=current_deployer(),
        graph=current_graph(),
        application_object_id=props["applicationObjectId"],
        client_id=props["appId"],
        mark=props["mark"],
    )


class EnforcedAccess(Resource, module="exchange", name="EnforcedAccess"):
    """What was asked of Microsoft Graph, what it answered, and since when."""

    def __init__(  # noqa: PLR0913 - the inputs of the proof
        self,
        resource_name: str,
        *,
        app_id: pulumi.Input[str],
        application_object_id: pulumi.Input[str],
        policy_ids: pulumi.Input[list[str]],
        policies_since: pulumi.Input[dict[str, str]],
        secret_plan: Sequence[str],
        permissions: pulumi.Input[list[str]],
        allowed: pulumi.Input[list[str]],
        denied: pulumi.Input[list[str]],
        wait_minutes: int,
        mark: str,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__(
            EnforcedAccessProvider(),
            resource_name,
            {
                "appId": app_id,
                "applicationObjectId": application_object_id,
                "policyIds": policy_ids,
                # A policy that was removed by hand and made anew has the same id and is not in force yet.
                "policiesSince": policies_since,
                "secretPlan": list(secret_plan),
                "permissions": permissions,
                "allowed": allowed,
                "denied": denied,
                "waitMinutes": wait_minutes,
                "mark": mark,
                "leftOver": [],
                "result": None,
            },
            opts,
        )

    @property
    def result(self) -> pulumi.Output[dict[str, Any]]:
        """What was asked, what was answered, and since when."""
        return pulumi.Output.from_input(output(self, "result"))
