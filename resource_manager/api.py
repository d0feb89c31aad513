"""Azure Resource Manager, which is only read here: azure-native writes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from clock import Clock
from clouds import Cloud
from deployer import current_deployer
from https_json import EndpointError
from resource_manager.judgement import SERVICE, judge
from wire import Transient
from wire.paging import pages

if TYPE_CHECKING:
    from wire.client import ForgettingCredential

Document = dict[str, Any]


class ResourceManager:
    """Reads JSON as one identity. Paths are resource ids: "/subscriptions/…". Thread-safe.

    Every method raises a WireError when it did not do what was asked. A resource that is not there is
    NotFound to who may read it, and to anybody else NotAuthorised.
    """

    def __init__(self, credential: ForgettingCredential, cloud: Cloud, clock: Clock) -> None:
        # azure-core and requests cost a preview their import, and a preview asks Azure nothing.
        from wire.client import Wire  # noqa: PLC0415

        if not cloud.resource_manager:
            raise EndpointError(
                f"The cloud {cloud.name!r} does not say where its Azure Resource Manager is, and a key vault "
                "is looked up there: its metadata has no resourceManager. Check ARM_METADATA_HOSTNAME."
            )
        self._base = cloud.resource_manager
        self._wire = Wire(SERVICE, cloud.resource_manager, credential, clock, judge)

    def get(self, path: str, version: str) -> Document:
        """The resource at `path`, as that version of its provider's interface tells it."""
        found = self._get(path, self._url(path, version))
        if not found:
            raise Transient(SERVICE, f"GET {path}", "the answer was empty")
        return found

    def list(self, path: str, version: str) -> list[Document]:
        """The values of the list at `path`, all pages of them."""
        first, operation = self._url(path, version), f"GET {path}"
        return list(
            pages(
                first,
                lambda url: self._get(path, url),
                service=SERVICE,
                operation=operation,
                next_link="nextLink",
            )
        )

    def _url(self, path: str, version: str) -> str:
        return f"{self._base}{path}?api-version={version}"

    def _get(self, path: str, url: str) -> Document:
        from azure.core.rest import HttpRequest  # noqa: PLC0415

        headers = {"Accept": "application/json"}
        return self._wire.send(f"GET {path}", lambda: HttpRequest("GET", url, headers=headers), reading=True)


@cache
def current_resource_manager() -> ResourceManager:
    """Azure Resource Manager as this process's deployer; EndpointError where the cloud says none."""
    deployer = current_deployer()
    return ResourceManager(deployer.credential, deployer.cloud, deployer.clock)
