"""Set-DistributionGroup, Get-Group and Set-Group: what of a group can be changed, and its notes."""

from collections.abc import Callable, Sequence

from emulator.directory import GROUP_TYPES, distinguished_name, put_group
from emulator.exchange.authorization import READ_GROUPS
from emulator.exchange.cmdlets import Call, cmdlet
from emulator.exchange.distribution_groups import RESTRICTIONS, WRITE_GROUPS
from emulator.exchange.errors import bad_value, refused
from emulator.exchange.group_rules import (
    check_restrictions,
    free_address,
    may_write,
    once,
    owner,
    sender,
    unique_alias,
    unique_name,
)
from emulator.exchange.identities import asked_for, limited, one
from emulator.exchange.organization import named_by_policy
from emulator.exchange.parameters import BYPASS, CONFIRM, FLAG, NAME, TEXT, Change, Changes, Kind, Text, Texts
from emulator.exchange.recipients import SEARCH
from emulator.exchange.records import as_group
from emulator.store import Document

_TEXTS: dict[str, Kind] = {
    "DisplayName": Text(256),
    "MailTip": TEXT,
    **{f"CustomAttribute{number}": Text(1024) for number in range(1, 16)},
}
_FLAGS = dict.fromkeys(
    ["HiddenFromAddressListsEnabled", "RequireSenderAuthenticationEnabled", "BccBlocked"], FLAG
)
_FROM = "AcceptMessagesOnlyFrom"
_FROM_MEMBERS = "AcceptMessagesOnlyFromDLMembers"
_FROM_BOTH = "AcceptMessagesOnlyFromSendersOrMembers"
_LISTS: dict[str, Callable[[Call, str], str]] = {
    "ManagedBy": owner,
    "GrantSendOnBehalfTo": sender,
    _FROM: sender,
    _FROM_MEMBERS: sender,
    _FROM_BOTH: sender,
}


@cmdlet(
    "Set-DistributionGroup",
    WRITE_GROUPS,
    {
        "Identity": TEXT,
        "Name": NAME,
        "Alias": NAME,
        "PrimarySmtpAddress": TEXT,
        "EmailAddresses": Changes(),
        "Description": Texts(),
        "IgnoreNamingPolicy": FLAG,
        **_TEXTS,
        **_FLAGS,
        **dict.fromkeys(_LISTS, Changes()),
        **RESTRICTIONS,
        **BYPASS,
        **CONFIRM,
    },
    ("Identity",),
)
def set_distribution_group(call: Call) -> Sequence[Document]:
    """Change a group's settings; a warning when that changes nothing.

    learn.microsoft.com/powershell/module/exchangepowershell/set-distributiongroup
    """
    before = one(call, call.text("Identity"), GROUP_TYPES)
    may_write(call, before)
    group = before | {name: call.parameters[name] for name in call.parameters if name in _PLAIN}
    if "Description" in call.parameters:
        group["Description"] = " ".join(call.texts("Description"))
    _rename(call, group)
    _address(call, group)
    _lists(call, group)
    check_restrictions(group)
    _keep(call, before, group)
    return []


@cmdlet("Get-Group", READ_GROUPS, SEARCH)
def get_group(call: Call) -> Sequence[Document]:
    """Groups with their notes and members, but without mail settings."""
    return [as_group(group) for group in limited(call, asked_for(call, GROUP_TYPES))]


@cmdlet(
    "Set-Group",
    WRITE_GROUPS,
    {"Identity": TEXT, "Notes": TEXT, "DisplayName": Text(256), **BYPASS, **CONFIRM},
    ("Identity",),
)
def set_group(call: Call) -> Sequence[Document]:
    """Change a group's notes or display name.

    learn.microsoft.com/powershell/module/exchangepowershell/set-group
    """
    before = one(call, call.text("Identity"), GROUP_TYPES)
    may_write(call, before)
    given = {name: call.text(name) for name in ("Notes", "DisplayName") if name in call.parameters}
    _keep(call, before, before | given)
    return []


_PLAIN = frozenset({*_TEXTS, *_FLAGS, *RESTRICTIONS})


def _keep(call: Call, before: Document, group: Document) -> None:
    if group == before:
        call.warnings.append(
            f"The command completed successfully but no settings of '{group['Identity']}' have been modified."
        )
    put_group(call.store, group)


