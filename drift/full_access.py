"""Who may open mailboxes by being in a group of the scope: Exchange tells it mailbox by mailbox only."""

from collections.abc import Iterator

from drift import commands
from drift.code import CodeGroup
from drift.finding import Finding
from drift.tenant import Tenant
from exchange.admin_api import Record
from exchange.records import required, texts
from permissions import Level
from wire import in_parallel

_CMDLET = "Get-MailboxPermission"


def full_access(tenant: Tenant) -> Iterator[Finding]:
    """Mailboxes that the members of a group may open as people; PlaceOS's own token opens none by it.

    https://learn.microsoft.com/powershell/module/exchangepowershell/get-mailboxpermission takes one mailbox,
    and an address as the name of who may. What a group gives that somebody else keeps is theirs.
    """
    for group in tenant.groups():
        if not group.is_somebody_else_s:
            yield from _of_group(tenant, group)


def _of_group(tenant: Tenant, group: CodeGroup) -> Iterator[Finding]:
    def rights(mailbox: str) -> tuple[str, list[str]]:
        held = tenant.exchange.run(_CMDLET, Identity=mailbox, User=group.address)
        allowed = {right for one in held if one.get("Deny") is not True for right in _rights(one)}
        return mailbox, sorted(allowed)

    for mailbox, allowed in in_parallel(rights, tenant.mailboxes()):
        for right in allowed:
            yield Finding(
                rule="group-used-elsewhere",
                subject=f"{right} on {mailbox} for {group.address}",
                what=f"the members of {group.address} have {right} on {mailbox}",
                where=f"Exchange Online, {_CMDLET}",
                level=Level.HIGH,
                repair=commands.cmdlet(
                    "Remove-MailboxPermission", Identity=mailbox, User=group.address, AccessRights=right
                ),
            )


def _rights(permission: Record) -> tuple[str, ...]:
    required(permission, "AccessRights", "mailbox permission")
    return texts(permission, "AccessRights")
