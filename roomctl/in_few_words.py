"""What a command's own JSON says, in a few words: the line of a stack among many."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from review.change import LEVELS
from roomctl.look import Answer
from verify.outcome import Verdict

_NAMED = 3
"""How many are named in a line."""


def _preflight(answer: Any) -> str:
    found = [str(row["about"]) for row in answer["rows"] if row["answer"] == Answer.FOUND]
    unseen = [(row["about"], row["seen"]) for row in answer["rows"] if row["answer"] == Answer.NOT_LOOKED]
    said = [f"{len(found)} in the way: {_listed(found)}"] if found else []
    return "; ".join([*said, *_not_looked(unseen)]) or "nothing is in the way"


def _review(answer: Any) -> str:
    asked = len(answer["questions"])
    questions = {0: "", 1: ", 1 question"}.get(asked, f", {asked} questions")
    return f"{answer['verdict']}{questions}"


def _drift(answer: Any) -> str:
    levels = Counter(str(one["level"]) for one in answer["findings"])
    found = [f"{levels[level]} {level}" for level in reversed(LEVELS) if levels[level]]
    unseen = [(one["about"], one["reason"]) for one in answer["notLookedAt"]]
    accepted = [f"{len(answer['accepted'])} accepted"] if answer["accepted"] else []
    said = [f"drift: {', '.join(found)}" if found else "no drift", *accepted]
    return "; ".join([*said, *_not_looked(unseen)])


def _verify(answer: Any) -> str:
    rows = answer["rows"]
    verdicts = Counter(str(one["verdict"]) for one in rows)
    open_ones = [f"{verdicts[one]} {one}" for one in Verdict if verdicts[one]]
    lost = [f"PlaceOS loses: {_listed(answer['lost'])}"] if answer["lost"] else []
    return "; ".join([f"{len(rows)} answers: {', '.join(open_ones)}", *lost])


IN_FEW_WORDS: Mapping[str, Callable[[Any], str]] = {
    "drift": _drift,
    "preflight": _preflight,
    "review": _review,
    "verify": _verify,
}
"""A line a command that runs over many stacks."""


def _not_looked(unseen: Sequence[tuple[Any, Any]]) -> list[str]:
    """The reason of the first: the others' are mostly the same."""
    if not unseen:
        return []
    about, reason = unseen[0]
    more = f" and {len(unseen) - 1} more" if len(unseen) > 1 else ""
    return [f"not looked at: {about} ({reason}){more}"]


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
