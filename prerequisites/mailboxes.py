"""The mailboxes that settings and inventory name: they exist, are what they should be, and are here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from exchange.mailbox_kinds import ROOMS, STAFF, MailboxKind
from exchange.occupancy import Occupancy
from exchange.records import Recipient
from graph.administrators import administrators
from graph.api import GraphApi
from inventory import InventoryError, Status
from inventory import Problem as CellProblem
from settings import Problem, Settings


@dataclass(frozen=True)
class Fault:
    """Why an address can't be used, and what to do."""

    reason: str
    fix: str


# Who may own a group: a guest is a person of another company (GuestMailUser).
_PEOPLE = ("UserMailbox", "LegacyMailbox", "LinkedMailbox", "MailUser", "RemoteUserMailbox")
_CREATE = "create the mailbox first, or correct the address"


def room_problems(settings: Settings, addresses: Sequence[str], who: Occupancy) -> Iterator[Problem]:
    """Rooms that PlaceOS could not open, or that are none."""
    if settings.inventory is None:
        for address in addresses:
            if fault := _fault(ROOMS, address, who):
                yield Problem("rooms", address, fault.reason, fault.fix)
        return
    rows = {room.email: room.row for room in settings.inventory.rooms if room.status is Status.ACTIVE}
    cells = [
        CellProblem(
            settings.inventory.file, fault.reason, fault.fix, row=rows[address], column="email", value=address
        )
        for address in addresses
        if (fault := _fault(ROOMS, address, who))
    ]
    if cells:
        reason = "\n".join(InventoryError(cells).lines)
        yield Problem("inventory", settings.inventory.file, reason, "correct the rows, then run it again")


def staff_problems(addresses: Sequence[str], who: Occupancy) -> Iterator[Problem]:
    """People of `staff` whose mailboxes PlaceOS could not open, or who are none."""
    for address in addresses:
        if fault := _fault(STAFF, address, who):
            yield Problem("staff", address, fault.reason, fault.fix)


def owner_problems(addresses: Sequence[str], who: Occupancy) -> Iterator[Problem]:
    """An owner who does not exist, or is no person."""
    for address in addresses:
        found = who.of_address(address)
        if found is None:
            yield Problem(
                "roomGroupOwner",
                address,
                "nobody has this address",
                "write an Exchange administrator's address",
            )
        elif found.type_details not in _PEOPLE:
            yield Problem(
                "roomGroupOwner",
                address,
                f"it is a {found.type_details}, and whoever owns the group decides what PlaceOS reaches",
                "write an Exchange administrator's address",
            )
        elif found.address != address:
            yield Problem(
                "roomGroupOwner",
                address,
                f"is a secondary address of {found.address}",
                f"write {found.address}",
            )


def denied_problems(addresses: Sequence[str], who: Occupancy, graph: GraphApi) -> Iterator[Problem]:
    """Mailboxes whose refusal would prove nothing."""
    privileged = administrators(graph) if addresses else frozenset()
    fix = "name an ordinary person's mailbox, or leave deniedMailboxes out"
    for address in addresses:
        found = who.of_address(address)
        if fault := _fault(STAFF, address, who):
            yield Problem("deniedMailboxes", address, f"{fault.reason}, so it proves nothing", fix)
        elif found and found.object_id in privileged:
            reason = "it is an administrator's: those may be refused by rules of their own"
            yield Problem("deniedMailboxes", address, reason, fix)


def _fault(kind: MailboxKind, address: str, who: Occupancy) -> Fault | None:
    """Why the address can't be one of the kind."""
    found = who.of_address(address)
    if found is None:
        return Fault("nobody in the tenant has this address", _CREATE)
    if not kind.has(found):
        return Fault(kind.why_not(found), _remedy(found, kind))
    if found.address != address:
        return Fault(f"is a secondary address of {found.address}", f"write {found.address}")
    return None


def _remedy(found: Recipient, kind: MailboxKind) -> str:
    if found.type_details == "MailUser":
        return f"migrate the mailbox to Exchange Online first, or take it out of {kind.source}"
    return f"take it out of {kind.source}: whoever is in the group can be read and booked"
