"""The key vault: it is there and this tenant's, this run may write into it, and the secret's name is free."""

from collections.abc import Iterator

from prerequisites.asker import Asker
from prerequisites.new_names import NewNames
from resource_manager.api import ResourceManager
from resource_manager.key_vault import key_vault, secret_tags
from resource_manager.permissions import permissions
from rights import On, names, needed
from settings import Problem, Settings
from settings.vault import Vault
from wire import NotAuthorised, NotFound

_KEY, _NAME = "keyVault", "keyVaultSecretName"
_REFUSED = "AuthorizationFailed"
READ_SECRET = "Microsoft.KeyVault/vaults/secrets/read"  # noqa: S105 - an action's name


def key_vault_problems(
    settings: Settings, new: NewNames, asker: Asker, azure: ResourceManager
) -> Iterator[Problem]:
    """Everything that keeps the secret from being written; raises WireError when it could not look.

    Actions are what this run takes. Data actions are taken later, and may come from access policies.
    """
    vault = settings.key_vault
    if vault is None:
        return
    id_ = vault.resource_id
    copy = f"copy its id from: az keyvault show --name {vault.name} --query id"
    try:
        found = key_vault(azure, id_)
    except NotFound as error:
        yield Problem(_KEY, id_, f"Azure has no such vault: {error.reason}", copy)
        return
    except NotAuthorised as error:
        if error.code != _REFUSED:
            raise
        # Who may not read a resource is not told whether it is there.
        yield Problem(
            _KEY,
            id_,
            "either no such vault is there, or the deployer does not have authorization to perform action "
            "Microsoft.KeyVault/vaults/read on it: Azure answers both alike",
            f"{copy}; or grant the deployer that action on it",
        )
        return
    if found.tenant_id != asker.tenant_id:
        yield Problem(
            _KEY,
            id_,
            f"it is a vault of the tenant {found.tenant_id}, where nobody of {asker.tenant_id} can sign in",
            "name a vault of the tenant that PlaceOS is deployed into",
        )
        return
    lacking = _lacking(asker, azure, id_)
    for action in lacking:
        yield Problem(
            _KEY,
            id_,
            f"the deployer does not have authorization to perform action {action} on it",
            "grant it by an Azure role on the vault; one granted minutes ago may not be in force yet",
        )
    if READ_SECRET not in lacking:
        yield from _taken(settings, vault, new, asker, azure)


def _lacking(asker: Asker, azure: ResourceManager, id_: str) -> list[str]:
    """The actions that the run takes and the deployer doesn't have."""
    held = permissions(azure, id_)
    return [action for action in names(needed({asker.role}, _KEY), On.VAULT_ACTION) if not held.allow(action)]


def _taken(
    settings: Settings, vault: Vault, new: NewNames, asker: Asker, azure: ResourceManager
) -> Iterator[Problem]:
    """A secret of that name that this stack did not write, or wrote and does not know of."""
    name = settings.key_vault_secret_name
    tags = secret_tags(azure, vault.resource_id, name)
    if tags is None:
        return
    if tags.get("mark") != asker.mark:
        yield Problem(
            _NAME,
            name,
            f"the vault {vault.name} has a secret of that name, which this stack does not know",
            "write another name: what is there is left alone",
        )
    # A lost state is led back by `roomctl recover`, whose first step runs the program.
    elif not (new.first_run or new.secret_in_vault):
        yield Problem(
            _NAME,
            name,
            f"a run that was killed wrote it into the vault {vault.name} and did not record it",
            f"az keyvault secret delete --vault-name {vault.name} --name {name}, and run it again, which "
            "recovers it",
        )
