"""Exchange's answers as frozen records: the one place that folds case, ids and order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from wire import Invalid

Wire = Mapping[str, Any]

RESTRICT = "RestrictAccess"
DENY = "DenyAccess"
_RIGHTS = {right.casefold(): right for right in (RESTRICT, DENY)}
ROOM_TYPES = ("RoomMailbox", "EquipmentMailbox")


@dataclass(frozen=True)
class AccessPolicy:
    """An application access policy: one app, one group, one right.

    app_id: the client id in lower case, or "*" for every app.
    group_object_id: the group's Entra object id in lower case; "" when the answer does not tell it.
    identity: what Exchange removes and changes it by; the same for the same tenant, app and group.
    """

    identity: str
    app_id: str
    group_object_id: str
    access_right: str
    description: str

    @classmethod
    def of(cls, record: Wire) -> Self:
        """From Get- or New-ApplicationAccessPolicy."""
        identity = required(record, "Identity", "access policy")
        # "<SID>;<object id>" in both places: New-ApplicationAccessPolicy's example on learn.microsoft.com
        scope = str(record.get("ScopeIdentityRaw") or identity)
        right = required(record, "AccessRight", "access policy")
        return cls(
            identity=identity,
            app_id=required(record, "AppId", "access policy").lower(),
            group_object_id=scope.rpartition(";")[2].lower() if ";" in scope else "",
            access_right=_RIGHTS.get(right.casefold(), right),
            description=str(record.get("Description") or ""),
        )

    def names(self, app_id: str) -> bool:
        """Whether the policy has a say over this app."""
        return self.app_id in ("*", app_id.lower())


@dataclass(frozen=True)
class Recipient:
    """Whatever has an address: a room, a person, a group.

    object_id: the Entra object id in lower case, Exchange's own Guid for what Entra does not know.
    address: the primary SMTP address in lower case; "" for a group member without a mailbox.
    name: the display name. common_name: Exchange's Name, which is unique. alias: Exchange's alias; "" where
    it was not asked for.
    addresses: all SMTP addresses in lower case, the secondary ones too.
    """

    object_id: str
    address: str
    name: str
    type_details: str
    is_synced: bool = False
    alias: str = ""
    common_name: str = ""
    addresses: frozenset[str] = frozenset()

    @classmethod
    def of(cls, record: Wire) -> Self:
        """From Get-Recipient, Get-Mailbox or Get-DistributionGroupMember."""
        return cls(
            object_id=_object_id(record),
            address=str(record.get("PrimarySmtpAddress") or "").lower(),
            name=str(record.get("DisplayName") or record.get("Name") or ""),
            type_details=str(record.get("RecipientTypeDetails") or record.get("RecipientType") or ""),
            is_synced=record.get("IsDirSynced") is True,
            alias=str(record.get("Alias") or ""),
            common_name=str(record.get("Name") or ""),
            addresses=_addresses(record),
        )

    @property
    def is_room(self) -> bool:
        """Whether it is a room or equipment mailbox."""
        return self.type_details in ROOM_TYPES

    @property
    def is_mailbox(self) -> bool:
        """Whether it is a mailbox in Exchange Online, and not that of a Microsoft 365 group."""
        return self.type_details.endswith("Mailbox") and self.type_details != "GroupMailbox"


@dataclass(frozen=True)
class SecurityGroup:
    """A group in Exchange, as far as this product manages it.

    owners, accepted_senders, on_behalf (who may send in the group's name): addresses in lower case, sorted;
    what can't be resolved stays as it is.
    join, depart: Exchange's words "Closed", "Open", "ApprovalRequired".
    recipient_type: Exchange's RecipientTypeDetails.
    """

    object_id: str
    guid: str
    name: str
    alias: str
    address: str
    owners: tuple[str, ...]
    hidden: bool
    join: str
    depart: str
    require_sender_auth: bool
    accepted_senders: tuple[str, ...]
    notes: str
    recipient_type: str
    is_synced: bool
    on_behalf: tuple[str, ...] = ()

    @classmethod
    def of(cls, record: Wire, notes: str, addresses: Mapping[str, str]) -> Self:
        """From Get-DistributionGroup, the notes of Get-Group, and the addresses of the ids that it names."""

        def resolved(key: str) -> tuple[str, ...]:
            return tuple(sorted(addresses.get(name, name) for name in identities(record, key)))

        return cls(
            object_id=_object_id(record),
            guid=str(record.get("Guid") or "").lower(),
            name=required(record, "Name", "group"),
            alias=str(record.get("Alias") or ""),
            address=required(record, "PrimarySmtpAddress", "group").lower(),
            owners=resolved("ManagedBy"),
            hidden=record.get("HiddenFromAddressListsEnabled") is True,
            join=str(record.get("MemberJoinRestriction") or ""),
            depart=str(record.get("MemberDepartRestriction") or ""),
            require_sender_auth=record.get("RequireSenderAuthenticationEnabled") is True,
            accepted_senders=resolved("AcceptMessagesOnlyFromSendersOrMembers"),
            notes=notes,
            recipient_type=required(record, "RecipientTypeDetails", "group"),
            is_synced=record.get("IsDirSynced") is True,
            on_behalf=resolved("GrantSendOnBehalfTo"),
        )

    @property
    def is_mail_enabled_security(self) -> bool:
        """Whether an access policy accepts it as its scope."""
        return self.recipient_type == "MailUniversalSecurityGroup"


def identities(record: Wire, key: str) -> tuple[str, ...]:
    """The recipients that a property names, in lower case: ids, names or addresses, as Exchange likes."""
    return tuple(name.lower() for name in texts(record, key))


def texts(record: Wire, key: str) -> tuple[str, ...]:
    """The values of a property that may have several: a text by itself is one."""
    value = record.get(key) or ()
    return tuple(map(str, [value] if isinstance(value, str) else value))


def _addresses(record: Wire) -> frozenset[str]:
    proxies = [str(proxy).lower().partition(":") for proxy in record.get("EmailAddresses") or ()]
    primary = str(record.get("PrimarySmtpAddress") or "").lower()
    return frozenset({address for kind, _, address in proxies if kind == "smtp"} | {primary} - {""})


def _object_id(record: Wire) -> str:
    value = record.get("ExternalDirectoryObjectId") or required(record, "Guid", "recipient")
    return str(value).lower()


def required(record: Wire, key: str, kind: str) -> str:
    """The property, of what is called `kind`; Invalid when the answer does not tell it."""
    value = record.get(key)
    if not value:
        raise Invalid(
            "Exchange",
            f"reading an answer about {kind} {record.get('Identity') or record.get('Name') or '?'}",
            f"{key} is missing",
            advice="Nothing was changed on the strength of it.",
        )
    return str(value)
