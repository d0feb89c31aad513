"""Lists that a service gives in pages."""

from collections.abc import Callable, Iterator
from typing import Any

from wire.errors import Invalid, NotFound, Transient

_LOST = "What came before it counts for nothing. Run it again: the list is then read from its beginning."


def pages(
    first: str,
    read: Callable[[str], dict[str, Any]],
    *,
    service: str,
    operation: str,
    next_link: str = "@odata.nextLink",
) -> Iterator[Any]:
    """The values of every page from `first` on, following `next_link`; a page that fails is an error.

    A later page that is not found, or whose link has expired, is Transient: the list itself is there.
    """
    seen: set[str] = set()
    link: str | None = first
    while link:
        if link in seen:
            raise Invalid(service, operation, "the service's pages lead back to a page already read")
        document = _later(link, read) if seen else read(link)
        seen.add(link)
        yield from entries(document, service=service, operation=operation)
        link = document.get(next_link)


def entries(document: dict[str, Any], *, service: str, operation: str) -> list[dict[str, Any]]:
    """The objects of one page; an answer of another shape is an error, and never an empty list."""
    if "value" not in document:
        raise Transient(service, operation, "the answer held no list, not even an empty one")
    value = document["value"]
    if not isinstance(value, list):
        raise Invalid(service, operation, "the service answered one object where a list was asked for")
    if not all(isinstance(one, dict) for one in value):
        raise Invalid(service, operation, "the service answered a list of something else than objects")
    return value


def _later(link: str, read: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    try:
        return read(link)
    except (NotFound, Invalid) as error:
        if not error.status:  # not the service's word: the link leads elsewhere
            raise
        raise Transient.like(error, _LOST) from None
