"""What must hold between the groups, their members and the mailboxes that must be refused."""

from collections.abc import Iterator, Mapping
from typing import Any

from settings.problems import Problem


def broken_group_rules(values: Mapping[str, Any], rooms: frozenset[str]) -> Iterator[Problem]:
    """Every rule about groups and mailboxes that the values break."""
    yield from _distinct_mailboxes(values, rooms)
    yield from _one_source_of_staff(values)
    yield from _distinct_groups(values, rooms)


def _distinct_mailboxes(values: Mapping[str, Any], members: frozenset[str]) -> Iterator[Problem]:
    group, owner = values.get("room_group_address"), values.get("room_group_owner")
    if group is not None and group in members:
        yield Problem(
            "roomGroupAddress",
            group,
            "it is the address of a room, and the group needs one of its own",
            "write an address that nothing has yet",
        )
    if owner is not None and owner == group:
        yield Problem(
            "roomGroupOwner", owner, "a group can't own itself", "write an Exchange administrator's address"
        )
    elif owner is not None and owner in members:
        yield Problem(
            "roomGroupOwner",
            owner,
            "it is a room, and whoever owns the group decides what PlaceOS reaches",
            "write an Exchange administrator's address",
        )
    for denied in values.get("denied_mailboxes", ()):
        if reason := _no_proof(denied, values, members):
            yield Problem(
                "deniedMailboxes", denied, reason, "name an ordinary user's mailbox, or leave it out"
            )


def _no_proof(denied: str, values: Mapping[str, Any], members: frozenset[str]) -> str | None:
    """Why a mailbox is no proof that the others are closed."""
    if denied in members:
        return "it is a room too, and rooms are what PlaceOS may reach"
    if denied in values.get("staff", ()):
        return "it is in staff too, and PlaceOS may reach staff"
    if denied in {values.get(f"{kind}_group_address") for kind in ("room", "staff")}:
        return "it is a group that PlaceOS may reach, not a mailbox"
    if denied == values.get("room_group_owner"):
        return "it is the group owner, an administrator: those may be refused by rules of their own"
    return None


def _one_source_of_staff(values: Mapping[str, Any]) -> Iterator[Problem]:
    staff, existing = values.get("staff"), values.get("staff_group")
    if staff and existing:
        yield Problem(
            "staff",
            "[…]",
            f"staffGroup ({existing}) says already whose mailboxes PlaceOS may reach beside the rooms'",
            "keep one of the two: pulumi config rm staff",
        )
    if staff and values.get("staff_group_address") == "":
        yield Problem(
            "staffGroupAddress",
            None,
            "the people of staff are put into a group, which needs an address of its own",
            "set it, for example: pulumi config set staffGroupAddress placeosstaff@example.com",
        )
    if staff == () and values.get("staff_group_address"):
        yield Problem(
            "staffGroupAddress",
            values["staff_group_address"],
            "it is the address of a group that this stack makes for staff, and staff is empty",
            "set staff, or staffGroup for a group that exists, or: pulumi config rm staffGroupAddress",
        )


def _distinct_groups(values: Mapping[str, Any], members: frozenset[str]) -> Iterator[Problem]:
    """Two groups of one name, alias or address would be one group with two masters."""
    staff = values.get("staff") or ()
    for thing in ("name", "alias", "address"):
        ours, room_s = values.get(f"staff_group_{thing}"), values.get(f"room_group_{thing}")
        if staff and ours and room_s and ours.casefold() == room_s.casefold():
            key = f"staffGroup{thing.capitalize()}"
            yield Problem(key, ours, f"the room group has that {thing}", f"write another {thing}")
    if values.get("staff_group") and values["staff_group"] == values.get("room_group_address"):
        yield Problem(
            "staffGroup",
            values["staff_group"],
            "it is the room group, whose members are the inventory's",
            "write the address of a group of people",
        )
    for person in staff:
        if person in members:
            yield Problem(
                "staff", person, "it is a room, and rooms are in the room group", "take it out of staff"
            )
