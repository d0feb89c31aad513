"""The key vault of the settings: what opens it, and which of the rights on it who deploys has.

Azure lists to each caller what its roles allow. A vault may have access policies in place of roles for what
happens in the vault itself: https://learn.microsoft.com/azure/key-vault/general/rbac-migration
"""

from collections.abc import Callable, Iterator
from functools import cache, partial

from resource_manager.api import ResourceManager
from resource_manager.key_vault import KeyVault, key_vault
from resource_manager.permissions import Permissions, permissions
from rights import On, Right
from roomctl.deployer_identity import Identity
from roomctl.look import Look, Row, Section
from settings import Settings

_IN_POLICIES = {
    "Microsoft.KeyVault/vaults/secrets/delete": "delete",
    "Microsoft.KeyVault/vaults/secrets/readMetadata/action": "get",
    "Microsoft.KeyVault/vaults/secrets/recover/action": "recover",
}
"""The secret permissions of an access policy that are the same as a data action."""
_WHY = "it decides who gives the rights on what is in it"


class VaultLooks:
    """The looks at one vault, which ask Azure once for each of its answers."""

    def __init__(self, settings: Settings, identity: Identity, azure: Callable[[], ResourceManager]) -> None:
        vault = settings.key_vault
        if vault is None:
            raise ValueError("the settings name no key vault")
        self._name, self._identity = vault.name, identity
        self._vault: Callable[[], KeyVault] = cache(lambda: key_vault(azure(), vault.resource_id))
        self._held: Callable[[], Permissions] = cache(lambda: permissions(azure(), vault.resource_id))

    def what_it_is(self) -> Look:
        """Where it is, and what opens it."""
        return Look(Section.TENANT, "what opens the key vault", _WHY, self._opened_by)

    def has(self, right: Right) -> Callable[[Look], Iterator[Row]]:
        """How it is told whether the deployer has a right on the vault."""
        return partial(self._action if right.on is On.VAULT_ACTION else self._data_action, right.name)

    def _opened_by(self, look: Look) -> Iterator[Row]:
        found = self._vault()
        by = (
            "Azure roles give every right on it"
            if found.access_policies is None
            else "access policies, and no Azure role, give the rights on the secrets in it"
        )
        yield look.fine(f"{self._name}, in {found.location or 'a place that Azure does not tell'}: {by}")

    def _action(self, action: str, look: Look) -> Iterator[Row]:
        if self._held().allow(action):
            yield look.fine("Azure lists it for the deployer")
        else:
            yield look.found(
                "Azure does not list it for the deployer; one granted minutes ago may come later"
            )

    def _data_action(self, action: str, look: Look) -> Iterator[Row]:
        policies = self._vault().access_policies
        if policies is not None:
            yield from self._in_a_policy(_IN_POLICIES[action], look)
            return
        allowed = self._held().allow_data(action)
        if allowed is None:
            yield look.not_looked("Azure's list for the deployer tells no data actions")
        elif allowed:
            yield look.fine("Azure lists it for the deployer")
        else:
            yield look.found(
                "Azure does not list it for the deployer; one granted minutes ago may come later"
            )

    def _in_a_policy(self, permission: str, look: Look) -> Iterator[Row]:
        """A policy names a user, a group or an application, and does not say which of them it is."""
        claims = self._identity.on_graph
        if claims is None:
            yield look.not_looked("the token can't be read, so the deployer's access policy is not known")
            return
        having = {one.object_id for one in self._vault().access_policies or () if one.allows(permission)}
        told = f"the secret permission {permission.capitalize()}"
        fix = f"add {told} to the deployer's access policy: the vault {self._name}, Access policies"
        undo = f"take {told} out of it again"
        if claims.object_id in having:
            yield look.fine(f"the deployer's access policy has {told}")
        elif having:
            yield look.not_looked(
                f"{told} is in access policies of others, which may be groups of the deployer"
            )
        else:
            yield look.found(f"no access policy has {told}", fix, undo)
