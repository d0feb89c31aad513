"""What the application has, or what stands beside it, that no state holds."""

from collections import Counter
from collections.abc import Iterator

from graph import applications, registrations
from graph.api import GraphApi
from graph.applications import Application
from marks import is_probe_name, is_slot_name


def made_twice(graph: GraphApi, application_object_id: str, mark: str) -> list[str]:
    """A line for each second application, without secrets, and for each name that several secrets have.

    azuread repeats a POST whose answer was lost, and the state holds the second only. What is left opens
    nothing, for nobody holds its secret, and no refresh of azuread's shows it. An application without the
    mark is not looked at: other stacks may name theirs alike. Raises a WireError when Graph could not be
    asked.
    """
    own = _own(graph, application_object_id, mark)
    if own is None:
        return []
    others = [
        f"application {one.name} ({one.object_id}) beside the stack's own"
        for one in applications.namesakes(graph, own)
        if mark in one.notes and not one.passwords
    ]
    names = Counter(one.display_name for one in own.passwords if is_slot_name(one.display_name))
    secrets = [f"{count} client secrets named {name!r}" for name, count in sorted(names.items()) if count > 1]
    return [*others, *secrets]


def added_by_hand(graph: GraphApi, application_object_id: str, mark: str) -> list[str]:
    """A line for each credential of this stack's own application that the stack did not make.

    Whoever added it signs in as PlaceOS. An application without the mark is somebody else's, and so are its
    credentials. Raises a WireError when Graph could not be asked.
    """
    own = _own(graph, application_object_id, mark)
    return list(_foreign(graph, own)) if own else []


def _foreign(graph: GraphApi, own: Application) -> Iterator[str]:
    for secret in own.passwords:
        if not (is_slot_name(secret.display_name) or is_probe_name(secret.display_name)):
            yield f"client secret {secret.display_name!r} ({secret.key_id})"
    for certificate in own.certificates:
        yield f"certificate {certificate.display_name!r} ({certificate.key_id})"
    for trust in sorted(registrations.trusts(graph, own.object_id), key=str):
        yield f"federated credential of {trust.issuer} for {trust.subject}"


def _own(graph: GraphApi, application_object_id: str, mark: str) -> Application | None:
    found = applications.application(graph, application_object_id)
    return found if found and mark in found.notes else None
