"""The scope: which mailboxes PlaceOS can reach, and the proof that Exchange sees it the same way."""

from collections.abc import Sequence
from typing import TypedDict

import pulumi

from components import tokens
from exchange.access_policies import AccessPolicies
from exchange.configured_access import ConfiguredAccess


class MailboxScopeArgs(TypedDict):
    """Arguments of `MailboxScope`."""

    client_id: pulumi.Input[str]
    """The application that is limited."""
    application_object_id: pulumi.Input[str]
    """Object id of the application."""
    service_principal_object_id: pulumi.Input[str]
    """Object id of its service principal, whose grants are part of the proof."""
    group_object_id: pulumi.Input[str]
    """The mail-enabled security group that holds the rooms."""
    member_addresses: Sequence[str]
    """Who must be in the group, and nobody else."""
    denied_mailboxes: Sequence[str]
    """Mailboxes that must be refused; empty: ordinary user mailboxes are chosen."""
    permissions: Sequence[str]
    """The Graph permissions that will be granted once the proof holds."""
    enforcement_wait_minutes: int
    """How long one run waits for Microsoft Graph, in minutes, before it stops with WAITING."""
    secret_plan: Sequence[str]
    """The client secrets that are to be: before another one is made, the proof is asked again."""
    mark: str
    """The stack's ownership mark, kept in the policy's description."""


class MailboxScope(pulumi.ComponentResource):
    """Application access policy for the group, and the proof `configuredAccess`."""

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
            group_object_ids=[args["group_object_id"]],
            description=f"Restrict PlaceOS to its room mailboxes. {args['mark']}",
            wait_minutes=args["enforcement_wait_minutes"],
            mark=args["mark"],
            opts=pulumi.ResourceOptions(parent=self, depends_on=after),
        )
        self.proof = ConfiguredAccess(
            f"{name}-configured-access",
            app_id=args["client_id"],
            service_principal_object_id=args["service_principal_object_id"],
            group_object_ids=[args["group_object_id"]],
            policy_ids=self.policies.policy_ids,
            permissions=args["permissions"],
            members=args["member_addresses"],
            denied=args["denied_mailboxes"],
            secret_plan=args["secret_plan"],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*after, self.policies]),
        )
        self.policy_ids = self.policies.policy_ids
        self.register_outputs({"policy_ids": self.policy_ids})
