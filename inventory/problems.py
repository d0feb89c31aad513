"""What is wrong with an inventory, said so that a person finds the cell and knows what to write."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

_MOST_OF_A_FILE = 20


class RefusedCellError(ValueError):
    """A cell that can't be used: why, what to do, and what the cell probably held before."""

    def __init__(self, reason: str, fix: str, likely: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix
        self.likely = likely


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal. `row` counts as a spreadsheet does: the header is row 1.

    `likely` holds what a spreadsheet probably turned into `value`, the likeliest first.
    """

    file: str
    reason: str
    fix: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    likely: tuple[str, ...] = ()

    def __str__(self) -> str:
        """One line that says where, what, why, and what to do."""
        place = self.file
        if self.row is not None:
            place += f" row {self.row}"
        if self.column is not None:
            place += f", {self.column}"
        what = self.reason if self.value is None else f'"{shortened(self.value)}" {self.reason}'
        sentences = [f"{place}: {what}."]
        if self.likely:
            originals = " or ".join(f'"{original}"' for original in self.likely)
            sentences.append(f"A spreadsheet probably turned {originals} into it.")
        return " ".join([*sentences, f"{self.fix}."])


class InventoryError(ValueError):
    """Everything that is wrong with the files of an inventory, at once: the text lists it line by line.

    `lines` are those of the text: at most twenty a file, and how many more there are.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.file, problem.row or 0)))
        self.lines = tuple(_lines(self.problems))
        count = len(self.problems)
        heading = f"The inventory can't be used: {count:,} problem{'s' * (count > 1)}. Nothing was changed."
        super().__init__("\n".join([heading, *(f"  {line}" for line in self.lines)]))


def _lines(problems: Iterable[Problem]) -> Iterator[str]:
    for file, group in groupby(problems, key=lambda problem: problem.file):
        of_file = tuple(group)
        yield from map(str, of_file[:_MOST_OF_A_FILE])
        if more := len(of_file[_MOST_OF_A_FILE:]):
            yield f"{file}: and {more:,} more."


def shortened(value: str) -> str:
    """The value on one line, cut after 60 characters, with U+FFFD for what can't be seen."""
    line = " ".join(value.split())
    line = line if len(line) <= 60 else f"{line[:59]}…"
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in line)
