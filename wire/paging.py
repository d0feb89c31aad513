"""Lists that a service gives in pages."""

from collections.abc import Callable, Iterator
from typing import Any

from wire.errors import Invalid


def pages(
    first: str, read: Callable[[str], dict[str, Any]], *, service: str, operation: str
) -> Iterator[Any]:
    """The values of every page from `first` on, following @odata.nextLink; a page that fails is an error."""
    seen: set[str] = set()
    link: str | None = first
    while link:
        if link in seen:
            raise Invalid(service, operation, "the service's pages lead back to a page already read")
        seen.add(link)
        document = read(link)
        value = document.get("value", [])
        if not isinstance(value, list):
            raise Invalid(service, operation, "the service answered one object where a list was asked for")
        yield from value
        link = document.get("@odata.nextLink")
