"""New-, Get- and Remove-DistributionGroup: mail-enabled groups, with or without rights."""

import uuid
from collections.abc import Sequence

from emulator.clock import stamp
from emulator.directory import GROUP_TYPES, distinguished_name, put_group, remove_group
from emulator.exchange.authorization import DISTRIBUTION_GROUPS, READ_GROUPS, SECURITY_GROUPS
from emulator.exchange.cmdlets import Call, cmdlet
from emulator.exchange.errors import access_denied
from emulator.exchange.group_rules import (
    MEMBER_LIMIT,
    alias_of,
    check_restrictions,
    free_address,
    may_write,
    member,
    once,
    owner,
    unique_alias,
    unique_name,
)
from emulator.exchange.identities import asked_for, limited, one
from emulator.exchange.organization import named_by_policy
from emulator.exchange.parameters import BYPASS, CONFIRM, FLAG, NAME, TEXT, Choice, Kind, Text, Texts
from emulator.exchange.recipients import SEARCH
from emulator.exchange.records import shown
from emulator.ids import security_id
from emulator.store import Document

WRITE_GROUPS = frozenset({DISTRIBUTION_GROUPS})

RESTRICTIONS: dict[str, Kind] = {
    "MemberJoinRestriction": Choice(("Open", "Closed", "ApprovalRequired")),
    "MemberDepartRestriction": Choice(("Open", "Closed", "ApprovalRequired")),
}


@cmdlet(
    "New-DistributionGroup",
    WRITE_GROUPS | {SECURITY_GROUPS},
    {
        "Name": NAME,
        "Type": Choice(("Distribution", "Security")),
        "Alias": NAME,
        "DisplayName": Text(256),
        "PrimarySmtpAddress": TEXT,
        "ManagedBy": Texts(),
        "Members": Texts(MEMBER_LIMIT),
        "CopyOwnerToMember": FLAG,
        "Description": Texts(),
        "Notes": TEXT,
        "RequireSenderAuthenticationEnabled": FLAG,
        "HiddenGroupMembershipEnabled": FLAG,
        "BccBlocked": FLAG,
        "IgnoreNamingPolicy": FLAG,
        **RESTRICTIONS,
        **CONFIRM,
    },
    ("Name",),
)
def new_distribution_group(call: Call) -> Sequence[Document]:
    """Make a group; Graph, policies and the other cmdlets know it as soon as replication lets them.

    learn.microsoft.com/powershell/module/exchangepowershell/new-distributiongroup. Not confirmed: whom a
    group made by an app without ManagedBy belongs to. Here it has no owner, so that the write cmdlets need
    BypassSecurityGroupManagerCheck, as they do from an app in any case.
    """
    secures = call.text("Type") == "Security"
    if not secures and DISTRIBUTION_GROUPS not in call.caller.roles:
        raise access_denied(f"{call.cmdlet} -Type Distribution")
    group = {**_names(call), **_kind(secures), **_settings(call, secures)}
    check_restrictions(group)
    put_group(call.store, group)
    call.tenant.made("group", group["ExternalDirectoryObjectId"])
    return [shown(group)]


@cmdlet(
    "Get-DistributionGroup",
    READ_GROUPS,
    {**SEARCH, "IncludeManagedByWithDisplayNames": FLAG},
)
def get_distribution_group(call: Call) -> Sequence[Document]:
    """Mail-enabled groups; owners are object ids (Microsoft365DSC #6769).

    How the names look that IncludeManagedByWithDisplayNames adds is not confirmed.
    """
    named = call.flag("IncludeManagedByWithDisplayNames")
    return [
        shown(group) | {"ManagedByWithDisplayNames": _owners(call, group) if named else []}
        for group in limited(call, asked_for(call, GROUP_TYPES))
    ]


@cmdlet(
    "Remove-DistributionGroup",
    WRITE_GROUPS,
    {"Identity": TEXT, **BYPASS, **CONFIRM},
    ("Identity",),
)
def remove_distribution_group(call: Call) -> Sequence[Document]:
    """Remove a group at once: mail-enabled groups have no recycle bin."""
    group = one(call, call.text("Identity"), GROUP_TYPES)
    may_write(call, group)
    remove_group(call.store, group["ExternalDirectoryObjectId"])
    return []


def _names(call: Call) -> Document:
    asked, shown_as = call.text("Name"), call.text("DisplayName") or call.text("Name")
    if not call.flag("IgnoreNamingPolicy"):
        asked, shown_as = named_by_policy(call.tenant, asked), named_by_policy(call.tenant, shown_as)
    name = unique_name(call, asked)
    alias = unique_alias(call, call.text("Alias") or alias_of(name))
    address = free_address(call, call.text("PrimarySmtpAddress") or f"{alias}@{call.tenant.domain}")
    id_ = str(uuid.uuid4())
    return {
        "Identity": name,
        "Guid": str(uuid.uuid4()),
        "ExternalDirectoryObjectId": id_,
        "Sid": security_id(id_),
        "Name": name,
        "DisplayName": shown_as,
        "DistinguishedName": distinguished_name(call.tenant.domain, name),
        "Alias": alias,
        "PrimarySmtpAddress": address,
        "WindowsEmailAddress": address,
        "EmailAddresses": [f"SMTP:{address}"],
        "WhenCreatedUTC": stamp(call.tenant.clock.now()),
    }


def _kind(secures: bool) -> Document:
    details = "MailUniversalSecurityGroup" if secures else "MailUniversalDistributionGroup"
    return {
        "RecipientType": details,
        "RecipientTypeDetails": details,
        "GroupType": "Universal, SecurityEnabled" if secures else "Universal",
        "IsDirSynced": False,
    }


def _settings(call: Call, secures: bool) -> Document:
    owners = once([owner(call, identity) for identity in call.texts("ManagedBy")])
    members = [member(call, identity) for identity in call.texts("Members")]
    return {
        "ManagedBy": owners,
        "Members": once(members + (owners if call.flag("CopyOwnerToMember") else [])),
        "Description": " ".join(call.texts("Description")),
        "Notes": call.text("Notes"),
        "MemberJoinRestriction": call.text("MemberJoinRestriction") or "Closed",
        "MemberDepartRestriction": call.text("MemberDepartRestriction") or ("Closed" if secures else "Open"),
        "RequireSenderAuthenticationEnabled": call.flag("RequireSenderAuthenticationEnabled", default=True),
        "HiddenGroupMembershipEnabled": call.flag("HiddenGroupMembershipEnabled"),
        "HiddenFromAddressListsEnabled": False,
        "BccBlocked": call.flag("BccBlocked"),
        "AcceptMessagesOnlyFrom": [],
        "AcceptMessagesOnlyFromDLMembers": [],
        "AcceptMessagesOnlyFromSendersOrMembers": [],
        "GrantSendOnBehalfTo": [],
        "MailTip": "",
    }


def _owners(call: Call, group: Document) -> list[str]:
    found = [call.store.get("recipient", id_) for id_ in group["ManagedBy"]]
    return [f"{held['DisplayName']} <{held['PrimarySmtpAddress']}>" for held in found if held is not None]
