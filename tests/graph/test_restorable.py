"""Deleted applications that could come back."""

from typing import Any

from graph.restorable import deleted_named


def test_those_of_a_name_are_found_whatever_its_case(emulated: Any) -> None:
    for name in ("PlaceOS", "placeos", "Another", "PlaceOS kept"):
        made = emulated.graph.post("/v1.0/applications", {"displayName": name, "notes": f"of {name}"})
        if name != "PlaceOS kept":
            emulated.graph.delete(f"/v1.0/applications/{made['id']}")
    found = deleted_named(emulated.graph, "PLACEOS")
    assert {one.notes for one in found} == {"of PlaceOS", "of placeos"}
    assert all(one.deleted for one in found)
