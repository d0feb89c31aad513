"""The secrets of a vault: versions, attributes, soft delete. Both ways to a vault work on these.

https://learn.microsoft.com/azure/key-vault/secrets/about-secrets
"""

import re
import uuid
from datetime import timedelta
from typing import Any

from emulator.key_vault.errors import AzureError
from emulator.store import Document
from emulator.tenant import Tenant

_KIND = "vaultSecret"
_NAME = re.compile(r"[0-9A-Za-z-]{1,127}")
_LARGEST_VALUE, _LONGEST_TYPE, _LONGEST_TAG, _MOST_TAGS = 25 * 1024, 255, 256, 15
_RETENTION = timedelta(days=90)
_FIELDS = ("contentType", "tags")
_ATTRIBUTES = ("enabled", "exp", "nbf")


class VaultSecrets:
    """The secrets of one vault; a secret is a document with its versions, the current one last."""

    def __init__(self, tenant: Tenant, vault: Document) -> None:
        self._tenant, self._vault = tenant, vault

    def find(self, name: str) -> Document | None:
        """The secret, or None where there is none or it is deleted."""
        found = self._kept(name)
        return None if found is None or found["deleted"] else found

    def get(self, name: str, version: str = "") -> Document:
        """One version, the current one when none is named."""
        secret = self.find(name)
        versions = [one for one in (secret or {}).get("versions", []) if version in ("", one["version"])]
        if not versions:
            raise _not_found(f"{name}/{version}" if version else name)
        return dict(versions[-1])

    def versions(self, name: str) -> list[Document]:
        """Every version, oldest first."""
        self.get(name)
        return list((self.find(name) or {})["versions"])

    def write(self, name: str, given: Document) -> Document:
        """A new version. A deleted name is taken until it is recovered or purged."""
        if not _NAME.fullmatch(name):
            raise _bad(f"The request URI contains an invalid name: {name}")
        if not isinstance(given.get("value"), str):
            raise _bad("Property has invalid value: value")
        _check(given)
        kept = self._kept(name) or {
            "name": name,
            "vault": self._vault["name"],
            "versions": [],
            "deleted": None,
        }
        if kept["deleted"]:
            raise AzureError(
                409,
                "Conflict",
                f"Secret {name} is currently in a deleted but recoverable state, and its name cannot be "
                "reused; in this state, the secret can only be recovered or purged.",
                inner="ObjectIsDeletedButRecoverable",
            )
        now = self._now()
        made = {
            "version": uuid.uuid4().hex,
            "value": given["value"],
            "contentType": given.get("contentType"),
            "tags": given.get("tags") or {},
            "attributes": {"enabled": True, **_attributes(given), "created": now, "updated": now},
        }
        self._put(kept | {"versions": [*kept["versions"], made]})
        return made

    def change(self, name: str, version: str, given: Document) -> Document:
        """The same version with other attributes, content type or tags."""
        _check(given)
        old = self.get(name, version)
        new = old | {field: given[field] for field in _FIELDS if field in given}
        new["attributes"] = old["attributes"] | _attributes(given) | {"updated": self._now()}
        secret = self.find(name) or {}
        kept = [new if one["version"] == old["version"] else one for one in secret["versions"]]
        self._put(secret | {"versions": kept})
        return new

    def delete(self, name: str) -> Document:
        """Soft delete: the name stays taken, and the secret can be recovered."""
        self.get(name)
        now = self._tenant.clock.now()
        deleted = {
            "deletedDate": int(now.timestamp()),
            "scheduledPurgeDate": int((now + _RETENTION).timestamp()),
        }
        secret = (self.find(name) or {}) | {"deleted": deleted}
        self._put(secret)
        return secret

    def deleted(self, name: str) -> Document:
        """A deleted secret."""
        secret = self._kept(name)
        if secret is None or not secret["deleted"]:
            raise AzureError(404, "SecretNotFound", f"Deleted Secret not found: {name}")
        return secret

    def recover(self, name: str) -> Document:
        """Undo the deletion; the current version of before is the current one again."""
        self._put(self.deleted(name) | {"deleted": None})
        return self.get(name)

    def purge(self, name: str) -> None:
        """Delete for good."""
        self.deleted(name)
        self._tenant.store.delete(_KIND, self._id(name))

    def _kept(self, name: str) -> Document | None:
        return self._tenant.store.get(_KIND, self._id(name))

    def _put(self, secret: Document) -> None:
        self._tenant.store.put(_KIND, self._id(str(secret["name"])), secret)

    def _id(self, name: str) -> str:
        return f"{self._vault['name']}/{name}"

    def _now(self) -> int:
        return int(self._tenant.clock.now().timestamp())


def _attributes(given: Document) -> Document:
    attributes = given.get("attributes") or {}
    return {name: attributes[name] for name in _ATTRIBUTES if attributes.get(name) is not None}


def _check(given: Document) -> None:
    """Limits as in https://learn.microsoft.com/azure/key-vault/secrets/about-secrets."""
    tags: Any = given.get("tags") or {}
    if not isinstance(tags, dict) or not all(isinstance(value, str) for value in tags.values()):
        raise _bad("Property has invalid value: tags")
    if len(tags) > _MOST_TAGS or max(map(len, [*tags, *tags.values()]), default=0) > _LONGEST_TAG:
        raise _bad(
            f"A secret has at most {_MOST_TAGS} tags, whose names and values have {_LONGEST_TAG} characters"
        )
    if len(given.get("contentType") or "") > _LONGEST_TYPE:
        raise _bad(f"The content type has at most {_LONGEST_TYPE} characters")
    if len(str(given.get("value") or "").encode()) > _LARGEST_VALUE:
        raise _bad("The value of a secret has at most 25 KB")
    times = _attributes(given)
    if any(type(times.get(name, 0)) is not int for name in ("exp", "nbf")):
        raise _bad("Property has invalid value: attributes")


def _not_found(what: str) -> AzureError:
    return AzureError(
        404,
        "SecretNotFound",
        f"A secret with (name/id) {what} was not found in this key vault. If you recently deleted this "
        "secret you may be able to recover it using the correct recovery command. For help resolving this "
        "issue, please see https://go.microsoft.com/fwlink/?linkid=2125182",
    )


def _bad(text: str) -> AzureError:
    return AzureError(400, "BadParameter", text)
