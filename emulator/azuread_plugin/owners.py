"""Owners of an application or a service principal: the caller makes it, and leaves unless it shall stay.

Graph takes 20 owners with a new object; the others follow one by one. The caller is always among the first,
because with Application.ReadWrite.OwnedBy nobody else may finish the object.
"""

from emulator.azuread_plugin.graph import Document, Graph

_WITH_THE_OBJECT = 19  # and the caller


def _others(graph: Graph, wanted: list[str]) -> list[str]:
    return [owner for owner in wanted if owner.lower() != graph.caller.lower()]


def first_owners(graph: Graph, wanted: list[str]) -> Document:
    """The part of a create's body that names the caller and the first owners."""
    first = [graph.caller, *_others(graph, wanted)[:_WITH_THE_OBJECT]]
    return {"owners@odata.bind": [graph.reference(owner) for owner in first]}


def complete_owners(graph: Graph, path: str, wanted: list[str]) -> None:
    """After the create: add the owners that had no room, then take the caller out unless it is wanted."""
    others = _others(graph, wanted)
    _add(graph, path, others[_WITH_THE_OBJECT:])
    if len(others) == len(wanted):
        _remove(graph, path, [graph.caller])


def change_owners(graph: Graph, path: str, wanted: list[str]) -> None:
    """Add first, then remove, so that the object is never without an owner."""
    have = owners_of(graph, path)
    _add(graph, path, [owner for owner in wanted if owner not in have])
    _remove(graph, path, [owner for owner in have if owner not in wanted])


def owners_of(graph: Graph, path: str) -> list[str]:
    """The object ids of the owners."""
    return [owner["id"] for owner in graph.list(f"{path}/owners")]


def _add(graph: Graph, path: str, owners: list[str]) -> None:
    for owner in owners:
        graph.post(f"{path}/owners/$ref", {"@odata.id": graph.reference(owner)})


def _remove(graph: Graph, path: str, owners: list[str]) -> None:
    for owner in owners:
        graph.delete(f"{path}/owners/{owner}/$ref")
