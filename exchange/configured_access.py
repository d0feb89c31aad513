"""The proof that Exchange is configured as the code says, asked before every consent and at every refresh."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pulumi
from pulumi.dynamic import Resource

from deployer import current_deployer
from exchange.admin_api import current_exchange
from exchange.consent_waits import consent_waits
from exchange.fingerprint import fingerprint
from exchange.mailbox_kinds import MailboxKind
from exchange.personal_consent import BY_PERSON, to_take_back, too_early
from exchange.proof_inputs import ask_of, deviations
from exchange.provider import Properties, Stopped, TenantProvider, output
from exchange.waiting import waiting
from graph.api import GraphApi, current_graph
from moments import instant


class ConfiguredAccessProvider(TenantProvider):
    """Asks Exchange and Graph whom the application can reach; it changes nothing.

    `findings` is what is not as expected: none in the inputs, so that any finding is drift. The other inputs
    are what the proof hangs on: when one of them changes, it is asked again before consent.
    """

    compared: ClassVar[tuple[str, ...]] = (
        "appId",
        "servicePrincipalObjectId",
        "groups",
        "policyIds",
        "secretPlan",
        "permissions",
        "deniedMailboxes",
        "existing",
        "findings",
    )

    def creates(self, props: Properties) -> tuple[str, Properties]:
        """Prove it, or stop before consent; a person who was quicker is told to take theirs back."""
        if _by_person(props) and (early := too_early(*_asked_of_person(props, props["permissions"]))):
            raise Stopped(early)
        return f"{props['appId']}-configured-access", self._proven(props, {})

    def reads(self, id_: str, props: Properties) -> Properties | None:
        """Ask again; what has changed stands in `findings`."""
        return {**props, "findings": deviations(current_exchange(), current_graph(), props)}

    def updates(self, id_: str, olds: Properties, news: Properties) -> Properties:
        """Prove it again, with the mailboxes of the last time as far as they still serve."""
        dropped = set(olds["permissions"]) - set(news["permissions"])
        if _by_person(news) and (left := to_take_back(*_asked_of_person(news, dropped))):
            raise Stopped(left)
        return self._proven(news, olds)

    def deletes(self, id_: str, props: Properties) -> None:
        """Forget the proof; it left nothing in the tenant."""

    def _proven(self, props: Properties, before: Properties) -> Properties:
        exchange = current_exchange()
        proof = ask_of(exchange, current_graph(), props, before)
        if proof.findings:
            raise Stopped(
                "Exchange does not limit the application as the code says, so nothing more was granted or "
                "handed out: " + "; ".join(proof.findings)
            )
        if proof.superseded:
            raise Stopped(
                waiting(
                    "Microsoft Graph to enforce the new access policy before the superseded one may go",
                    exchange.clock,
                    f"superseded: {', '.join(proof.superseded)}",
                    meanwhile="no other mailbox was opened",
                )
            )
        if props["existing"] and (reason := consent_waits(current_deployer(), current_graph(), props)):
            raise Stopped(reason)
        allowed, refused = list(proof.sample.allowed), list(proof.sample.denied)
        return {
            **props,
            "allowed": allowed,
            "denied": refused,
            "result": {
                **proof.members,
                "policies": proof.policies,
                "allowed": allowed,
                "refused": refused,
                "since": instant(exchange.clock.now()),
            },
        }


def _by_person(props: Mapping[str, Any]) -> bool:
    """States of before this setting do not have it."""
    return props.get("consent") == BY_PERSON


def _asked_of_person(props: Mapping[str, Any], names: Iterable[str]) -> tuple[GraphApi, str, set[str]]:
    """Those of the permissions that an existing application did not hold already."""
    kept = props["existing"].get("acceptedPermissions", ())
    return current_graph(), props["servicePrincipalObjectId"], set(names) - set(kept)


@dataclass(frozen=True)
class ScopeGroup:
    """A group whose mailboxes the application may open; without `members` somebody else decides who is in."""

    object_id: pulumi.Output[str]
    mailboxes: MailboxKind
    members: Sequence[str] | None

    @property
    def inputs(self) -> dict[str, Any]:
        """What the proof compares the tenant with."""
        return {
            "objectId": self.object_id,
            "mailboxes": self.mailboxes.name,
            "membersFingerprint": "" if self.members is None else fingerprint(self.members),
            "memberCount": len(self.members or ()),
        }


class ConfiguredAccess(Resource, module="exchange", name="ConfiguredAccess"):
    """What was asked of Exchange and what it answered."""

    def __init__(  # noqa: PLR0913 - the inputs of the proof
        self,
        resource_name: str,
        *,
        app_id: pulumi.Input[str],
        application_object_id: pulumi.Input[str],
        service_principal_object_id: pulumi.Input[str],
        groups: Sequence[ScopeGroup],
        policy_ids: pulumi.Input[list[str]],
        policies_since: pulumi.Input[dict[str, str]],
        permissions: Sequence[str],
        denied: Sequence[str],
        secret_plan: Sequence[str],
        existing: Mapping[str, Any],
        consent: str,
        opts: pulumi.ResourceOptions,
    ) -> None:
        inputs: dict[str, Any] = {
            "appId": app_id,
            "applicationObjectId": application_object_id,
            "servicePrincipalObjectId": service_principal_object_id,
            "groups": [group.inputs for group in groups],
            "policyIds": policy_ids,
            "policiesSince": policies_since,
            "permissions": sorted(permissions),
            "deniedMailboxes": sorted(address.lower() for address in denied),
            "secretPlan": list(secret_plan),
            # What an existing application may hold besides; empty for one that this stack makes.
            "existing": existing,
            # Who consents after it; another one does not make the proof another.
            "consent": consent,
            "findings": [],
            "allowed": None,
            "denied": None,
            "result": None,
        }
        super().__init__(ConfiguredAccessProvider(), resource_name, inputs, opts)

    @property
    def permissions(self) -> pulumi.Output[list[str]]:
        """The permissions that it was asked for."""
        return pulumi.Output.from_input(output(self, "permissions"))

    @property
    def allowed(self) -> pulumi.Output[list[str]]:
        """Rooms, and a member of the staff group, that were asked for and must be readable."""
        return pulumi.Output.from_input(output(self, "allowed"))

    @property
    def denied(self) -> pulumi.Output[list[str]]:
        """Mailboxes that were asked for and must be refused."""
        return pulumi.Output.from_input(output(self, "denied"))

    @property
    def result(self) -> pulumi.Output[dict[str, Any]]:
        """What was asked, what was answered, and when."""
        return pulumi.Output.from_input(output(self, "result"))
