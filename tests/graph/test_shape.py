"""Whether a document is told as its service always tells it."""

from typing import Any

import pytest

from graph.shape import Shape, wrong

SHAPE: Shape = {"id": "AB", "keys": list, "on": bool, "may": bool | None, "web": {"to": list}}
DOCUMENT: dict[str, Any] = {"id": "ab", "keys": [], "on": False, "may": None, "web": {"to": []}, "more": 1}


def test_what_is_told_as_always_is_right() -> None:
    assert list(wrong(DOCUMENT, SHAPE)) == []


@pytest.mark.parametrize(
    ("otherwise", "path"),
    [
        ({"id": "abc"}, "id"),
        ({"id": None}, "id"),
        ({"keys": None}, "keys"),
        ({"keys": {}}, "keys"),
        ({"on": None}, "on"),
        ({"on": 0}, "on"),
        ({"may": "x"}, "may"),
        ({"web": None}, "web"),
        ({"web": {"to": None}}, "web.to"),
        ({"web": {}}, "web.to"),
    ],
)
def test_what_is_not_is_named(otherwise: dict[str, Any], path: str) -> None:
    assert list(wrong(DOCUMENT | otherwise, SHAPE)) == [path]
