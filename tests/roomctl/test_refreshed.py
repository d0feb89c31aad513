"""What the engine tells while it refreshes, whole and broken off."""

import json
from pathlib import Path
from typing import Any

import pytest

from drift.looks import Unseen
from drift.managed import Changed
from roomctl.refreshed import refreshed

SUMMARY: dict[str, Any] = {"summaryEvent": {"resourceChanges": {}}}
SECRET = "[secret]"


def step(op: str, name: str = "room", old: Any = None, new: Any = None, inputs: Any = None) -> dict[str, Any]:
    """The engine has read a resource."""
    state = {"outputs": old or {}, "inputs": inputs if inputs is not None else (old or {})}
    about = {"op": op, "type": "t:i:T", "urn": f"urn:pulumi:s::p::t:i:T::{name}"}
    return {"resOutputsEvent": {"metadata": {**about, "old": state, "new": {"outputs": new or {}}}}}


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An engine that writes these lines into its log, says this, and ends so."""

    def tells(*events: Any, code: int = 0, said: str = "") -> None:
        lines = [one if isinstance(one, str) else json.dumps(one) for one in events]
        (tmp_path / "events").write_text("\n".join(lines))
        (tmp_path / "pulumi").write_text(
            '#!/bin/sh\nwhile [ "$1" != --event-log ]; do shift; done\n'
            f'cp {tmp_path}/events "$2"\nprintf %s "{said}" >&2\nexit {code}\n'
        )
        (tmp_path / "pulumi").chmod(0o700)

    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return tells


def test_what_is_otherwise_and_what_is_gone(engine) -> None:
    engine(
        step("same", "a", {"x": 1}, {"x": 1}),
        step("update", "b", {"x": 1, "y": 1}, {"x": 2, "y": 2}, inputs={"x": 1}),
        step("update", "c", {"y": 1}, {"y": 2}, inputs={"x": 1}),
        step("delete", "d", {"x": 1}),
        SUMMARY,
    )
    changes, unseen = refreshed("prod")
    assert unseen == []
    assert changes == [
        Changed("t:i:T", "b", {"x": (1, 2), "y": (1, 2)}),
        Changed("t:i:T", "c", {"y": (1, 2)}),
        Changed("t:i:T", "d"),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [({}, {}), ({"value": SECRET}, {"value": SECRET}), ({"__provider": 1}, {"__provider": 2})],
    ids=["no properties", "a masked value", "a provider's own"],
)
def test_an_update_that_shows_nothing_is_still_told(engine, old: dict[str, Any], new: dict[str, Any]) -> None:
    engine(step("update", "b", old, new), SUMMARY)
    changes, _ = refreshed("prod")
    assert changes == [Changed("t:i:T", "b", {"something": ("as recorded", "otherwise")})]


NOTHING: dict[str, Any] = {
    "null": None, "a text": "", "a list": [], "an object": {}, "a flag": False, "empty blocks": [{"a": []}],
    "objects in objects": {"a": {"b": [None]}, "__defaults": ["a"]},
}  # fmt: skip
"""What azuread writes where there is nothing, beside leaving it out."""


@pytest.mark.parametrize("before", NOTHING)
def test_the_same_nothing_is_no_change_at_any_depth(engine, before: str) -> None:
    was = NOTHING[before]
    engine(
        step("update", "new", {"x": 1}, {"x": 1, "web": was}),
        *(step("update", "top", {"web": was}, {"web": one}) for one in NOTHING.values() if one != was),
        *(
            step("update", "deep", {"web": [{"a": 1, "b": was}]}, {"web": [{"a": 1, "b": one}]})
            for one in NOTHING.values()
            if one != was
        ),
        SUMMARY,
    )
    assert refreshed("prod") == ([], [])


def test_a_list_keeps_its_places_and_what_is_in_it_counts(engine) -> None:
    engine(
        step("update", "a", {"x": ["", "b"]}, {"x": ["b", ""]}),
        step("update", "b", {"x": [{"on": True}]}, {"x": [{"on": False}]}),
        SUMMARY,
    )
    changes, _ = refreshed("prod")
    assert [(one.name, list(one.properties)) for one in changes] == [("a", ["x"]), ("b", ["x"])]


def test_what_is_neither_declared_nor_there_is_as_the_code_says_although_the_state_took_it_over(
    engine,
) -> None:
    engine(
        step("update", "gone", {"tags": ["x"]}, {"tags": []}, inputs={"name": "a"}),
        step("update", "there", {"tags": []}, {"tags": ["x"]}, inputs={"name": "a"}),
        step("update", "declared", {"tags": ["x"]}, {"tags": []}, inputs={"tags": ["x"]}),
        SUMMARY,
    )
    changes, _ = refreshed("prod")
    assert [one.name for one in changes] == ["there", "declared"]


def test_what_a_refreshed_state_holds_is_told_against_what_the_program_declared(engine) -> None:
    held = {"name": "Rooms", "owners": ["it"], "adopted": True}
    named = step("update", "b", {**held, "web": {"a": ""}}, {**held, "web": {"a": ["x"]}, "name": "Ours"}, {})
    named["resOutputsEvent"]["metadata"]["diffs"] = ["web.a[0]", "owners"]
    engine(
        step("update", "a", held, held, {"name": "PlaceOS", "owners": ["it"], "adopted": None}),
        named,
        SUMMARY,
    )
    changes, _ = refreshed("prod")
    assert changes == [
        Changed("t:i:T", "a", {"name": ("PlaceOS", "Rooms")}),
        Changed(
            "t:i:T",
            "b",
            {"name": ("Rooms", "Ours"), "web": ({"a": ""}, {"a": ["x"]}), "owners": (None, ["it"])},
        ),
    ]


def test_beside_a_masked_value_an_update_is_told_although_all_that_shows_is_nothing(engine) -> None:
    engine(step("update", "b", {"value": SECRET}, {"value": SECRET, "note": ""}), SUMMARY)
    changes, _ = refreshed("prod")
    assert changes == [Changed("t:i:T", "b", {"something": ("as recorded", "otherwise")})]


def test_events_that_are_cut_in_the_middle_are_told_up_to_there_and_as_a_part(engine) -> None:
    engine(step("delete", "a"), '{"resOutputsEvent": {"metadata"', step("delete", "b"), SUMMARY)
    changes, [unseen] = refreshed("prod")
    assert [one.name for one in changes] == ["a"]
    assert (unseen.about, unseen.reason) == ("what Pulumi manages", "the engine told only a part of it")
    assert unseen.fix


def test_an_engine_that_fails_after_some_events_has_told_those(engine) -> None:
    error = {"diagnosticEvent": {"severity": "error", "message": "first line\nsecond line\n"}}
    engine(step("delete", "a"), error, SUMMARY, code=255)
    changes, [unseen] = refreshed("prod")
    assert [one.name for one in changes] == ["a"]
    assert unseen == Unseen(
        "what Pulumi manages",
        "first line; second line",
        "run pulumi refresh --preview-only, and mend what it says",
    )


@pytest.mark.parametrize(
    ("events", "code", "said", "reason"),
    [
        ((), 255, "error: no stack named x", "no stack named x"),
        ((), 1, "", "pulumi refresh ended with 1 and gave no reason."),
        ((), 0, "", "the engine told only a part of it"),
        ((["a list"], 3, "null"), 0, "", "the engine told only a part of it"),
        (({"resOutputsEvent": {}}, SUMMARY), 0, "", "the engine told what is not known"),
        (
            ({"resOutputsEvent": {"metadata": {"op": "update", "urn": 3, "old": []}}}, SUMMARY),
            0,
            "",
            "the engine",
        ),
    ],
)
def test_an_engine_that_tells_nothing_or_what_nobody_knows(
    engine, events: tuple[Any, ...], code: int, said: str, reason: str
) -> None:
    engine(*events, code=code, said=said)
    changes, [unseen] = refreshed("prod")
    assert changes == []
    assert reason in unseen.reason
