"""Who may see or change a mailbox's calendar beside the mailbox itself."""

from dataclasses import dataclass

from exchange.admin_api import ExchangeAdmin, Record

_EVERYBODY = {"default", "anonymous"}


@dataclass(frozen=True)
class CalendarPermission:
    """who: as Exchange names them. rights: such as Reviewer or Editor, separated by commas."""

    who: str
    rights: str


def calendar_permissions(exchange: ExchangeAdmin, mailbox: str) -> list[CalendarPermission]:
    r"""What somebody was given; what everybody has is left out.

    The folder is asked for by its English name: NotFound where a mailbox calls it otherwise. Unconfirmed: how
    the endpoint names who it is
    (learn.microsoft.com/powershell/module/exchangepowershell/get-mailboxfolderpermission).
    """
    records = exchange.run("Get-MailboxFolderPermission", Identity=rf"{mailbox}:\Calendar")
    held = [
        CalendarPermission(_who(one), ", ".join(map(str, one.get("AccessRights") or ()))) for one in records
    ]
    return sorted((one for one in held if one.who.lower() not in _EVERYBODY), key=lambda one: one.who)


def _who(record: Record) -> str:
    """A name, or an object that has one."""
    user = record.get("User")
    return str((user.get("DisplayName") if isinstance(user, dict) else user) or "")
