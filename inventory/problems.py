"""What is wrong with an inventory, said so that a person finds the cell and knows what to write."""

from collections.abc import Iterable
from dataclasses import dataclass


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
    """Everything that is wrong with the files of an inventory, at once: the text lists it line by line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.file, problem.row or 0)))
        count = len(self.problems)
        heading = f"The inventory can't be used: {count} problem{'s' * (count > 1)}. Nothing was changed."
        super().__init__("\n".join([heading, *(f"  {problem}" for problem in self.problems)]))


def shortened(value: str) -> str:
    """The value on one line, cut after 60 characters."""
    line = " ".join(value.split())
    return line if len(line) <= 60 else f"{line[:59]}…"
