"""PlaceOS room booking on Microsoft 365: the whole, in the order that keeps it closed."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi

from components import tokens
from components.admin_consent import AdminConsent
from components.app_registration import AppRegistration
from components.client_secret import ClientSecret
from components.existing_application import ExistingApplication, ExistingApplicationArgs
from components.existing_staff_group import ExistingStaffGroup, ExistingStaffGroupArgs
from components.key_vault_secret import KeyVaultArgs, KeyVaultSecret
from components.mailbox_scope import MailboxScope
from components.room_group import RoomGroup
from components.secret_slots import SecretSlots
from components.staff_group import StaffGroup, StaffGroupArgs
from exchange.configured_access import ScopeGroup
from exchange.consent_by_person import ConsentByPerson
from exchange.enforced_access import EnforcedAccess
from exchange.mailbox_kinds import ROOMS, STAFF
from exchange.personal_consent import BY_PERSON
from moments import instant


class RoomCalendarAccessArgs(TypedDict):
    """Arguments of `RoomCalendarAccess`."""

    application_name: str
    """Name of the application in Entra."""
    application_owners: Sequence[pulumi.Input[str]]
    """Object ids of the application's owners."""
    permissions: Sequence[str]
    """Names of the Graph application permissions that PlaceOS needs."""
    consent: str
    """Who consents to them: code, or manual, a person whom the run waits for."""
    consented_by_code: Sequence[str]
    """Those whose consents are in the state: once a person consents, the run takes them away at its end."""
    group_name: str
    """Name of the room group."""
    group_alias: str
    """Exchange alias of the room group."""
    group_address: str
    """Address of the room group."""
    group_owner: str
    """Address of the administrator who owns the group."""
    rooms: Mapping[str, str]
    """Room mailbox addresses and the rooms' names."""
    staff: StaffGroupArgs | ExistingStaffGroupArgs | None
    """People whose mailboxes PlaceOS may open beside the rooms': in a group of this stack, or the address of
    one that somebody else keeps."""
    existing_application: ExistingApplicationArgs | None
    """An application to take in place of a new one."""
    denied_mailboxes: Sequence[str]
    """Mailboxes that must be refused; empty: ordinary user mailboxes are chosen."""
    allow_removals: int
    """How many rooms this run may take out of the group, if that is more than max(5, 5 %)."""
    enforcement_wait_minutes: int
    """How long one run waits for Microsoft Graph, in minutes."""
    secret_slots: SecretSlots
    """When the client secrets end."""
    key_vault: KeyVaultArgs | None
    """A key vault into which the current secret is written, too."""
    mark: str
    """The stack's ownership mark."""
    protect: bool
    """Refuse to delete the application and the group."""


