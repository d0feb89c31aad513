"""Who sees a mailbox's calendar: the permissions of that one folder.

learn.microsoft.com/powershell/module/exchangepowershell/get-mailboxfolderpermission; documents of the kind
"calendarPermissions", one a mailbox. Folders other than the calendar, and calendars called otherwise than in
English, are not modelled. Not confirmed: how a user is shown on the wire, and the roles that read and write.
"""

from collections.abc import Sequence

from emulator.directory import MAILBOX_TYPES
from emulator.exchange.authorization import MAIL_RECIPIENTS, READ_RECIPIENTS
from emulator.exchange.cmdlets import Call, cmdlet
from emulator.exchange.errors import CmdletError, NotModelledError
from emulator.exchange.identities import limited, one
from emulator.exchange.parameters import CONFIRM, SIZE, TEXT, Kind, Texts
from emulator.exchange.trustees import rights, trustee
from emulator.store import Document

_STORE_TASKS = "Microsoft.Exchange.Management.StoreTasks"
_WRITE = frozenset({MAIL_RECIPIENTS})
_FOLDER = "Calendar"
_EVERYBODY = ("Default", "Anonymous")
_UNTIL_SAID = {"Default": ["AvailabilityOnly"], "Anonymous": ["None"]}
_ROLES = (
    "None", "AvailabilityOnly", "LimitedDetails", "Author", "Contributor", "Editor", "NonEditingAuthor",
    "Owner", "PublishingAuthor", "PublishingEditor", "Reviewer", "CreateItems", "CreateSubfolders",
    "DeleteAllItems", "DeleteOwnedItems", "EditAllItems", "EditOwnedItems", "FolderContact", "FolderOwner",
    "FolderVisible", "ReadItems",
)  # fmt: skip
_CHANGE: dict[str, Kind] = {"Identity": TEXT, "AccessRights": Texts(), "User": TEXT, **CONFIRM}
_NEEDED = ("Identity", "AccessRights", "User")


@cmdlet(
    "Get-MailboxFolderPermission",
    READ_RECIPIENTS,
    {"Identity": TEXT, "User": TEXT, "ResultSize": SIZE},
    ("Identity",),
)
def get_mailbox_folder_permission(call: Call) -> Sequence[Document]:
    """Who may see and change a calendar; everybody else first."""
    _, entries = _calendar(call)
    if call.text("User"):
        user = _user(call)
        entries = {user: _of(entries, user)}
    return limited(call, [_row(user, held) for user, held in entries.items()])


@cmdlet("Add-MailboxFolderPermission", _WRITE, _CHANGE, _NEEDED)
def add_mailbox_folder_permission(call: Call) -> Sequence[Document]:
    """Let somebody see or change a calendar who has no entry on it."""
    mailbox, entries = _calendar(call)
    user = _user(call)
    if user in entries:
        raise _exists(user)
    return [_put(call, mailbox, entries, user)]


@cmdlet("Set-MailboxFolderPermission", _WRITE, _CHANGE, _NEEDED)
def set_mailbox_folder_permission(call: Call) -> Sequence[Document]:
    """Change what somebody with an entry, or everybody else, may do with a calendar."""
    mailbox, entries = _calendar(call)
    user = _user(call)
    _of(entries, user)
    _put(call, mailbox, entries, user)
    return []


@cmdlet(
    "Remove-MailboxFolderPermission",
    _WRITE,
    {"Identity": TEXT, "User": TEXT, **CONFIRM},
    ("Identity", "User"),
)
def remove_mailbox_folder_permission(call: Call) -> Sequence[Document]:
    """Remove somebody's entry on a calendar."""
    mailbox, entries = _calendar(call)
    user = _user(call)
    _of(entries, user)
    rest = {name: held for name, held in entries.items() if name != user}
    call.store.put("calendarPermissions", mailbox["ExternalDirectoryObjectId"], rest)
    return []


def _calendar(call: Call) -> tuple[Document, dict[str, list[str]]]:
    """The mailbox whose calendar the identity names, and the calendar's entries."""
    identity, _, folder = call.text("Identity").partition(":\\")
    mailbox = one(call, identity, MAILBOX_TYPES)
    if folder.lower() != _FOLDER.lower():
        raise NotModelledError(f"The emulated tenant does not model the folder {folder!r}: {_FOLDER} only.")
    return mailbox, call.store.get("calendarPermissions", mailbox["ExternalDirectoryObjectId"]) or _UNTIL_SAID


def _user(call: Call) -> str:
    for name in _EVERYBODY:
        if call.text("User").lower() == name.lower():
            return name
    return trustee(call, "User").name


def _of(entries: dict[str, list[str]], user: str) -> list[str]:
    if user not in entries:
        raise _absent(user)
    return entries[user]


def _put(call: Call, mailbox: Document, entries: dict[str, list[str]], user: str) -> Document:
    held = rights(call, _ROLES)
    call.store.put("calendarPermissions", mailbox["ExternalDirectoryObjectId"], {**entries, user: held})
    return _row(user, held)


def _row(user: str, held: list[str]) -> Document:
    return {
        "Identity": user,
        "FolderName": _FOLDER,
        "User": user,
        "AccessRights": held,
        "SharingPermissionFlags": None,
        "IsValid": True,
        "ObjectState": "New",
    }


def _exists(user: str) -> CmdletError:
    return CmdletError(
        f"{_STORE_TASKS}.UserAlreadyExistsInPermissionEntryException",
        f"An existing permission entry was found for user: {user}.",
        f"Für den Benutzer {user} wurde ein vorhandener Berechtigungseintrag gefunden.",
    )


def _absent(user: str) -> CmdletError:
    return CmdletError(
        f"{_STORE_TASKS}.UserNotFoundInPermissionEntryException",
        f"There is no existing permission entry found for user: {user}.",
        f"Für den Benutzer {user} wurde kein Berechtigungseintrag gefunden.",
    )