def _rename(call: Call, group: Document) -> None:
    own_id = group["ExternalDirectoryObjectId"]
    for name in {"Name", "DisplayName"} & call.parameters.keys():
        ignored = call.flag("IgnoreNamingPolicy")
        group[name] = call.text(name) if ignored else named_by_policy(call.tenant, call.text(name))
    if "Name" in call.parameters:
        name = unique_name(call, group["Name"], own_id)
        group |= {"Identity": name, "DistinguishedName": distinguished_name(call.tenant.domain, name)}
    if "Alias" in call.parameters:
        group["Alias"] = unique_alias(call, call.text("Alias"), own_id)


def _address(call: Call, group: Document) -> None:
    change = call.change("EmailAddresses")
    primary = call.text("PrimarySmtpAddress")
    if change is not None and primary:
        raise bad_value("EmailAddresses", "It can't be used together with PrimarySmtpAddress.")
    if primary:
        others = [f"smtp:{a}" for a in _smtp(group["EmailAddresses"]) if a.lower() != primary.lower()]
        group["EmailAddresses"] = [f"SMTP:{primary}", *others]
    elif change is not None:
        group["EmailAddresses"] = _proxies(_changed(group["EmailAddresses"], change))
    else:
        return
    for address in _smtp(group["EmailAddresses"]):
        free_address(call, address, group["ExternalDirectoryObjectId"])
    first = _smtp([proxy for proxy in group["EmailAddresses"] if proxy.startswith("SMTP:")])[0]
    group |= {"PrimarySmtpAddress": first, "WindowsEmailAddress": first}


def _lists(call: Call, group: Document) -> None:
    if _FROM_BOTH in call.parameters and {_FROM, _FROM_MEMBERS} & call.parameters.keys():
        raise bad_value(_FROM_BOTH, f"It can't be used together with {_FROM} or {_FROM_MEMBERS}.")
    for name, resolve in _LISTS.items():
        change = call.change(name)
        if change is not None:
            group[name] = _changed(group.get(name, []), _resolved(call, change, resolve))
    if _FROM_BOTH in call.parameters:
        groups = [id_ for id_ in group[_FROM_BOTH] if _is_group(call, id_)]
        group[_FROM_MEMBERS] = groups
        group[_FROM] = [id_ for id_ in group[_FROM_BOTH] if id_ not in groups]
    elif {_FROM, _FROM_MEMBERS} & call.parameters.keys():
        group[_FROM_BOTH] = once(group.get(_FROM, []) + group.get(_FROM_MEMBERS, []))
    if "ManagedBy" in call.parameters and not group["ManagedBy"]:
        raise refused(
            "The group must have at least one owner.", "Die Gruppe muss mindestens einen Besitzer haben."
        )


def _is_group(call: Call, object_id: str) -> bool:
    recipient = call.store.get("recipient", object_id)
    return recipient is not None and recipient["RecipientTypeDetails"] in GROUP_TYPES


def _resolved(call: Call, change: Change, resolve: Callable[[Call, str], str]) -> Change:
    return Change(
        new=None if change.new is None else tuple(resolve(call, identity) for identity in change.new),
        add=tuple(resolve(call, identity) for identity in change.add),
        remove=tuple(resolve(call, identity) for identity in change.remove),
    )


def _changed(entries: list[str], change: Change) -> list[str]:
    if change.new is not None:
        return once(list(change.new))
    gone = {entry.lower() for entry in change.remove}
    return once([entry for entry in entries if entry.lower() not in gone] + list(change.add))


def _smtp(proxies: list[str]) -> list[str]:
    return [
        proxy.split(":", 1)[-1] for proxy in proxies if ":" not in proxy or proxy.lower().startswith("smtp:")
    ]


def _proxies(texts: list[str]) -> list[str]:
    """With a type before each; the first SMTP one is the primary when none is marked so."""
    typed = [text if ":" in text else f"smtp:{text}" for text in texts]
    marked = [text for text in typed if text.startswith("SMTP:")]
    if len(marked) > 1:
        raise bad_value("EmailAddresses", "There are several primary SMTP addresses.")
    primary = marked or [text for text in typed if text.startswith("smtp:")]
    if not primary:
        raise bad_value("EmailAddresses", "There is no SMTP address.")
    first = primary[0]
    return [f"SMTP:{first.split(':', 1)[1]}", *(text for text in typed if text != first)]
