"""Microsoft Graph as PlaceOS asks it: Microsoft's own SDK, PlaceOS's credentials, one call at a time.

The SDK's retries are left out: they wait on the machine's clock. What is repeated here waits on the tenant's.
"""

import asyncio
import json
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

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
from moments import instant
from verify.answer import document_of, seen_in
from verify.outcome import Seen
from verify.promise import Promise, Question
from wire import Transient
from wire.answers import retry_after
from wire.client import LONGEST_WAIT, PAUSES
from wire.connection import connection_error
from wire.credentials import RenewableCredential
from wire.parallel import AT_ONCE
from wire.sign_in import sign_in_error

_SECONDS = 100.0
_BUSY = (429, 500, 502, 503, 504)
_IN_PATH = "/@()'="
_WINDOW = timedelta(hours=1)


class PlaceosGraph:
    """Asks the questions of one slot, with a token of its own; nothing of the credential is shown."""

    def __init__(self, promise: Promise, credential: RenewableCredential, cloud: Cloud, clock: Clock) -> None:
        self._promise, self._credential, self._cloud, self._clock = promise, credential, cloud, clock

    def ask(self, questions: Sequence[Question]) -> list[Seen]:
        """What Graph answers to each, in their order; WireError when Graph can't be reached."""
        return asyncio.run(self._ask(questions))

    async def _ask(self, questions: Sequence[Question]) -> list[Seen]:
        trusted = ssl.create_default_context(cafile=ca_bundle())
        async with httpx.AsyncClient(verify=trusted, timeout=_SECONDS, http2=True) as http:
            host = httpx.URL(self._cloud.graph).host
            signed = AzureIdentityAuthenticationProvider(
                self._credential,
                scopes=[self._cloud.graph_scope],
                allowed_hosts=[host],
                is_cae_enabled=False,  # or it signs in once more; PlaceOS's tokens are such
            )
            client = GraphClientFactory.create_with_custom_middleware([], client=http)
            adapter = GraphRequestAdapter(signed, client)
            few = asyncio.Semaphore(AT_ONCE)

            async def one(question: Question) -> Seen:
                async with few:
                    return await self._one(adapter, question)

            return list(await asyncio.gather(*map(one, questions)))

    async def _one(self, adapter: GraphRequestAdapter, question: Question) -> Seen:
        call, fill = question.call, self._filling(question)
        query = urlencode({name: fill(value) for name, value in call.query.items()}, quote_via=quote)
        url = f"{quote(fill(call.path), safe=_IN_PATH)}{'?' if query else ''}{query}"
        body = None if call.body is None else _filled(call.body, fill)
        response = await self._sent(adapter, call.method, url, body)
        seen = seen_in(response, call.answers)
        if response.status_code == 201 and call.undo:
            return replace(
                seen, left=await self._undone(adapter, quote(fill(call.undo), safe=_IN_PATH), response)
            )
        return seen

    async def _undone(self, adapter: GraphRequestAdapter, path: str, made: httpx.Response) -> str:
        """Delete at once what was made after all; what was left, in words."""
        path = path.replace("%7Bid%7D", quote(_id_of(made), safe=""))
        gone = await self._sent(adapter, "DELETE", path, None)
        if gone.status_code in (204, 404):
            return "it was made after all, and deleted at once"
        return f"it was made after all, and could not be deleted: DELETE {path}"

    async def _sent(self, adapter: GraphRequestAdapter, method: str, url: str, body: Any) -> httpx.Response:
        for pause in (*PAUSES, None):
            try:
                response = await self._attempt(adapter, method, url, body)
            except Transient:
                if pause is None:
                    raise
                wait: float | None = pause
            else:
                asked = retry_after(response.headers, self._clock.now())
                wait = pause if asked is None else asked
                if response.status_code not in _BUSY or pause is None or wait is None or wait > LONGEST_WAIT:
                    return response
            self._clock.sleep(wait or 0)
        raise AssertionError("the last attempt either answers or raises")

    async def _attempt(
        self, adapter: GraphRequestAdapter, method: str, url: str, body: Any
    ) -> httpx.Response:
        request = RequestInformation()
        request.http_method = Method(method)
        request.url = f"{self._cloud.graph}/v1.0{url}"
        request.headers.try_add("Prefer", 'IdType="ImmutableId"')  # both as PlaceOS does
        request.headers.try_add("ConsistencyLevel", "eventual")
        if body is not None:
            request.set_stream_content(json.dumps(body).encode(), "application/json")
        request.add_request_options([ResponseHandlerOption(NativeResponseHandler())])
        try:
            answer: Any = await adapter.send_primitive_async(request, "bytes", {})
        except httpx.TransportError as error:
            raise connection_error(SERVICE, f"{method} {url}", error) from None
        except ClientAuthenticationError as error:  # a token that ended meanwhile
            raise sign_in_error(f"{method} {url}", error) from None
        response: httpx.Response = answer
        return response

    def _filling(self, question: Question) -> Callable[[str], str]:
        now = self._clock.now()
        values = {
            "{mailbox}": question.mailbox,
            "{person}": next(iter(self._promise.refused), ""),
            "{group}": self._promise.group,
            "{client}": self._promise.client_id,
            "{start}": instant(now),
            "{end}": instant(now + _WINDOW),
            "{from}": instant(now).rstrip("Z"),
            "{to}": instant(now + _WINDOW).rstrip("Z"),
        }

        def fill(text: str) -> str:
            for name, value in values.items():
                text = text.replace(name, value)
            return text

        return fill


def _filled(value: Any, fill: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return fill(value)
    if isinstance(value, Mapping):
        return {name: _filled(inner, fill) for name, inner in value.items()}
    return [_filled(inner, fill) for inner in value] if isinstance(value, list) else value


def _id_of(response: httpx.Response) -> str:
    document = document_of(response)
    return str(document.get("id")) if isinstance(document, dict) else ""
