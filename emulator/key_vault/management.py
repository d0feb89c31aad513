"""Azure Resource Manager: a vault, who may do what with it, and its secrets as templates write them.

It never tells a value.

https://learn.microsoft.com/rest/api/keyvault/secrets
"""

import json
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.key_vault.authorization import (
    READ_SECRET,
    READ_VAULT,
    WRITE_SECRET,
    listed,
    must_be_allowed,
)
from emulator.key_vault.errors import AzureError
from emulator.key_vault.vault_secrets import VaultSecrets
from emulator.request_log import note
from emulator.store import Document
from emulator.tenant import Tenant
from emulator.tokens import RESOURCE_MANAGER, InvalidTokenError, Token, authenticate

_VERSIONS = frozenset({"2023-02-01", "2023-07-01", "2024-11-01", "2025-05-01", "2026-02-01"})
_OF_PERMISSIONS = frozenset({"2015-07-01", "2018-07-01", "2022-04-01"})
_VAULT = (
    "/arm/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.KeyVault/vaults/{vault}"
)
_SECRET = _VAULT + "/secrets/{secret}"
_PERMISSIONS = _VAULT + "/providers/Microsoft.Authorization/permissions"


def routes(tenant: Tenant) -> list[Route]:
    """The routes of Azure Resource Manager for vaults."""

    def vault(request: Request) -> Response:
        """A vault and its address."""
        return _answer(tenant, request, READ_VAULT, lambda found: (200, _described(tenant, found)))

    def permissions(request: Request) -> Response:
        """What the caller may do with a vault; whoever signed in may ask that."""
        return _listed(tenant, request)

    def read(request: Request) -> Response:
        """A secret's current version, without its value."""
        return _answer(tenant, request, READ_SECRET, lambda found: _read(tenant, request, found))

    async def write(request: Request) -> Response:
        """A new version of a secret."""
        return await _writing(tenant, request, _put)

    async def change(request: Request) -> Response:
        """Other attributes, content type or tags; with a value, a new version."""
        return await _writing(tenant, request, _patch)

    return [
        Route(_VAULT, vault, methods=["GET"]),
        Route(_PERMISSIONS, permissions, methods=["GET"]),
        Route(_SECRET, read, methods=["GET"]),
        Route(_SECRET, write, methods=["PUT"]),
        Route(_SECRET, change, methods=["PATCH"]),
    ]


def find_vault(tenant: Tenant, name: str) -> Document | None:
    """A vault by its name, which is unique in the world."""
    return tenant.store.get("keyVault", name)


def _answer(
    tenant: Tenant, request: Request, action: str, work: Callable[[Document], tuple[int, Document]]
) -> Response:
    try:
        caller = _caller(tenant, request)
        _must_be_versioned(request, _VERSIONS, "vaults")
        scope = request.url.path.removeprefix("/arm")
        vault = must_be_allowed(caller, _vault(tenant, request), action, scope)
        with tenant.store.transaction():
            status, document = work(vault)
    except AzureError as refusal:
        return JSONResponse(refusal.body(), refusal.status)
    return JSONResponse(document, status)


def _listed(tenant: Tenant, request: Request) -> Response:
    try:
        caller = _caller(tenant, request)
        _must_be_versioned(request, _OF_PERMISSIONS, "permissions")
        vault = _vault(tenant, request)
        if vault is None:
            raise _no_resource(f"vaults/{request.path_params['vault']}", request.path_params["group"])
    except AzureError as refusal:
        return JSONResponse(refusal.body(), refusal.status)
    return JSONResponse({"value": listed(vault, caller)})


def _caller(tenant: Tenant, request: Request) -> Token:
    try:
        caller = authenticate(tenant, request.headers.get("authorization"), RESOURCE_MANAGER)
    except InvalidTokenError as reason:
        raise AzureError(401, "InvalidAuthenticationToken", str(reason)) from reason
    note(request, client=caller.client_id)
    return caller


def _must_be_versioned(request: Request, versions: frozenset[str], kind: str) -> None:
    version = request.query_params.get("api-version", "")
    if not version:
        raise AzureError(
            400,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        )
    if version not in versions:
        raise AzureError(
            400,
            "NoRegisteredProviderFound",
            f"No registered resource provider found for location '' and API version '{version}' for type "
            f"'{kind}'. The supported api-versions are '{', '.join(sorted(versions))}'.",
        )


