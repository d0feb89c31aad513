"""Send As: who may send in a recipient's name.

learn.microsoft.com/powershell/module/exchangepowershell/get-recipientpermission; documents of the kind
"recipientPermission". No page names the roles that write them: the emulator asks for Mail Recipients. That a
group has no entry of its own is not confirmed.
"""

from collections.abc import Iterator, Sequence

from emulator.directory import MAILBOX_TYPES
from emulator.exchange.authorization import MAIL_RECIPIENTS, READ_RECIPIENTS
from emulator.exchange.cmdlets import Call, cmdlet
from emulator.exchange.identities import asked_for, limited, one
from emulator.exchange.parameters import CONFIRM, SIZE, TEXT, Kind, Texts
from emulator.exchange.trustees import SELF, Trustee, already_present, not_present, rights, trustee
from emulator.store import Document

_WRITE = frozenset({MAIL_RECIPIENTS})
_SEND_AS = ("SendAs",)
_CHANGE: dict[str, Kind] = {"Identity": TEXT, "AccessRights": Texts(), "Trustee": TEXT, **CONFIRM}
_ALL = ("Identity", "AccessRights", "Trustee")


@cmdlet(
    "Get-RecipientPermission",
    READ_RECIPIENTS,
    {"Identity": TEXT, "Trustee": TEXT, "AccessRights": Texts(), "ResultSize": SIZE},
)
def get_recipient_permission(call: Call) -> Sequence[Document]:
    """Who may send as a recipient, or as any; with Trustee alone, as whom that one may send."""
    rights(call, _SEND_AS)
    who = trustee(call, "Trustee") if call.text("Trustee") else None
    rows = [row for row in _rows(call) if who is None or row["TrusteeSidString"] == who.sid]
    return limited(call, rows)


@cmdlet("Add-RecipientPermission", _WRITE, _CHANGE, _ALL)
def add_recipient_permission(call: Call) -> Sequence[Document]:
    """Let somebody send as a recipient."""
    recipient, who = one(call, call.text("Identity")), trustee(call, "Trustee")
    rights(call, _SEND_AS)
    if call.store.get("recipientPermission", _key(recipient, who)):
        call.warnings.append(already_present(recipient["Identity"], who))
        return []
    entry = {"recipient": recipient["ExternalDirectoryObjectId"], "name": who.name, "sid": who.sid}
    call.store.put("recipientPermission", _key(recipient, who), entry)
    return [_row(recipient, who)]


@cmdlet("Remove-RecipientPermission", _WRITE, _CHANGE, _ALL)
def remove_recipient_permission(call: Call) -> Sequence[Document]:
    """Let somebody send as a recipient no more."""
    recipient, who = one(call, call.text("Identity")), trustee(call, "Trustee")
    rights(call, _SEND_AS)
    if not call.store.delete("recipientPermission", _key(recipient, who)):
        call.warnings.append(not_present(recipient["Identity"], who))
    return []


def _rows(call: Call) -> Iterator[Document]:
    given: dict[str, list[Trustee]] = {}
    for entry in call.store.all("recipientPermission"):
        given.setdefault(entry["recipient"], []).append(Trustee(entry["name"], entry["sid"]))
    for recipient in asked_for(call):
        own = [SELF] if recipient["RecipientTypeDetails"] in MAILBOX_TYPES else []
        for who in (*own, *given.get(recipient["ExternalDirectoryObjectId"], [])):
            yield _row(recipient, who)


def _row(recipient: Document, who: Trustee) -> Document:
    return {
        "Identity": recipient["Identity"],
        "Trustee": who.name,
        "TrusteeSidString": who.sid,
        "AccessControlType": "Allow",
        "AccessRights": list(_SEND_AS),
        "IsInherited": False,
        "InheritanceType": "None",
        "IsValid": True,
        "ObjectState": "Unchanged",
    }


def _key(recipient: Document, who: Trustee) -> str:
    return f"{recipient['ExternalDirectoryObjectId']}/{who.sid}"
