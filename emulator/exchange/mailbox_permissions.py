"""Who may open somebody else's mailbox.

learn.microsoft.com/powershell/module/exchangepowershell/get-mailboxpermission; documents of the kind
"mailboxPermission". They are for people and for the older protocols: an app's token for Microsoft Graph opens
nothing by them. Inherited entries are not modelled.
"""

from collections.abc import Sequence

from emulator.directory import MAILBOX_TYPES
from emulator.exchange.authorization import MAIL_RECIPIENTS, READ_RECIPIENTS
from emulator.exchange.cmdlets import Call, cmdlet
from emulator.exchange.identities import limited, one
from emulator.exchange.parameters import CONFIRM, FLAG, SIZE, TEXT, Choice, Kind, Texts
from emulator.exchange.trustees import SELF, Trustee, already_present, not_present, rights, trustee
from emulator.store import Document

_WRITE = frozenset({MAIL_RECIPIENTS})
_RIGHTS = ("ChangeOwner", "ChangePermission", "DeleteItem", "ExternalAccount", "FullAccess", "ReadPermission")
_CHANGE: dict[str, Kind] = {
    "Identity": TEXT,
    "AccessRights": Texts(),
    "User": TEXT,
    "Deny": FLAG,
    "InheritanceType": Choice(("None", "All", "Children", "Descendents", "SelfAndChildren")),
    **CONFIRM,
}
_NEEDED = ("Identity", "AccessRights", "User")


@cmdlet(
    "Get-MailboxPermission",
    READ_RECIPIENTS,
    {"Identity": TEXT, "User": TEXT, "ResultSize": SIZE},
    ("Identity",),
)
def get_mailbox_permission(call: Call) -> Sequence[Document]:
    """Who may do what with one mailbox; its own account first."""
    mailbox = one(call, call.text("Identity"), MAILBOX_TYPES)
    who = trustee(call, "User") if call.text("User") else None
    entries = [_entry(mailbox, SELF, deny=False) | {"rights": ["FullAccess", "ReadPermission"]}]
    entries += [
        entry
        for entry in call.store.all("mailboxPermission")
        if entry["mailbox"] == mailbox["ExternalDirectoryObjectId"]
    ]
    return limited(call, [_row(mailbox, one) for one in entries if who is None or one["sid"] == who.sid])


@cmdlet("Add-MailboxPermission", _WRITE, {**_CHANGE, "AutoMapping": FLAG}, _NEEDED)
def add_mailbox_permission(call: Call) -> Sequence[Document]:
    """Let somebody open a mailbox, or deny it."""
    mailbox, entry = _asked(call)
    wanted = rights(call, _RIGHTS)
    if set(wanted) <= set(entry["rights"]):
        call.warnings.append(already_present(mailbox["Identity"], Trustee(entry["name"], entry["sid"])))
    held = {*wanted, *entry["rights"]}
    entry["rights"] = [right for right in _RIGHTS if right in held]
    call.store.put("mailboxPermission", _key(entry), entry)
    return [_row(mailbox, entry)]


@cmdlet("Remove-MailboxPermission", _WRITE, _CHANGE, _NEEDED)
def remove_mailbox_permission(call: Call) -> Sequence[Document]:
    """Take somebody's rights on a mailbox away."""
    mailbox, entry = _asked(call)
    unwanted = rights(call, _RIGHTS)
    if not set(unwanted) & set(entry["rights"]):
        call.warnings.append(not_present(mailbox["Identity"], Trustee(entry["name"], entry["sid"])))
    entry["rights"] = [right for right in entry["rights"] if right not in unwanted]
    if entry["rights"]:
        call.store.put("mailboxPermission", _key(entry), entry)
    else:
        call.store.delete("mailboxPermission", _key(entry))
    return []


def _asked(call: Call) -> tuple[Document, Document]:
    """The mailbox that the call is about, and its entry for the user, new or old."""
    mailbox = one(call, call.text("Identity"), MAILBOX_TYPES)
    entry = _entry(mailbox, trustee(call, "User"), deny=call.flag("Deny"))
    return mailbox, call.store.get("mailboxPermission", _key(entry)) or entry


def _entry(mailbox: Document, who: Trustee, *, deny: bool) -> Document:
    return {
        "mailbox": mailbox["ExternalDirectoryObjectId"],
        "name": who.name,
        "sid": who.sid,
        "deny": deny,
        "rights": [],
    }


def _key(entry: Document) -> str:
    return f"{entry['mailbox']}/{entry['sid']}/{'deny' if entry['deny'] else 'allow'}"


def _row(mailbox: Document, entry: Document) -> Document:
    return {
        "Identity": mailbox["Identity"],
        "User": entry["name"],
        "UserSid": entry["sid"],
        "AccessRights": entry["rights"],
        "Deny": entry["deny"],
        "InheritanceType": "All",
        "IsInherited": False,
        "IsValid": True,
        "ObjectState": "Unchanged",
    }
