"""A vault at its own address: who may, reads the value there.

https://learn.microsoft.com/rest/api/keyvault/secrets/operation-groups
"""

import json
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.key_vault import authorization
from emulator.key_vault.errors import AzureError
from emulator.key_vault.management import find_vault
from emulator.key_vault.vault_secrets import VaultSecrets
from emulator.request_log import note
from emulator.store import Document
from emulator.tenant import Tenant
from emulator.tokens import KEY_VAULT, InvalidTokenError, Token, authenticate

HOST = "{vault}.vault.localhost"
"""A vault's host name; names under localhost are this machine (RFC 6761)."""
_VERSIONS = frozenset({"7.0", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "2025-07-01"})
_Work = Callable[[VaultSecrets, "_Call"], Document | None]


class _Call:
    """One request at a vault, and how its answers are written."""

    def __init__(self, tenant: Tenant, vault: Document, request: Request, body: bytes) -> None:
        self._url = tenant.vault_url(vault["name"])
        self._body = body
        self.name = str(request.path_params["secret"])
        self.version = str(request.path_params.get("version", ""))

    def given(self) -> Document:
        """The body; a refusal when it is no JSON object."""
        try:
            document = json.loads(self._body)
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise AzureError(400, "BadParameter", "The request body is no JSON object.")
        return document

    def bundle(self, version: Document, *, value: bool = False) -> Document:
        """One version as the vault tells it."""
        shown = {key: version[key] for key in ("contentType", "tags") if version[key]}
        address = f"{self._url}/secrets/{self.name}/{version['version']}"
        attributes = {
            **version["attributes"],
            "recoveryLevel": "Recoverable+Purgeable",
            "recoverableDays": 90,
        }
        told = {"value": version["value"]} if value else {}
        return {**told, "id": address, "attributes": attributes, **shown}

    def deleted(self, secret: Document) -> Document:
        """A deleted secret as the vault tells it, without its value."""
        recovery = {"recoveryId": f"{self._url}/deletedsecrets/{self.name}"}
        return {**recovery, **secret["deleted"], **self.bundle(secret["versions"][-1])}


def routes(tenant: Tenant) -> list[Route]:
    """The routes of every vault."""

    def at(path: str, method: str, action: str, what: str, work: _Work) -> Route:
        async def answer(request: Request) -> Response:
            body = await request.body()
            return await run_in_threadpool(_answer, tenant, request, action, work, body)

        answer.__doc__ = what
        return Route(path, answer, methods=[method])

    may = authorization
    one, deleted = "/secrets/{secret}", "/deletedsecrets/{secret}"
    return [
        at(one + "/versions", "GET", may.READ_METADATA, "The versions of a secret.", _versions),
        at(one, "GET", may.GET, "A secret with its value.", _get),
        at(one + "/", "GET", may.GET, "A secret with its value.", _get),
        at(one + "/{version}", "GET", may.GET, "An older version with its value.", _get),
        at(one, "PUT", may.SET, "Write a new version.", _set),
        at(one + "/{version}", "PATCH", may.UPDATE, "Other attributes, content type or tags.", _update),
        at(one, "DELETE", may.DELETE, "Soft delete.", _delete),
        at(deleted, "GET", may.READ_METADATA, "A deleted secret, without its value.", _deleted),
        at(deleted + "/recover", "POST", may.RECOVER, "Undo a deletion.", _recover),
        at(deleted, "DELETE", may.PURGE, "Delete for good.", _purge),
    ]


def _answer(tenant: Tenant, request: Request, action: str, work: _Work, body: bytes) -> Response:
    try:
        vault, caller = _vault(tenant, request), _caller(tenant, request)
        _must_be_versioned(request)
        call = _Call(tenant, vault, request, body)
        authorization.must_be_let_in(tenant, caller, vault, action, call.name)
        with tenant.store.transaction():
            document = work(VaultSecrets(tenant, vault), call)
    except AzureError as refusal:
        # learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses
        where = f'authorization="{tenant.base_url}/{tenant.id}", resource="{tenant.vault_resource}"'
        challenge = {"WWW-Authenticate": f"Bearer {where}"} if refusal.status == 401 else {}
        return JSONResponse(refusal.body(), refusal.status, challenge)
    return Response(status_code=204) if document is None else JSONResponse(document)


def _vault(tenant: Tenant, request: Request) -> Document:
    name = request.path_params["vault"]
    vault = find_vault(tenant, name)
    if vault is None:  # in the world, there is no such host
        raise AzureError(404, "VaultNotFound", f"There is no vault {name}.")
    return vault


def _caller(tenant: Tenant, request: Request) -> Token:
    try:
        caller = authenticate(tenant, request.headers.get("authorization"), KEY_VAULT)
    except InvalidTokenError as reason:
        text = f"AKV10000: Request is missing a Bearer or PoP token. {reason}"
        raise AzureError(401, "Unauthorized", text) from reason
    note(request, client=caller.client_id)
    return caller


def _must_be_versioned(request: Request) -> None:
    if request.query_params.get("api-version") not in _VERSIONS:
        raise AzureError(400, "BadParameter", "The api-version query parameter is missing or unknown.")


def _get(secrets: VaultSecrets, call: _Call) -> Document:
    found = secrets.get(call.name, call.version)
    if not found["attributes"]["enabled"]:
        raise AzureError(
            403, "Forbidden", "Operation get is not allowed on a disabled secret.", inner="SecretDisabled"
        )
    return call.bundle(found, value=True)


def _versions(secrets: VaultSecrets, call: _Call) -> Document:
    return {"value": [call.bundle(one) for one in secrets.versions(call.name)], "nextLink": None}


def _set(secrets: VaultSecrets, call: _Call) -> Document:
    return call.bundle(secrets.write(call.name, call.given()), value=True)


def _update(secrets: VaultSecrets, call: _Call) -> Document:
    return call.bundle(secrets.change(call.name, call.version, call.given()))


def _delete(secrets: VaultSecrets, call: _Call) -> Document:
    return call.deleted(secrets.delete(call.name))


def _deleted(secrets: VaultSecrets, call: _Call) -> Document:
    return call.deleted(secrets.deleted(call.name))


def _recover(secrets: VaultSecrets, call: _Call) -> Document:
    return call.bundle(secrets.recover(call.name))


def _purge(secrets: VaultSecrets, call: _Call) -> None:
    secrets.purge(call.name)
