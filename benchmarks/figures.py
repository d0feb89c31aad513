"""A measured figure beside its bound."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One number. `bound` is the most that it may be (None: it is only told), both in `unit`."""

    name: str
    measured: float
    unit: str
    bound: float | None = None
    how: str = ""
    """What was counted, or the numbers behind a ratio."""

    @property
    def is_over(self) -> bool:
        """Whether the figure is above its bound."""
        return self.bound is not None and self.measured > self.bound


def ratio(name: str, part: float, whole: float, *, bound: float, how: str) -> Figure:
    """How many times `whole` goes into `part`, to two decimals."""
    return Figure(name, round(part / whole, 2), "times", bound, how)