class RoomCalendarAccess(pulumi.ComponentResource):
    """Identity, group, scope, proof, consent, enforcement, secret: each waits for the one before.

    No credential leaves the process until Microsoft Graph itself refuses mailboxes outside the group.
    """

    def __init__(
        self, name: str, args: RoomCalendarAccessArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(tokens.ROOM_CALENDAR_ACCESS, name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        secret_plan = [f"{one.number} until {instant(one.end)}" for one in args["secret_slots"].secrets]
        self.identity = _identity(name, args, child)
        self.rooms = RoomGroup(
            f"{name}-rooms",
            {
                "group_name": args["group_name"],
                "alias": args["group_alias"],
                "address": args["group_address"],
                "owner": args["group_owner"],
                "members": args["rooms"],
                "allow_removals": args["allow_removals"],
                "mark": args["mark"],
                "protect": args["protect"],
            },
            after=[self.identity],
            opts=child,
        )
        self.staff = _staff(f"{name}-staff", args["staff"], after=[self.identity], opts=child)
        groups = [ScopeGroup(self.rooms.object_id, ROOMS, list(args["rooms"]))]
        if self.staff:
            groups.append(ScopeGroup(self.staff.object_id, STAFF, _members(args["staff"])))
        self.scope = MailboxScope(
            f"{name}-scope",
            {
                "client_id": self.identity.client_id,
                "application_object_id": self.identity.application_object_id,
                "service_principal_object_id": self.identity.service_principal_object_id,
                "groups": groups,
                "denied_mailboxes": args["denied_mailboxes"],
                "permissions": args["permissions"],
                "enforcement_wait_minutes": args["enforcement_wait_minutes"],
                "secret_plan": secret_plan,
                "existing": _accepted(args["existing_application"]),
                "consent": args["consent"],
                "mark": args["mark"],
            },
            after=[self.rooms, *([self.staff] if self.staff else [])],
            opts=child,
        )
        self.consent = _consent(f"{name}-consent", args, self.identity, self.scope, self)
        self.enforced = self._enforcement(f"{name}-enforced-access", args, secret_plan)
        self.secret = ClientSecret(
            f"{name}-secret",
            {"application_id": self.identity.application_id, "slots": args["secret_slots"]},
            after=[self.scope, self.consent, self.enforced],
            opts=child,
        )
        self.key_vault = self._in_key_vault(f"{name}-key-vault", args, child)
        self.register_outputs({})

    def _enforcement(
        self, name: str, args: RoomCalendarAccessArgs, secret_plan: Sequence[str]
    ) -> EnforcedAccess:
        return EnforcedAccess(
            name,
            app_id=self.identity.client_id,
            application_object_id=self.identity.application_object_id,
            policy_ids=self.scope.policy_ids,
            policies_since=self.scope.policies.since,
            secret_plan=secret_plan,
            permissions=self.consent.granted,
            allowed=self.scope.proof.allowed,
            denied=self.scope.proof.denied,
            wait_minutes=args["enforcement_wait_minutes"],
            mark=args["mark"],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self.scope, self.consent]),
        )

    def _in_key_vault(
        self, name: str, args: RoomCalendarAccessArgs, opts: pulumi.ResourceOptions
    ) -> KeyVaultSecret | None:
        if args["key_vault"] is None:
            return None
        return KeyVaultSecret(
            name,
            {
                "where": args["key_vault"],
                "value": self.secret.value,
                "client_id": self.identity.client_id,
                "key_id": self.secret.key_id,
                "slots": args["secret_slots"],
                "mark": args["mark"],
            },
            after=[self.scope, self.consent, self.enforced, self.secret],
            opts=opts,
        )


def _identity(
    name: str, args: RoomCalendarAccessArgs, opts: pulumi.ResourceOptions
) -> AppRegistration | ExistingApplication:
    if args["existing_application"]:
        return ExistingApplication(f"{name}-identity", args["existing_application"], opts=opts)
    return AppRegistration(
        f"{name}-identity",
        {
            "display_name": args["application_name"],
            "owners": args["application_owners"],
            "permissions": args["permissions"],
            "mark": args["mark"],
            "protect": args["protect"],
        },
        opts=opts,
    )


def _consent(
    name: str,
    args: RoomCalendarAccessArgs,
    identity: AppRegistration | ExistingApplication,
    scope: MailboxScope,
    parent: pulumi.Resource,
) -> AdminConsent | ConsentByPerson:
    kept = _accepted(args["existing_application"]).get("acceptedPermissions", [])
    if args["consent"] == BY_PERSON:
        return ConsentByPerson(
            f"{name}-by-person",
            app_id=identity.client_id,
            service_principal_object_id=identity.service_principal_object_id,
            permissions=args["permissions"],
            kept=kept,
            taken_away=args["consented_by_code"],
            application_stays=args["existing_application"] is not None,
            opts=pulumi.ResourceOptions(parent=parent, depends_on=[scope]),
        )
    return AdminConsent(
        name,
        {
            "service_principal_object_id": identity.service_principal_object_id,
            "permissions": args["permissions"],
            "proven": scope.proof.permissions,
            "kept": kept,
        },
        after=[scope],
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _accepted(application: ExistingApplicationArgs | None) -> dict[str, list[str]]:
    if application is None:
        return {}
    return {
        "acceptedPermissions": application["accepted_permissions"],
        "acceptedPolicies": application["accepted_policies"],
    }


def _staff(
    name: str,
    staff: StaffGroupArgs | ExistingStaffGroupArgs | None,
    after: Sequence[pulumi.Resource],
    opts: pulumi.ResourceOptions,
) -> StaffGroup | ExistingStaffGroup | None:
    if staff is None:
        return None
    if "members" in staff:
        return StaffGroup(name, staff, after=after, opts=opts)
    return ExistingStaffGroup(name, staff, after=after, opts=opts)


def _members(staff: StaffGroupArgs | ExistingStaffGroupArgs | None) -> list[str] | None:
    return list(staff["members"]) if staff and "members" in staff else None
