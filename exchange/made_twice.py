"""What azuread made twice: it repeats a POST whose answer was lost, and the state holds the second only."""

from collections import Counter

from graph import applications
from graph.api import GraphApi
from marks import is_slot_name


def made_twice(graph: GraphApi, application_object_id: str, mark: str) -> list[str]:
    """A line for each second application, without secrets, and for each name that several secrets have.

    They open nothing, for nobody holds their secrets, and no refresh of azuread's shows them. An application
    without the mark is not looked at: other stacks may name theirs alike. Raises a WireError when Graph could
    not be asked.
    """
    own = applications.application(graph, application_object_id)
    if own is None or mark not in own.notes:
        return []
    others = [
        f"application {one.name} ({one.object_id}) beside the stack's own"
        for one in applications.namesakes(graph, own)
        if mark in one.notes and not one.passwords
    ]
    names = Counter(one.display_name for one in own.passwords if is_slot_name(one.display_name))
    secrets = [f"{count} client secrets named {name!r}" for name, count in sorted(names.items()) if count > 1]
    return [*others, *secrets]
