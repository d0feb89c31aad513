"""A request of PlaceOS to Microsoft Graph: Microsoft's own SDK, and one way to repeat what failed.

The SDK's retries are left out: they wait on the machine's clock. What is repeated here waits on the tenant's.
"""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from azure.core.exceptions import ClientAuthenticationError
from kiota_abstractions.method import Method
from kiota_abstractions.native_response_handler import NativeResponseHandler
from kiota_abstractions.request_information import RequestInformation
from kiota_authentication_azure.azure_identity_authentication_provider import (
    AzureIdentityAuthenticationProvider,
)
from kiota_http.middleware.options import ResponseHandlerOption
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph_core import GraphClientFactory

from clock import Clock
from clouds import Cloud
from graph.judgement import SERVICE
from https_json import ca_bundle
from wire import NotDone, Transient
from wire.answers import retry_after
from wire.client import LONGEST_WAIT, PAUSES
from wire.connection import connection_error
from wire.credentials import RenewableCredential
from wire.sign_in import sign_in_error

IN_PATH = "/@()'="
"""What a path keeps as it is."""


@dataclass(frozen=True)
class Patience:
    """How often a request is repeated. pauses: seconds between two attempts, of the tenant's time.

    busy: the statuses that are repeated; broken: the failures of the connection that are.
    seconds: how long one attempt may take, of the machine's time.
    """

    pauses: Sequence[float] = PAUSES
    busy: tuple[int, ...] = (429, 500, 502, 503, 504)
    broken: type[Transient] = Transient
    seconds: float = 100.0


USUAL = Patience()
MAKING = Patience(busy=(429,), broken=NotDone)
"""For what may make something: it is repeated only when it was certainly not carried out."""
BRIEF = Patience(pauses=(), seconds=5.0)
"""For a process that is being ended."""


@dataclass(frozen=True)
class Sending:
    """Sends as PlaceOS does, with its credential; nothing of that is shown."""

    adapter: GraphRequestAdapter
    base: str
    clock: Clock

    async def send(
        self, method: str, path: str, body: Any = None, patience: Patience = USUAL
    ) -> httpx.Response:
        """What is answered at `path`, after /v1.0; WireError when there is no answer."""
        for pause in (*patience.pauses, None):
            try:
                response = await self._attempt(method, path, body, patience)
            except patience.broken:
                if pause is None:
                    raise
                wait: float | None = pause
            else:
                asked = retry_after(response.headers, self.clock.now())
                wait = pause if asked is None else asked
                busy = response.status_code in patience.busy
                if not busy or pause is None or wait is None or wait > LONGEST_WAIT:
                    return response
            await self.clock.pause(wait or 0)
        raise AssertionError("the last attempt either answers or raises")

    async def _attempt(self, method: str, path: str, body: Any, patience: Patience) -> httpx.Response:
        request = RequestInformation()
        request.http_method = Method(method)
        request.url = f"{self.base}{path}"
        request.headers.try_add("Prefer", 'IdType="ImmutableId"')  # both as PlaceOS does
        request.headers.try_add("ConsistencyLevel", "eventual")
        if body is not None:
            request.set_stream_content(json.dumps(body).encode(), "application/json")
        request.add_request_options([ResponseHandlerOption(NativeResponseHandler())])
        try:
            async with asyncio.timeout(patience.seconds):
                answer: Any = await self.adapter.send_primitive_async(request, "bytes", {})
        except TimeoutError:
            raise Transient(SERVICE, f"{method} {path}", f"no answer in {patience.seconds:.0f} s") from None
        except httpx.RequestError as error:
            raise connection_error(SERVICE, f"{method} {path}", error) from None
        except ClientAuthenticationError as error:  # a token that ended meanwhile
            raise sign_in_error(f"{method} {path}", error) from None
        response: httpx.Response = answer
        return response


@asynccontextmanager
async def sending(credential: RenewableCredential, cloud: Cloud, clock: Clock) -> AsyncIterator[Sending]:
    """While the context is open, requests go out in the credential's name."""
    trusted = ssl.create_default_context(cafile=ca_bundle())
    async with httpx.AsyncClient(verify=trusted, timeout=USUAL.seconds, http2=True) as http:
        signed = AzureIdentityAuthenticationProvider(
            credential,
            scopes=[cloud.graph_scope],
            allowed_hosts=[httpx.URL(cloud.graph).host],
            is_cae_enabled=False,  # or it signs in once more; PlaceOS's tokens are such
        )
        client = GraphClientFactory.create_with_custom_middleware([], client=http)
        yield Sending(GraphRequestAdapter(signed, client), f"{cloud.graph}/v1.0", clock)
