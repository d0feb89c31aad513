"""Whoever is signed in to the Azure CLI: a person, or an application."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deployer.environment import DeployerError

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

# The command is a Python program of its own; the first start on a busy machine takes seconds.
_SECONDS = 60


@dataclass(frozen=True)
class Account:
    """Who is signed in; `client_id` is "" for a person and for the identity of the machine."""

    client_id: str
    is_application: bool


def credential(tenant: str) -> TokenCredential:
    """Tokens from the Azure CLI for this tenant."""
    from azure.identity import AzureCliCredential  # noqa: PLC0415 - slow, and not every way needs it

    return AzureCliCredential(tenant_id=tenant, process_timeout=_SECONDS)


def account(tenant: str) -> Account:
    """Who `az account show` says is signed in; DeployerError when nobody is, or in another tenant."""
    shown = _shown(tenant)
    there = str(shown.get("tenantId", ""))
    if there.lower() != tenant:
        raise DeployerError(
            f"The Azure CLI is signed in to the tenant {there or '?'} and ARM_TENANT_ID is {tenant}. Run "
            f"az login --tenant {tenant}, or correct ARM_TENANT_ID."
        )
    user = shown.get("user")
    kind, name = (str(user.get("type")), str(user.get("name"))) if isinstance(user, dict) else ("", "")
    if kind != "servicePrincipal":
        return Account("", is_application=False)
    # What it calls a managed identity is no client id (`az login --identity`).
    return Account("" if name.endswith("AssignedIdentity") else name, is_application=True)


def _shown(tenant: str) -> dict[str, Any]:
    az = shutil.which("az.cmd") or shutil.which("az")
    if az is None:
        raise DeployerError(
            "No identity to deploy with: no credential is in the ARM_* variables, and the Azure CLI is not "
            f"installed. Set ARM_CLIENT_ID and a credential, or install it: az login --tenant {tenant}."
        )
    command = [az, "account", "show", "--output", "json"]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=True,
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS,
            env=dict(os.environ, AZURE_CORE_NO_COLOR="true"),
        )
        shown = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        # What it prints is not repeated: it may hold a token.
        raise DeployerError(
            "Nobody is signed in to the Azure CLI: `az account show` failed. Run az login --tenant "
            f"{tenant} --allow-no-subscriptions, or set ARM_CLIENT_ID and a credential."
        ) from None
    return shown if isinstance(shown, dict) else {}
