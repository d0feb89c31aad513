"""The commands that lead a stack back after a killed run, in their order."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from roomctl.entra_resources import ancestors
from roomctl.leftovers import Import, Leftovers
from roomctl.recorded_stack import RecordedStack
from roomctl.stack_lock import Lock


@dataclass(frozen=True)
class Step:
    """One command, as the words of a shell, and why it is there."""

    words: tuple[str, ...]
    why: str

    @property
    def command(self) -> str:
        """The command as it is typed."""
        return shlex.join(self.words)


def way_back(stack: RecordedStack, locks: list[Lock], left: Leftovers) -> list[Step]:
    """Unlock, look at what was begun, take over what Entra has, remove what nobody can use."""
    return [
        *_unlock(stack, locks),
        *_refresh(stack, left),
        *_parents(stack, left.imports),
        *(_import(stack, one) for one in _missing(stack, left.imports)),
        *_successor(stack, left),
        *_removals(stack, left),
    ]


def _pulumi(stack: RecordedStack, *words: str) -> tuple[str, ...]:
    return ("pulumi", *words, "--stack", stack.called)


def _unlock(stack: RecordedStack, locks: list[Lock]) -> Iterator[Step]:
    if locks:
        held = "; ".join(str(lock) for lock in locks)
        yield Step(_pulumi(stack, "cancel", "--yes"), f"the stack is locked by a run that is gone ({held})")


def _refresh(stack: RecordedStack, left: Leftovers) -> Iterator[Step]:
    """Where something was begun, or where the state has what the tenant does not."""
    begun = [f"{one.kind} {one.urn.rpartition('::')[2]}" for one in stack.pending]
    begun += [f"{id_} is gone" for id_ in left.vanished]
    if begun:
        words = _pulumi(stack, "refresh", "--yes", "--skip-preview", "--clear-pending-creates")
        yield Step(words, f"the state does not know how this ended: {', '.join(begun)}")


def _parents(stack: RecordedStack, imports: list[Import]) -> Iterator[Step]:
    """Components hold nothing in the tenant, but an import needs the one that it goes below."""
    missing = dict.fromkeys(
        urn
        for one in _missing(stack, imports)
        for parent in ancestors(one.place)
        if (urn := parent.urn(stack.project, stack.short_name)) not in stack.urns
    )
    if missing:
        targets = [word for urn in missing for word in ("--target", urn)]
        words = _pulumi(stack, "up", "--yes", "--skip-preview", *targets)
        yield Step(words, "the state is empty: the components, which hold nothing in the tenant, come first")


def _import(stack: RecordedStack, one: Import) -> Step:
    assert one.place.parent is not None  # noqa: S101 (every Entra object is below a component)
    parent = one.place.parent.urn(stack.project, stack.short_name)
    words = _pulumi(
        stack, "import", one.place.kind, one.place.name, one.id, "--parent", f"parent={parent}",
        "--yes", "--skip-preview", "--protect=false", "--generate-code=false",
    )  # fmt: skip
    return Step(words, f"{one.what} exists and is not in the state")


def _successor(stack: RecordedStack, left: Leftovers) -> Iterator[Step]:
    """PlaceOS keeps its secret until it has another."""
    if left.successor_first:
        yield Step(
            _pulumi(stack, "up", "--yes"), "the state knows no secret that Entra has: this makes new ones"
        )
        words = ("roomctl", "handover", "--stack", stack.called)
        yield Step(words, "PlaceOS gets the new one before those of before are removed")


def _removals(stack: RecordedStack, left: Leftovers) -> Iterator[Step]:
    named = ("--stack", stack.called)
    for secret in left.secrets:
        which = ("--application", secret.application, "--key-id", secret.key_id)
        yield Step(("roomctl", "remove-secret", *which, *named), secret.what)
    for spare in left.spare_applications:
        words = ("roomctl", "remove-application", "--application", spare.object_id, *named)
        yield Step(words, f"application {spare.name} was left half made; it has no secret and no consent")


def _missing(stack: RecordedStack, imports: list[Import]) -> list[Import]:
    return [one for one in imports if not _is_recorded(stack, one)]


def _is_recorded(stack: RecordedStack, one: Import) -> bool:
    return one.place.urn(stack.project, stack.short_name) in stack.urns
