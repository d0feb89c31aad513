"""Directory roles, and who holds them."""

from emulator.ids import stable_id
from emulator.seeding.groups import object_id
from emulator.store import Store
from emulator.tenants import TenantFile, TenantFileError

# learn.microsoft.com/en-us/entra/identity/role-based-access-control/permissions-reference
TEMPLATES = {
    "Global Administrator": "62e90394-69f5-4237-9190-012177145e10",
    "Exchange Administrator": "29232cdf-9323-42fd-ade2-1d097af3e4de",
    "Exchange Recipient Administrator": "31392ffb-586c-42d1-9346-e59415a2cc4e",
    "Privileged Role Administrator": "e8611ab8-c189-46e8-94e1-60213ab1f814",
    "Directory Readers": "88d8e3e3-8f55-4a1e-953a-9b9898b8876b",
    "Global Reader": "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
}


def make(store: Store, tenant_file: TenantFile) -> None:
    """Activate the roles and give them to the administrators and apps that the file names."""
    holders: dict[str, list[str]] = {name: [] for name in TEMPLATES}
    for administrator in tenant_file.administrators:
        for role in administrator.roles:
            _known(role, holders).append(object_id(store, tenant_file, administrator.alias))
    for app in tenant_file.apps:
        for role in app.roles:
            _known(role, holders).append(tenant_file.id_of("servicePrincipal", app.name))
    for name, members in holders.items():
        id_ = stable_id(tenant_file.domain, "directoryRole", name)
        document = {"id": id_, "displayName": name, "description": name, "roleTemplateId": TEMPLATES[name]}
        store.put("directoryRole", id_, document | {"members": members})


def _known(role: str, holders: dict[str, list[str]]) -> list[str]:
    if role not in holders:
        raise TenantFileError(f"{role!r} is none of the directory roles {', '.join(holders)}")
    return holders[role]
