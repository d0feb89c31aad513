"""Key vaults, and who may do what with them."""

from emulator.key_vault.authorization import ACTIONS, DATA_ACTIONS
from emulator.store import Store
from emulator.tenants import TenantFile, TenantFileError


def make(store: Store, tenant_file: TenantFile) -> None:
    """Write each vault of the file with its grants."""
    apps = {app.name for app in tenant_file.apps}
    for vault in tenant_file.key_vaults:
        for app, actions in vault.grants.items():
            if app not in apps:
                raise TenantFileError(f"vault {vault.name!r}: there is no app {app!r}")
            if unknown := sorted(set(actions) - ACTIONS - DATA_ACTIONS):
                raise TenantFileError(f"vault {vault.name!r}: {unknown[0]!r} is no action that is modelled")
        subscription = vault.subscription or tenant_file.id_of("subscription")
        id_ = (
            f"/subscriptions/{subscription}/resourceGroups/{vault.resource_group}"
            f"/providers/Microsoft.KeyVault/vaults/{vault.name}"
        )
        document = {
            "id": id_,
            "name": vault.name,
            "resourceGroup": vault.resource_group,
            "location": vault.location,
            "_grants": {
                tenant_file.id_of("servicePrincipal", app): actions for app, actions in vault.grants.items()
            },
        }
        store.put("keyVault", vault.name, document)
