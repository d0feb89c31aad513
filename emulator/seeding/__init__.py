"""A new tenant: what a tenant file describes becomes documents in an empty store."""

from datetime import timedelta

from emulator.clock import EmulatedClock
from emulator.seeding import addresses, apps, calendars, groups, keys, mailboxes, roles, vaults
from emulator.store import Document, Store
from emulator.tenants import TenantFile


def seed(store: Store, tenant_file: TenantFile) -> None:
    """Fill an empty store with the tenant; TenantFileError when the file names what it doesn't have."""
    with store.transaction():
        clock = EmulatedClock(store)
        if tenant_file.start is not None:
            clock.start_at(tenant_file.start)
        began = clock.now()
        store.put("tenant", "tenant", _head(tenant_file))
        keys.make(store)
        mailboxes.make(store, tenant_file, began)
        groups.make(store, tenant_file, began)
        addresses.make(store, tenant_file)
        apps.make(store, tenant_file, began)
        roles.make(store, tenant_file)
        calendars.make(store, tenant_file, began)
        vaults.make(store, tenant_file)


def _head(tenant_file: TenantFile) -> Document:
    return {
        "id": tenant_file.id_of("tenant"),
        "displayName": tenant_file.name,
        "domain": tenant_file.domain,
        "subscription": tenant_file.id_of("subscription"),
        "policyDelay": timedelta(minutes=tenant_file.policy_delay_minutes).total_seconds(),
        "deployer": tenant_file.app_id_of(tenant_file.deployer),
        "language": tenant_file.language,
        "premium": tenant_file.premium,
        "replicationLag": tenant_file.replication_lag,
    }
