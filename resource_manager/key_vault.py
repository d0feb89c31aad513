"""A key vault as Azure Resource Manager tells it: whose it is, what opens it, and whose secrets are in it.

https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/get
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from resource_manager.api import Document, ResourceManager
from resource_manager.judgement import REPORT, SERVICE
from wire import Invalid, NotFound

_VERSION = "2024-11-01"
_EVERY = "all"


@dataclass(frozen=True)
class AccessPolicy:
    """What a user, a group or an application may do with the secrets: "get", "delete"; in lower case."""

    object_id: str
    secrets: frozenset[str]

    def allows(self, permission: str) -> bool:
        """Whether it gives that permission."""
        return bool(self.secrets & {permission, _EVERY})


@dataclass(frozen=True)
class KeyVault:
    """A vault. tenant_id: who signs in there, in lower case. access_policies: None where roles decide.

    kept_days: for how many days what is deleted can be recovered; None when Azure does not tell. purgeable:
    whether it can be removed for good before
    (https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview).
    """

    location: str
    tenant_id: str
    access_policies: tuple[AccessPolicy, ...] | None
    kept_days: int | None
    purgeable: bool

    @classmethod
    def of(cls, resource: Document) -> Self:
        """From Azure's answer; LookupError, TypeError or AttributeError for what is none of a vault."""
        said = resource["properties"]
        with_roles = (
            said.get("enableRbacAuthorization") is True
        )  # absent in older vaults, which have policies
        policies = tuple(
            AccessPolicy(
                str(one["objectId"]).lower(),
                frozenset(str(name).lower() for name in one["permissions"].get("secrets") or ()),
            )
            for one in said.get("accessPolicies") or ()
        )
        return cls(
            str(resource.get("location") or ""),
            str(said["tenantId"]).lower(),
            None if with_roles else policies,
            _days(said.get("softDeleteRetentionInDays")),
            said.get("enablePurgeProtection") is not True,
        )


def _days(said: object) -> int | None:
    return said if isinstance(said, int) else None


def key_vault(azure: ResourceManager, resource_id: str) -> KeyVault:
    """The vault; NotFound when there is none, NotAuthorised when it can't be read, or may not be there."""
    answer = azure.get(resource_id, _VERSION)
    try:
        return KeyVault.of(answer)
    except (AttributeError, LookupError, TypeError):
        reason = "the answer does not describe a key vault"
        raise Invalid(SERVICE, f"GET {resource_id}", reason, advice=REPORT) from None


def secret_tags(azure: ResourceManager, resource_id: str, name: str) -> Mapping[str, str] | None:
    """The tags of a secret in the vault; None when there is no such secret, or only a deleted one."""
    try:
        found = azure.get(f"{resource_id}/secrets/{name}", _VERSION)
    except NotFound:
        return None
    return {str(key): str(value) for key, value in (found.get("tags") or {}).items()}
