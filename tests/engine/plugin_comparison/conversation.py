"""What an azuread plugin said to the tenant during an operation, in words that equal tenants share."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from emulator.store import Store

Conversation: TypeAlias = Counter[str]
"""Requests, each with how often it was made; a read counts once, however often it was polled."""

_PLUGINS = ("azuread-stand-in", "HashiCorp Terraform/", "Go-http-client/")
"""How the stand-in, the official plugin, and the official plugin's sign-in name themselves to a service."""
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![\w-])[\w-]{43}(?![\w-])", re.IGNORECASE)
"""An object's id, or that of an assignment."""


def known_objects(store: Store) -> dict[str, str]:
    """The names of what is in the tenant already, by id: equal tenants have equal ids there."""
    named = (
        (document[key], document["displayName"])
        for kind in ("organization", "application", "servicePrincipal", "user", "group")
        for document in store.all(kind)
        for key in ("id", "appId")
        if document.get(key)
    )
    return {id_.lower(): f"{{{name}}}" for id_, name in named}


def conversation(requests: Iterable[Mapping[str, Any]], known: Mapping[str, str]) -> Conversation:
    """The azuread plugin's requests among those of the tenant's log.

    Their order is lost, as the engine works on several resources at once. An id that is not known becomes the
    role of its object, such as `{application}`.
    """
    said: Conversation = Counter()
    for request in requests:
        if str(request.get("agent", "")).startswith(_PLUGINS):
            words = _words(request, known)
            said[words] = 1 if _reads(request) else said[words] + 1
    return said


def _reads(request: Mapping[str, Any]) -> bool:
    return request["method"] == "GET" or request["path"].endswith("/oauth2/v2.0/token")


def _words(request: Mapping[str, Any], known: Mapping[str, str]) -> str:
    path = _ID.sub(lambda found: _role(found, known), request["path"])
    query = "&".join(
        f"{name}={_ID.sub(lambda found: _role(found, known), value)}"
        for name, value in sorted(parse_qsl(request.get("query", ""), keep_blank_values=True))
    )
    names = f" ({', '.join(request['names'])})" if request.get("names") else ""
    return f"{request['method']} {path}{query and '?'}{query}{names}: {request['status']}"


def _role(found: re.Match[str], known: Mapping[str, str]) -> str:
    """The object's name if it was there before, else what is kept in the collection it stands in."""
    collection = re.search(r"(\w+)/$", found.string[: found.start()])
    return known.get(found[0].lower()) or f"{{{collection[1].removesuffix('s') if collection else 'id'}}}"
