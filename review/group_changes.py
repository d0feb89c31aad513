"""The doors of the groups: who can add a member widens the reach, who can mail one books every room."""

from collections.abc import Iterator

from review import types
from review.application_changes import owners
from review.change import Area, Change, Effect
from review.declared import Resource, Sides, in_words

_SHUT = {
    "hiddenFromAddressLists": (True, "low", "is shown in address lists", "is hidden from address lists"),
    "memberJoin": ("Closed", "critical", "lets people join by themselves", "lets nobody join by himself"),
    "memberDepart": ("Closed", "low", "lets members leave by themselves", "lets no member leave by himself"),
    "requireSenderAuthentication": (
        True,
        "moderate",
        "takes mail from outside",
        "takes no mail from outside",
    ),
}
"""How each door is when it is shut; what an open one can do, and both in words."""


def changes(sides: Sides) -> tuple[Change, ...]:
    """The doors that open or shut, and other names."""
    return tuple(
        change
        for before, after in sides.pairs(types.SECURITY_GROUP)
        for change in (*_replaced(after, sides), *_of_one(before, after))
    )


def _replaced(after: Resource | None, sides: Sides) -> Iterator[Change]:
    if after and after.urn in sides.replaced:
        yield Change(
            Effect.NEITHER, Area.GROUPS, f"{after.name} is made anew.", "high", "What of the members?"
        )


def _of_one(before: Resource | None, after: Resource | None) -> Iterator[Change]:
    if after is None:
        if before:
            yield Change(Effect.NEITHER, Area.GROUPS, f"The group {_called(before)} is no longer declared.")
        return
    yield from _doors(before, after)
    was = before or Resource(after.urn, after.type)
    if before:
        yield from owners(
            was, after, Area.GROUPS, _called(after), "adds members, whose mailboxes PlaceOS can open then"
        )
        yield from _senders(was, after)
        yield from _names(was, after)


def _doors(before: Resource | None, after: Resource) -> Iterator[Change]:
    for key, (shut, level, opens, shuts) in _SHUT.items():
        was = shut if before is None else before.inputs.get(key, shut)
        is_ = after.inputs.get(key, shut)
        if was == is_:
            continue
        if is_ == shut:
            yield Change(Effect.LOSES, Area.GROUPS, f"{_called(after)} {shuts}.")
        else:
            ask = f"Why is this door of the group left open ({key}: {in_words(is_)})?"
            yield Change(Effect.GAINS, Area.GROUPS, f"{_called(after)} {opens}.", level, ask)


def _senders(before: Resource, after: Resource) -> Iterator[Change]:
    was, is_ = before.texts("allowedSenders"), after.texts("allowedSenders")
    if was and not is_:
        yield Change(
            Effect.GAINS,
            Area.GROUPS,
            f"Everybody may send mail to {_called(after)}: who does so invites every room at once.",
            "moderate",
            "Who needs to mail all rooms at once?",
        )
    for one in [one for one in is_ if one not in was]:
        what = f"{one} may send mail to {_called(after)}, and so invite every room at once."
        yield Change(Effect.GAINS, Area.GROUPS, what, "moderate", f"Why may {one} mail all rooms at once?")
    for one in [one for one in was if one not in is_ and is_]:
        yield Change(Effect.LOSES, Area.GROUPS, f"{one} may no longer send mail to {_called(after)}.")


def _names(before: Resource, after: Resource) -> Iterator[Change]:
    for key, called in (("name", "name"), ("alias", "alias"), ("address", "address")):
        was, is_ = (in_words(one.inputs.get(key)) for one in (before, after))
        if was != is_:
            what = f"The {called} of the group {_called(before)} becomes {is_} (was {was})."
            yield Change(Effect.NEITHER, Area.GROUPS, what)


def _called(group: Resource) -> str:
    return str(group.known("name") or group.name)
