"""What follows from the addresses of all recipients: the tenant's domains, and that no two share a name."""

from emulator.directory import addresses
from emulator.store import Store
from emulator.tenants import TenantFile, TenantFileError


def make(store: Store, tenant_file: TenantFile) -> None:
    """Verify the domains; TenantFileError for an alias or address that two have, as Exchange refuses it."""
    domains = {domain.lower() for domain in tenant_file.domains}
    taken: dict[str, str] = {}
    for recipient in store.all("recipient"):
        own = addresses(recipient)
        for name in (f"alias {recipient['Alias'].lower()}", *(f"address {one}" for one in own)):
            if name in taken:
                raise TenantFileError(f"the {name} is both {taken[name]}'s and {recipient['DisplayName']}'s")
            taken[name] = recipient["DisplayName"]
        domains.update(one.rpartition("@")[2] for one in own)
    for domain in sorted(domains - {tenant_file.domain.lower()}):
        store.put("domain", domain, {"id": domain, "isVerified": True})