def _vault(tenant: Tenant, request: Request) -> Document | None:
    asked = request.path_params
    if asked["subscription"].lower() not in _subscriptions(tenant):
        raise AzureError(
            404, "SubscriptionNotFound", f"The subscription '{asked['subscription']}' could not be found."
        )
    vault = find_vault(tenant, asked["vault"])
    group = f"/subscriptions/{asked['subscription']}/resourceGroups/{asked['group']}/"
    return vault if vault and vault["id"].lower().startswith(group.lower()) else None


def _subscriptions(tenant: Tenant) -> set[str]:
    """The tenant's own, and those that its vaults are in."""
    vaults = tenant.store.all("keyVault")
    return {
        str(tenant.settings.get("subscription")),
        *(vault["id"].split("/")[2].lower() for vault in vaults),
    }


async def _writing(
    tenant: Tenant,
    request: Request,
    work: Callable[[Tenant, Request, Document, Document], tuple[int, Document]],
) -> Response:
    body = await request.body()

    def write(vault: Document) -> tuple[int, Document]:
        return work(tenant, request, vault, _given(body))

    return await run_in_threadpool(_answer, tenant, request, WRITE_SECRET, write)


def _given(body: bytes) -> Document:
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    if not isinstance(document, dict) or not isinstance(document.get("properties", {}), dict):
        raise AzureError(
            400, "InvalidRequestContent", "The request content was invalid and could not be deserialized."
        )
    known = {key: document[key] for key in ("tags",) if key in document}
    return {**document.get("properties", {}), **known}


def _read(tenant: Tenant, request: Request, vault: Document) -> tuple[int, Document]:
    name = request.path_params["secret"]
    secrets = VaultSecrets(tenant, vault)
    if secrets.find(name) is None:
        raise _no_resource(f"vaults/{vault['name']}/secrets/{name}", vault["resourceGroup"])
    return 200, _resource(tenant, vault, name, secrets.get(name))


def _no_resource(what: str, group: str) -> AzureError:
    return AzureError(
        404,
        "ResourceNotFound",
        f"The Resource 'Microsoft.KeyVault/{what}' under resource group '{group}' was not found. For more "
        "details please go to https://aka.ms/ARMResourceNotFoundFix",
    )


def _put(tenant: Tenant, request: Request, vault: Document, given: Document) -> tuple[int, Document]:
    name = request.path_params["secret"]
    secrets = VaultSecrets(tenant, vault)
    status = 200 if secrets.find(name) else 201
    return status, _resource(tenant, vault, name, secrets.write(name, given))


def _patch(tenant: Tenant, request: Request, vault: Document, given: Document) -> tuple[int, Document]:
    name = request.path_params["secret"]
    _read(tenant, request, vault)
    secrets = VaultSecrets(tenant, vault)
    changed = secrets.write(name, given) if "value" in given else secrets.change(name, "", given)
    return 200, _resource(tenant, vault, name, changed)


def _described(tenant: Tenant, vault: Document) -> Document:
    return {
        "id": vault["id"],
        "name": vault["name"],
        "type": "Microsoft.KeyVault/vaults",
        "location": vault["location"],
        "tags": {},
        "properties": {
            "sku": {"family": "A", "name": "standard"},
            "tenantId": vault.get("tenantId", tenant.id),
            **_access(tenant, vault),
            "enableSoftDelete": True,
            "softDeleteRetentionInDays": 90,
            "vaultUri": f"{tenant.vault_url(vault['name'])}/",
            "provisioningState": "Succeeded",
        },
    }


def _access(tenant: Tenant, vault: Document) -> Document:
    policies = vault.get("_policies")
    told = [
        {
            "tenantId": vault.get("tenantId", tenant.id),
            "objectId": object_id,
            "permissions": {"keys": [], "secrets": secrets, "certificates": []},
        }
        for object_id, secrets in (policies or {}).items()
    ]
    return {"enableRbacAuthorization": policies is None, "accessPolicies": told}


def _resource(tenant: Tenant, vault: Document, name: str, version: Document) -> Document:
    address = f"{tenant.vault_url(vault['name'])}/secrets/{name}"
    content = {"contentType": version["contentType"]} if version["contentType"] else {}
    return {
        "id": f"{vault['id']}/secrets/{name}",
        "name": name,
        "type": "Microsoft.KeyVault/vaults/secrets",
        "location": vault["location"],
        "tags": version["tags"],
        "properties": {
            **content,
            "attributes": version["attributes"],
            "secretUri": address,
            "secretUriWithVersion": f"{address}/{version['version']}",
        },
    }
