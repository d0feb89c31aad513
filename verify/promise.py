"""What the stack promises of PlaceOS's credentials, and the questions that follow from it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from verify.calls import CALLS, Asked, Call
from verify.mode import Mode


@dataclass(frozen=True)
class Slot:
    """One of the two client secrets. name: for people. `secret` is never shown."""

    name: str
    key_id: str
    in_use: bool
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Promise:
    """What a stack says of its application.

    stack: as the operator calls it.
    permissions: what is granted, by name. accepted: what an existing application has besides and may keep.
    rooms and allowed: mailboxes that must open, rooms first; refused: those that must not.
    """

    stack: str
    tenant_id: str
    client_id: str
    application: str
    service_principal: str
    group: str
    mode: Mode
    permissions: frozenset[str]
    accepted: frozenset[str]
    allowed: tuple[str, ...]
    refused: tuple[str, ...]
    slots: tuple[Slot, ...]


class Expected(StrEnum):
    """What a call must come to."""

    WORKS = "works"
    OUT_OF_SCOPE = "refused by the scope"
    NO_PERMISSION = "refused without a permission"


@dataclass(frozen=True)
class Question:
    """One call in one slot's name; `mailbox` is "" where none is asked for."""

    slot: Slot
    call: Call
    mailbox: str
    expected: Expected


def questions(promise: Promise, slot: Slot) -> Iterator[Question]:
    """Every call with each secret; one that could make something with the first alone: once is enough."""
    for call in CALLS:
        if call.makes is None or slot == promise.slots[0]:
            yield from _of_call(promise, slot, call)


def _of_call(promise: Promise, slot: Slot, call: Call) -> Iterator[Question]:
    if call.opens_with(promise.permissions):
        expected = Expected.WORKS
    elif call.opens_with(promise.permissions | promise.accepted):
        return  # somebody else's permission opens it, and may
    else:
        expected = Expected.NO_PERMISSION
    if call.asked is Asked.DIRECTORY:
        yield Question(slot, call, "", expected)
        return
    allowed, refused = _mailboxes(promise, call.asked)
    for mailbox in allowed:
        yield Question(slot, call, mailbox, expected)
    for mailbox in refused:
        outside = Expected.OUT_OF_SCOPE if expected is Expected.WORKS else expected
        yield Question(slot, call, mailbox, outside)


def _mailboxes(promise: Promise, asked: Asked) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if asked is Asked.EVERY_MAILBOX:
        return promise.allowed, promise.refused
    return promise.allowed[:1], promise.refused[:1] if asked is Asked.EACH_SIDE else ()
