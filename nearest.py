"""The name that was probably meant: every refusal of a misspelt name offers it."""

import difflib
from collections.abc import Iterable


def nearest(word: str, names: Iterable[str], *, count: int = 1, cutoff: float = 0.6) -> tuple[str, ...]:
    """Up to `count` of the names that look like the word, the likeliest first; empty when none does.

    `cutoff` is difflib's: 1 asks for the same letters, 0 for none.

    Case, spaces, `_`, `-` and `.` don't count: `Room ID` is as near to `room_id` as can be.
    """
    by_letters = {_letters(name): name for name in names}
    found = difflib.get_close_matches(_letters(word), by_letters, n=count, cutoff=cutoff)
    return tuple(by_letters[letters] for letters in found)


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """One sentence that leads on: the nearest name or, when nothing is near, all of them."""
    names = sorted(names)
    found = nearest(word, names, count=3)
    if not found:
        return f"known are {', '.join(names)}"
    return f"the nearest {'names are' if len(found) > 1 else 'name is'} {', '.join(found)}"


def _letters(word: str) -> str:
    """The word's letters and digits alone, without case."""
    return "".join(letter for letter in word.casefold() if letter.isalnum())
