"""The outcome of a look: its end, and how machines and pages are told."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from verify.mode import Mode
from verify.outcome import Row, Verdict
from visible import in_markdown

VERSION = 1
"""Of the JSON; it rises when a key changes its meaning or goes."""
_FOUND, _COULD_NOT_LOOK = 7, 1
_HEADINGS = ("Slot", "Call", "Mailbox", "Expected", "Seen", "PlaceOS loses", "Verdict")


@dataclass(frozen=True)
class Outcome:
    """Everything that was asked of a stack's credentials, and since when that is so (ISO 8601, UTC)."""

    stack: str
    client_id: str
    mode: Mode
    rows: tuple[Row, ...]
    looked: str

    @property
    def open_ones(self) -> tuple[Row, ...]:
        """The rows that are not as promised."""
        return tuple(one for one in self.rows if one.verdict is not Verdict.AS_PROMISED)

    @property
    def exit_code(self) -> int:
        """0: all as promised; 7: something is not; 1: nothing is wrong, but something is untold or left."""
        if not self.open_ones:
            return 0
        untold = all(one.verdict in (Verdict.NOT_TOLD, Verdict.LEFT) for one in self.open_ones)
        return _COULD_NOT_LOOK if untold else _FOUND

    @property
    def sentence(self) -> str:
        """How many calls came to what they must, and how many mailboxes were asked on each side."""
        calendars = [one for one in self.rows if one.mailbox]
        opened = {one.mailbox for one in calendars if one.expected == "works"}
        refused = {one.mailbox for one in calendars} - opened
        return (
            f"{len(self.rows) - len(self.open_ones)} of {len(self.rows)} answers as promised, of "
            f"{len(opened)} mailboxes that must open and {len(refused)} that must not."
        )

    @property
    def lost(self) -> tuple[str, ...]:
        """What PlaceOS loses, each once."""
        return tuple(dict.fromkeys(one.lost for one in self.rows if one.lost))


def as_json(outcome: Outcome) -> dict[str, Any]:
    """For machines, all rows."""
    return {
        "version": VERSION,
        "stack": outcome.stack,
        "clientId": outcome.client_id,
        "mailboxAccess": str(outcome.mode),
        "looked": outcome.looked,
        "exitCode": outcome.exit_code,
        "lost": list(outcome.lost),
        "rows": [asdict(one) for one in outcome.rows],
    }


def markdown(outcome: Outcome) -> str:
    """For a page: what is not as promised with what to do, and then all rows."""
    lines = [f"## PlaceOS verify: {in_markdown(outcome.stack)}", "", in_markdown(outcome.sentence), ""]
    for said, of in alike(outcome.open_ones, "verdict", "slot", "why", "advice").items():
        verdict, slot, why, advice = map(in_markdown, said)
        lines.append(f"- **{verdict}**: {in_markdown(calls_of(of))} ({slot}). {why}. To do: {advice}.")
    if outcome.open_ones:
        lines.append("")
    lines += [_line(_HEADINGS), _line(["---"] * len(_HEADINGS))]
    for one in outcome.rows:
        cells = (one.slot, one.call, one.mailbox, one.expected, one.seen, one.lost, one.verdict)
        lines.append(_line([in_markdown(cell) for cell in cells]))
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def alike(rows: Iterable[Row], *said: str) -> dict[tuple[str, ...], list[Row]]:
    """The rows by these of their columns, in the order in which they come."""
    found: dict[tuple[str, ...], list[Row]] = {}
    for one in rows:
        found.setdefault(tuple(str(getattr(one, column)) for column in said), []).append(one)
    return found


def calls_of(rows: Iterable[Row]) -> str:
    """The calls of the rows, each once, with their mailboxes' number where there are several."""
    by_call = alike(rows, "call")
    return ", ".join(
        f"{call} ({len(of)} mailboxes)" if len(of) > 1 else call for (call,), of in by_call.items()
    )
