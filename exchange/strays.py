"""What the application has, or what stands beside it, that no state holds."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from graph import applications, registrations
from graph.api import GraphApi
from graph.applications import Application
from marks import is_probe_name, is_slot_name


@dataclass(frozen=True)
class Strays:
    """A line for each.

    made_twice: second applications without secrets, and names that several secrets have. azuread repeats a
    POST whose answer was lost, and the state holds the second only: nobody holds the secret of the first.
    by_hand: credentials that the stack did not make; whoever added one signs in as PlaceOS.
    """

    made_twice: tuple[str, ...] = ()
    by_hand: tuple[str, ...] = ()


def find_strays(graph: GraphApi, application_object_id: str, mark: str) -> Strays:
    """Look at this stack's own application and its namesakes; no refresh of azuread's shows any of it.

    An application without the mark is somebody else's, and so are its credentials: other stacks may name
    theirs alike. Raises a WireError when Graph could not be asked.
    """
    own = applications.application(graph, application_object_id)
    if own is None or mark not in own.notes:
        return Strays()
    return Strays(tuple(_made_twice(graph, own, mark)), tuple(_by_hand(graph, own)))


def _made_twice(graph: GraphApi, own: Application, mark: str) -> Iterator[str]:
    for other in applications.namesakes(graph, own):
        if mark in other.notes and not other.passwords:
            yield f"application {other.name} ({other.object_id}) beside the stack's own"
    names = Counter(one.display_name for one in own.passwords if is_slot_name(one.display_name))
    for name, count in sorted(names.items()):
        if count > 1:
            yield f"{count} client secrets named {name!r}"


def _by_hand(graph: GraphApi, own: Application) -> Iterator[str]:
    for secret in own.passwords:
        if not (is_slot_name(secret.display_name) or is_probe_name(secret.display_name)):
            yield f"client secret {secret.display_name!r} ({secret.key_id})"
    for certificate in own.certificates:
        yield f"certificate {certificate.display_name!r} ({certificate.key_id})"
    for trust in sorted(registrations.trusts(graph, own.object_id), key=str):
        yield f"federated credential of {trust.issuer} for {trust.subject}"
