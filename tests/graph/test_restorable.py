"""Deleted applications that could come back."""

from typing import Any

from graph.restorable import Whereabouts, deleted_named, whereabouts


def test_those_of_a_name_are_found_whatever_its_case(emulated: Any) -> None:
    for name in ("PlaceOS", "placeos", "Another", "PlaceOS kept"):
        made = emulated.graph.post("/v1.0/applications", {"displayName": name, "notes": f"of {name}"})
        if name != "PlaceOS kept":
            emulated.graph.delete(f"/v1.0/applications/{made['id']}")
    found = deleted_named(emulated.graph, "PLACEOS")
    assert {one.notes for one in found} == {"of PlaceOS", "of placeos"}
    assert all(one.deleted for one in found)


def test_where_many_are_is_asked_together(emulated: Any) -> None:
    made = [emulated.graph.post("/v1.0/applications", {"displayName": name}) for name in ("a", "b", "c")]
    for one in made[1:]:
        emulated.graph.delete(f"/v1.0/applications/{one['id']}")
    emulated.graph.delete(f"/v1.0/directory/deletedItems/{made[2]['id']}")
    before = len(emulated.tenant.store.logged())
    assert whereabouts(emulated.graph, [one["appId"] for one in made]) == {
        made[0]["appId"]: Whereabouts(exists=True),
        made[1]["appId"]: Whereabouts(exists=False, deleted=made[1]["id"]),
        made[2]["appId"]: Whereabouts(exists=False),
    }
    assert len(emulated.tenant.store.logged()) == before + 1, "asked for together"
