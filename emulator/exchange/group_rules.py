"""What holds for every group: unique names and addresses, who may own it, be in it, and write it."""

import re

from emulator.directory import MAILBOX_TYPES, addresses
from emulator.exchange.cmdlets import Call
from emulator.exchange.errors import (
    address_taken,
    already_exists,
    bad_value,
    not_manager,
    refused,
    synced,
    unsuitable,
)
from emulator.exchange.identities import one
from emulator.exchange.organization import must_be_accepted
from emulator.exchange.records import SECURITY_PRINCIPALS
from emulator.store import Document

MEMBER_LIMIT = 10_000

# learn.microsoft.com/powershell/module/exchangepowershell/add-distributiongroupmember, parameter Member
MEMBER_TYPES = MAILBOX_TYPES | {
    "MailUser",
    "MailContact",
    "MailUniversalDistributionGroup",
    "MailUniversalSecurityGroup",
}
SENDER_TYPES = MEMBER_TYPES | {"DynamicDistributionGroup"}

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_ALIAS = re.compile(r"[\w!#$%&'*+\-/=?^`{|}~]+(\.[\w!#$%&'*+\-/=?^`{|}~]+)*")
_NOT_OF_ALIAS = re.compile(r"[^\w!#$%&'*+\-/=?^`{|}~.]")


def may_write(call: Call, group: Document) -> None:
    """CmdletError for a group that is mastered on premises, or that the caller neither owns nor bypasses.

    An app is never an owner, as owners are mailboxes, mail users or groups.
    """
    if group.get("IsDirSynced"):
        raise synced(group["Identity"], call.cmdlet)
    if not call.flag("BypassSecurityGroupManagerCheck"):
        raise not_manager()


def is_security_group(group: Document) -> bool:
    """Whether permissions can be given to the group."""
    return bool(group["RecipientTypeDetails"] == "MailUniversalSecurityGroup")


def unique_name(call: Call, name: str, own_id: str = "") -> str:
    """The name, if no other group has it; CmdletError otherwise. `own_id` is the group that may."""
    return _unique(call, "Name", name, own_id)


def unique_alias(call: Call, alias: str, own_id: str = "") -> str:
    """The alias, if it is well formed and nobody else's; CmdletError otherwise."""
    if _ALIAS.fullmatch(alias) is None:
        raise bad_value("Alias", f'"{alias}" is not valid for Alias.')
    return _unique(call, "Alias", alias, own_id)


def alias_of(name: str) -> str:
    """The alias that Exchange makes of a name: without spaces, unsupported characters as question marks."""
    return _NOT_OF_ALIAS.sub("?", name.replace(" ", ""))


def free_address(call: Call, address: str, own_id: str = "") -> str:
    """The address, if it is well formed, in one of the tenant's domains and free; CmdletError otherwise."""
    if _ADDRESS.fullmatch(address) is None:
        raise bad_value("PrimarySmtpAddress", f'"{address}" is not a valid SMTP address.')
    must_be_accepted(call.tenant, address)
    for holder in call.directory.find(address):
        if holder["ExternalDirectoryObjectId"] != own_id and address.lower() in addresses(holder):
            raise address_taken(address, holder["Identity"])
    return address


def owner(call: Call, identity: str) -> str:
    """The object id of an owner: a mailbox of a person, a mail user or a mail-enabled security group.

    That shared and room mailboxes are refused ("a mail-enabled security principal") is not confirmed.
    """
    return _of_type(call, identity, SECURITY_PRINCIPALS, "ManagedBy: an owner must be a security principal")


def member(call: Call, identity: str) -> str:
    """The object id of a recipient that can be in a group."""
    return _of_type(call, identity, MEMBER_TYPES, "a member of a group")


def sender(call: Call, identity: str) -> str:
    """The object id of a recipient that a group can accept mail from."""
    return _of_type(call, identity, SENDER_TYPES, "a sender to a group")


def check_restrictions(group: Document) -> None:
    """CmdletError when people could join or leave a security group by themselves; text unconfirmed."""
    for restriction in ("MemberJoinRestriction", "MemberDepartRestriction"):
        if is_security_group(group) and group[restriction] == "Open":
            raise refused(
                f"{restriction}: the value Open can't be used on universal security groups.",
                f"{restriction}: der Wert Open ist für universelle Sicherheitsgruppen nicht zulässig.",
            )


def once(ids: list[str]) -> list[str]:
    """The ids without repetitions."""
    return list(dict.fromkeys(ids))


def _of_type(call: Call, identity: str, types: frozenset[str], purpose: str) -> str:
    recipient = one(call, identity)
    if recipient["RecipientTypeDetails"] not in types:
        raise unsuitable(recipient["Identity"], recipient["RecipientTypeDetails"], purpose)
    return str(recipient["ExternalDirectoryObjectId"])


def _unique(call: Call, property_: str, value: str, own_id: str) -> str:
    for holder in call.directory.find(value):
        same = holder[property_].lower() == value.lower()
        if same and holder["ExternalDirectoryObjectId"] != own_id:
            raise already_exists(holder["DistinguishedName"])
    return value
