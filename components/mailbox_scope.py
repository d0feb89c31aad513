"""The scope: which mailboxes PlaceOS can reach, and the proof that Exchange sees it the same way."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import pulumi

from components import tokens
from exchange import policies
from exchange.access_policies import AccessPolicies
from exchange.configured_access import ConfiguredAccess, ScopeGroup


class MailboxScopeArgs(TypedDict):
    """Arguments of `MailboxScope`."""

    client_id: pulumi.Input[str]
    """The application that is limited."""
    application_object_id: pulumi.Input[str]
    """Object id of the application."""
    service_principal_object_id: pulumi.Input[str]
    """Object id of its service principal, whose grants are part of the proof."""
    groups: Sequence[ScopeGroup]
    """The mail-enabled security groups whose members' mailboxes it may open; one policy each."""
    denied_mailboxes: Sequence[str]
    """Mailboxes that must be refused; empty: ordinary user mailboxes are chosen."""
    permissions: Sequence[str]
    """The Graph permissions that will be granted once the proof holds."""
    enforcement_wait_minutes: int
    """How long one run waits for Microsoft Graph, in minutes, before it stops with WAITING."""
    secret_plan: Sequence[str]
    """The client secrets that are to be: before another one is made, the proof is asked again."""
    existing: Mapping[str, Any]
    """What an application that this stack did not make may hold besides; empty for its own."""
    consent: str
    """Who consents once the proof holds: code, or manual, a person."""
    mark: str
    """The stack's ownership mark, kept in the policies' descriptions."""


class MailboxScope(pulumi.ComponentResource):
    """Application access policies for the groups, and the proof `configuredAccess`."""

    policy_ids: pulumi.Output[list[str]]
    """Identities of the application's RestrictAccess policies in Exchange."""

    def __init__(
        self,
        name: str,
        args: MailboxScopeArgs,
        after: Sequence[pulumi.Resource],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(tokens.MAILBOX_SCOPE, name, {}, opts)
        self.policies = AccessPolicies(
            f"{name}-policies",
            app_id=args["client_id"],
            application_object_id=args["application_object_id"],
            service_principal_object_id=args["service_principal_object_id"],
            group_object_ids=[group.object_id for group in args["groups"]],
            descriptions=[
                policies.description(group.mailboxes.mailboxes, args["mark"]) for group in args["groups"]
            ],
            accepted=args["existing"].get("acceptedPolicies", []),
            wait_minutes=args["enforcement_wait_minutes"],
            mark=args["mark"],
            opts=pulumi.ResourceOptions(parent=self, depends_on=after),
        )
        self.proof = ConfiguredAccess(
            f"{name}-configured-access",
            app_id=args["client_id"],
            application_object_id=args["application_object_id"],
            service_principal_object_id=args["service_principal_object_id"],
            groups=args["groups"],
            policy_ids=self.policies.policy_ids,
            policies_since=self.policies.since,
            permissions=args["permissions"],
            denied=args["denied_mailboxes"],
            secret_plan=args["secret_plan"],
            existing=args["existing"],
            consent=args["consent"],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*after, self.policies]),
        )
        self.policy_ids = self.policies.policy_ids
        self.register_outputs({"policy_ids": self.policy_ids})
