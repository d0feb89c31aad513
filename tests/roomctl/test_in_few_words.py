"""A command's own JSON in the line of a stack."""

import inspect
from typing import Any

import pytest

from roomctl.commands import Commands
from roomctl.in_few_words import IN_FEW_WORDS


def rows(*found: str, unseen: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "rows": [
            {"about": "identity", "answer": "fine", "seen": "x"},
            *({"about": name, "answer": "found", "seen": "x"} for name in found),
            *({"about": name, "answer": "not looked at", "seen": f"{name} said no"} for name in unseen),
        ]
    }


def drift(*levels: str, accepted: int = 0, unseen: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "findings": [{"level": level} for level in levels],
        "accepted": [{}] * accepted,
        "notLookedAt": [{"about": name, "reason": f"{name} said no"} for name in unseen],
    }


@pytest.mark.parametrize(
    ("command", "answer", "words"),
    [
        ("preflight", rows(), "nothing is in the way"),
        ("preflight", rows("a", "b", "c", "d", "e"), "5 in the way: a, b, c and 2 more"),
        (
            "preflight",
            rows("a", unseen=("b", "c")),
            "1 in the way: a; not looked at: b (b said no) and 1 more",
        ),
        ("review", {"verdict": "new access", "questions": ["?", "?"]}, "new access, 2 questions"),
        ("review", {"verdict": "nothing changes", "questions": []}, "nothing changes"),
        ("drift", drift(), "no drift"),
        ("drift", drift("low", "critical", "low", accepted=1), "drift: 1 critical, 2 low; 1 accepted"),
        (
            "verify",
            {"rows": [{"verdict": "as promised"}] * 3, "lost": []},
            "3 answers: 3 as promised",
        ),
        (
            "verify",
            {"rows": [{"verdict": "as promised"}, {"verdict": "not yet"}], "lost": ["room search"]},
            "2 answers: 1 as promised, 1 not yet; PlaceOS loses: room search",
        ),
        ("drift", drift(unseen=("Exchange",)), "no drift; not looked at: Exchange (Exchange said no)"),
    ],
)
def test_in_few_words(command: str, answer: dict[str, Any], words: str) -> None:
    assert IN_FEW_WORDS[command](answer) == words


def test_every_command_over_many_stacks_has_its_words() -> None:
    commands = [one.callback for one in Commands(name="roomctl").commands.values() if one.callback]
    over_many = {one.__name__ for one in commands if "stacks" in inspect.signature(one).parameters}
    assert {"drift", "preflight", "review", "verify"} == over_many == IN_FEW_WORDS.keys()
