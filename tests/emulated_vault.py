"""Somebody at Azure Resource Manager of an emulated tenant, or at its vault."""

import ssl
from collections.abc import Callable
from typing import Any

import httpx

from emulator.server import EmulatedTenant

Ask = Callable[..., httpx.Response]
VAULT = "contoso-rooms"
"""The vault that contoso has."""


def vault_id(served: EmulatedTenant) -> str:
    """The resource id of that vault."""
    return str(served.store.all("keyVault")[0]["id"])


def asking_arm(served: EmulatedTenant, name: str) -> Ask:
    """How an application of the tenant calls Azure Resource Manager."""
    token = _token(served, name, served.tenant.arm_url)

    def ask(method: str, path: str, body: Any = None, version: str = "2024-11-01") -> httpx.Response:
        return _send(served, token, method, f"/arm{path}", body, version, {}, {})

    return ask


def asking_vault(served: EmulatedTenant, name: str) -> Ask:
    """How an application of the tenant calls the vault; "" has no token."""
    token = _token(served, name, served.tenant.vault_resource) if name else ""
    # The machine may not know names under localhost, so the host is named and not looked up.
    host = {"Host": f"{VAULT}{served.tenant.vault_suffix}"}
    named = {"sni_hostname": f"{VAULT}.vault.localhost"}

    def ask(method: str, path: str, body: Any = None, version: str = "7.4") -> httpx.Response:
        return _send(served, token, method, path, body, version, host, named)

    return ask


def _send(  # noqa: PLR0917 - one place that sends
    served: EmulatedTenant, token: str, method: str, path: str, body: Any, version: str,
    headers: dict[str, str], extensions: dict[str, str],
) -> httpx.Response:  # fmt: skip
    with _client(served) as client:
        return client.request(
            method,
            path,
            json=body,
            params={"api-version": version} if version else None,
            headers=headers | ({"Authorization": f"Bearer {token}"} if token else {}),
            extensions=extensions,
        )


def _token(served: EmulatedTenant, name: str, audience: str) -> str:
    environment = served.environment_of(name)
    form = {
        "client_id": environment["ARM_CLIENT_ID"],
        "client_secret": environment["ARM_CLIENT_SECRET"],
        "grant_type": "client_credentials",
        "scope": f"{audience}/.default",
    }
    with _client(served) as client:
        answer = client.post(f"/{served.tenant.id}/oauth2/v2.0/token", data=form)
    assert answer.is_success, answer.text
    return str(answer.json()["access_token"])


def _client(served: EmulatedTenant) -> httpx.Client:
    trusted = ssl.create_default_context(cafile=served.ca_bundle)
    return httpx.Client(base_url=served.url, verify=trusted, trust_env=False)
