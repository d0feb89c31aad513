"""Microsoft Graph, as much of it as this product asks for by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from clock import Clock
from clouds import Cloud
from deployer import current_deployer
from graph.judgement import SERVICE, judge
from wire import Transient
from wire.paging import entries, pages

if TYPE_CHECKING:
    from wire.client import ForgettingCredential

__all__ = ["SERVICE", "Document", "GraphApi", "current_graph"]

Document = dict[str, Any]


class GraphApi:
    """Reads and writes JSON as one identity. Paths begin with the version: "/v1.0/users". Thread-safe.

    Every method raises a WireError when it did not do what was asked; reads are repeated while the failure
    may pass, writes raise Unclear when their answer is lost.
    """

    def __init__(self, credential: ForgettingCredential, cloud: Cloud, clock: Clock) -> None:
        # azure-core and requests cost a preview their import, and a preview asks Graph nothing.
        from wire.client import Wire  # noqa: PLC0415

        self.clock = clock
        self._base = cloud.graph
        self._wire = Wire(SERVICE, cloud.graph, credential, clock, judge)

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Document:
        """The object at `path`; NotFound when there is none."""
        found = self._send("GET", path, self._url(path, query))
        if not found:
            raise Transient(SERVICE, f"GET {path}", "the answer was empty")
        return found

    def page(self, path: str, query: Mapping[str, str] | None = None) -> list[Document]:
        """The objects of the collection at `path` that come first, as many as the service gives at once."""
        found = self._send("GET", path, self._url(path, query))
        return entries(found, service=SERVICE, operation=f"GET {path}")

    def list(self, path: str, query: Mapping[str, str] | None = None) -> list[Document]:
        """The objects of the collection at `path`, all pages of them."""
        first = self._url(path, query)
        found = pages(
            first, lambda url: self._send("GET", path, url), service=SERVICE, operation=f"GET {path}"
        )
        return list(found)

    def rest_of_list(self, first: Document) -> Iterator[Document]:
        """The objects on the pages after the first, which is known already."""
        link = str(first["@odata.nextLink"])
        operation = f"GET {link.partition('?')[0].removeprefix(self._base)}"
        yield from pages(link, lambda url: self._send("GET", url, url), service=SERVICE, operation=operation)

    def batch(self, path: str, body: Document) -> Document:
        """What the service answers to a batch that only reads, so that it may be repeated."""
        from azure.core.rest import HttpRequest  # noqa: PLC0415

        url, accept = self._url(path), {"Accept": "application/json"}
        return self._wire.send(
            f"POST {path}", lambda: HttpRequest("POST", url, headers=accept, json=body), reading=True
        )

    def post(self, path: str, body: Document) -> Document:
        """What the service answers to `body`; an empty object when it answers nothing."""
        return self._send("POST", path, self._url(path), body)

    def patch(self, path: str, body: Document) -> None:
        """Change the object at `path`."""
        self._send("PATCH", path, self._url(path), body)

    def upsert(self, path: str, body: Document) -> Document:
        """Make the object of the alternate key that `path` names, or change it; empty when it was there.

        https://learn.microsoft.com/graph/api/application-upsert
        """
        return self._send("PATCH", path, self._url(path), body, {"Prefer": "create-if-missing"})

    def delete(self, path: str) -> None:
        """Delete the object at `path`; NotFound when there is none."""
        self._send("DELETE", path, self._url(path))

    def address(self, path: str) -> str:
        """The whole address of an object, by which another's body names it."""
        return self._url(path)

    def _url(self, path: str, query: Mapping[str, str] | None = None) -> str:
        return f"{self._base}{path}" + (f"?{urlencode(query)}" if query else "")

    def _send(
        self,
        method: str,
        path: str,
        url: str,
        body: Document | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Document:
        from azure.core.rest import HttpRequest  # noqa: PLC0415

        sent = {"Accept": "application/json", **(headers or {})}
        return self._wire.send(
            f"{method} {path}",
            lambda: HttpRequest(method, url, headers=sent, json=body),
            reading=method == "GET",
        )


@cache
def current_graph() -> GraphApi:
    """Microsoft Graph as this process's deployer."""
    deployer = current_deployer()
    return GraphApi(deployer.credential, deployer.cloud, deployer.clock)
