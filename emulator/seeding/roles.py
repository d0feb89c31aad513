"""Directory roles and Exchange's role groups, and who holds them."""

from emulator.exchange.authorization import EVERY_ROLE
from emulator.exchange.role_groups import role_group
from emulator.exchange.service_principals import pointer
from emulator.ids import stable_id
from emulator.seeding.groups import object_id
from emulator.store import Store
from emulator.tenants import App, TenantFile, TenantFileError

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
    for mailbox in tenant_file.mailboxes:
        for role in mailbox.roles:
            _known(role, holders).append(object_id(store, tenant_file, mailbox.address))
    for app in tenant_file.apps:
        for role in app.roles:
            _known(role, holders).append(tenant_file.id_of("servicePrincipal", app.name))
        if app.exchange_roles:
            _role_group(store, tenant_file, app)
    for name, members in holders.items():
        id_ = stable_id(tenant_file.domain, "directoryRole", name)
        document = {"id": id_, "displayName": name, "description": name, "roleTemplateId": TEMPLATES[name]}
        store.put("directoryRole", id_, document | {"members": members})


def _role_group(store: Store, tenant_file: TenantFile, app: App) -> None:
    """A role group of the app's own with its Exchange roles."""
    if unknown := sorted(set(app.exchange_roles) - EVERY_ROLE):
        raise TenantFileError(f"app {app.name!r}: {unknown[0]!r} is no Exchange role that is modelled")
    object_id = tenant_file.id_of("servicePrincipal", app.name)
    known = pointer(tenant_file.app_id_of(app.name), object_id, app.name)
    store.put("exchangeServicePrincipal", object_id, known)
    group = role_group(tenant_file.id_of("tenant"), app.name, app.exchange_roles, [object_id])
    store.put("roleGroup", group["Guid"], group)


def _known(role: str, holders: dict[str, list[str]]) -> list[str]:
    if role not in holders:
        raise TenantFileError(f"{role!r} is none of the directory roles {', '.join(holders)}")
    return holders[role]
