"""To whom a permission on somebody else's mailbox can be given, and how they are called in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from emulator.directory import MAILBOX_TYPES
from emulator.exchange.cmdlets import Call
from emulator.exchange.errors import NotFoundError, unsuitable
from emulator.exchange.identities import exactly, one
from emulator.exchange.parameters import Choice
from emulator.ids import security_id
from emulator.store import Document

_SUITABLE = MAILBOX_TYPES | {"MailUser", "MailUniversalSecurityGroup"}
_APP_NAMES = ("Identity", "DisplayName", "AppId", "ObjectId")


@dataclass(frozen=True)
class Trustee:
    """Who may do something: how entries name them, and their security id."""

    name: str
    sid: str


SELF = Trustee("NT AUTHORITY\\SELF", "S-1-5-10")
"""A mailbox's own account."""


def trustee(call: Call, parameter: str) -> Trustee:
    """Whom the parameter names: a mailbox, a mail user, a mail-enabled security group, or an app.

    Apps as on learn.microsoft.com/exchange/client-developer/legacy-protocols/
    how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth; that an entry names one by its object id
    is not confirmed. A recipient is named by what learn.microsoft.com/powershell/module/exchangepowershell/
    get-recipientpermission lists (name, alias, address, GUID …); Entra's object id is not in that list, so it
    names nobody here. CmdletError when there is no such object, or when it can't be given anything.
    """
    text = call.text(parameter)
    if text.lower() == SELF.name.lower():
        return SELF
    try:
        found = _documented(one(call, text), text)
    except NotFoundError:
        app = exactly(call.store.all("exchangeServicePrincipal"), text, *_APP_NAMES)[0]
        return Trustee(app["ObjectId"], security_id(app["ObjectId"]))
    if found["RecipientTypeDetails"] not in _SUITABLE:
        raise unsuitable(
            found["Identity"], found["RecipientTypeDetails"], f"{parameter}: no security principal"
        )
    name = found.get("UserPrincipalName") or found["Name"]
    return Trustee(name, security_id(found["ExternalDirectoryObjectId"]))


def _documented(recipient: Document, text: str) -> Document:
    if recipient["ExternalDirectoryObjectId"].lower() == text.lower():
        raise NotFoundError(text)
    return recipient


def rights(call: Call, words: Sequence[str]) -> list[str]:
    """The AccessRights that were given, as Exchange spells them; CmdletError for one that is no such word."""
    choice = Choice(tuple(words))
    given = [word.strip() for text in call.texts("AccessRights") for word in text.split(",")]
    return [choice.read("AccessRights", word) for word in given]


def already_present(identity: str, who: Trustee) -> str:
    """The warning about what is allowed already; its text is not confirmed."""
    return (
        f'The appropriate access control entry is already present on the object "{identity}" for account '
        f'"{who.name}".'
    )


def not_present(identity: str, who: Trustee) -> str:
    """The warning about what was not allowed anyway: learn.microsoft.com/archive/technet-wiki/31321."""
    return (
        f'Can\'t remove the access control entry on the object "{identity}" for account "{who.name}" because '
        "the ACE doesn't exist on the object."
    )
