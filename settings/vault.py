"""A key vault and a secret's name in it, as a stack file writes them.

Names: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from settings.problems import Problem, RefusedValueError

SECRET_NAME = "placeos-client-secret"  # noqa: S105 (the default name of the secret, not its value)
_ID = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)"
    r"/providers/Microsoft\.KeyVault/vaults/(?P<vault>[^/]+)",
    re.IGNORECASE,
)
_COPY = "copy it from the portal (the vault, Properties), or: az keyvault show --name NAME --query id"
_GROUP = re.compile(r"[\w().-]{0,89}[\w()-]")
_VAULT = re.compile(r"(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]")
_SECRET = re.compile(r"[A-Za-z0-9-]{1,127}")


@dataclass(frozen=True)
class Vault:
    """Where a key vault is."""

    subscription_id: str
    resource_group: str
    name: str

    @property
    def resource_id(self) -> str:
        """How Azure Resource Manager names it."""
        group = f"/subscriptions/{self.subscription_id}/resourceGroups/{self.resource_group}"
        return f"{group}/providers/Microsoft.KeyVault/vaults/{self.name}"


def vault(value: str) -> Vault:
    """The vault that a resource id names: its subscription, its resource group and its name at once."""
    found = _ID.fullmatch(value)
    if found is None:
        raise RefusedValueError("it is no resource id of a key vault", _COPY)
    try:
        subscription = str(UUID(found["subscription"]))
    except ValueError:
        raise RefusedValueError("the id of its subscription is no GUID", _COPY) from None
    if not _GROUP.fullmatch(found["group"]):
        raise RefusedValueError(
            "a resource group's name has up to 90 letters, digits and _-.(), and no period at its end", _COPY
        )
    if not _VAULT.fullmatch(found["vault"]):
        raise RefusedValueError(
            "a vault's name has 3 to 24 letters, digits and single hyphens, begins with a letter and does "
            "not end with a hyphen",
            _COPY,
        )
    return Vault(subscription, found["group"], found["vault"])


def vault_secret_name(value: str) -> str:
    """The name of a secret in a vault."""
    if not _SECRET.fullmatch(value):
        raise RefusedValueError(
            "a secret's name in a vault has 1 to 127 letters, digits and hyphens",
            f"write it without spaces, periods and underscores, such as {SECRET_NAME}",
        )
    return value


def broken_vault_rules(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Every rule about the vault that the values break."""
    if values.get("key_vault", True):  # also when it could not be read, which is said already
        return
    if values.get("key_vault_secret_name", SECRET_NAME) != SECRET_NAME:
        yield Problem(
            "keyVaultSecretName",
            values["key_vault_secret_name"],
            "it is the name of a secret in a vault, and no vault is named",
            "set keyVault, or: pulumi config rm keyVaultSecretName",
        )
    if not values.get("secret_outputs", True):
        yield Problem(
            "secretOutputs",
            "false",
            "without the outputs nobody could give PlaceOS its secret: no vault is named",
            "set keyVault, or: pulumi config rm secretOutputs",
        )
