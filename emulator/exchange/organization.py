"""Get-OrganizationConfig, Get-AcceptedDomain, and what the tenant's settings say about new objects."""

from collections.abc import Sequence

from emulator.exchange.authorization import READ_CONFIGURATION, READ_GROUPS
from emulator.exchange.cmdlets import Call, cmdlet
from emulator.exchange.errors import NotFoundError, blocked_word, dehydrated, not_accepted_domain
from emulator.exchange.parameters import SIZE, TEXT
from emulator.ids import stable_id
from emulator.store import Document
from emulator.tenant import Tenant

GROUP_NAME = "<GroupName>"


def accepted_domains(tenant: Tenant) -> list[str]:
    """The tenant's mail domains, in small letters; the default one first."""
    others = [domain["id"].lower() for domain in tenant.store.all("domain") if domain.get("isVerified", True)]
    return list(dict.fromkeys([tenant.domain.lower(), *others]))


def must_be_accepted(tenant: Tenant, address: str) -> None:
    """CmdletError unless the address is in one of the tenant's domains."""
    domain = address.rpartition("@")[2].lower()
    if domain not in accepted_domains(tenant):
        raise not_accepted_domain(domain)


def naming_policy(tenant: Tenant) -> str:
    """How names of new groups are made of what the caller says, like `GRP_<GroupName>`; empty: unchanged.

    Setting `distributionGroupNamingPolicy` of the tenant's head.
    """
    return str(tenant.settings.get("distributionGroupNamingPolicy", ""))


def blocked_words(tenant: Tenant) -> list[str]:
    """Words that a group's name may not hold. Setting `distributionGroupNameBlockedWords` of the head."""
    return list(tenant.settings.get("distributionGroupNameBlockedWords", []))


def named_by_policy(tenant: Tenant, name: str) -> str:
    """The name that the naming policy makes of a group's name; CmdletError when a word of it is blocked."""
    words = name.lower().split()
    for word in blocked_words(tenant):
        if word.lower() in words:
            raise blocked_word(word)
    policy = naming_policy(tenant)
    return policy.replace(GROUP_NAME, name) if policy else name


def must_be_hydrated(tenant: Tenant) -> None:
    """CmdletError while nobody has run Enable-OrganizationCustomization in the tenant.

    Setting `isDehydrated` of the tenant's head. learn.microsoft.com/powershell/module/exchangepowershell/
    enable-organizationcustomization
    """
    if tenant.settings.get("isDehydrated", False):
        raise dehydrated()


@cmdlet("Get-OrganizationConfig", READ_CONFIGURATION, {})
def get_organization_config(call: Call) -> Sequence[Document]:
    """The tenant's own settings."""
    return [
        {
            "Identity": call.tenant.domain,
            "Name": call.tenant.domain,
            "Guid": stable_id(call.tenant.id, "organization"),
            "DisplayName": call.tenant.settings["displayName"],
            "IsDehydrated": bool(call.tenant.settings.get("isDehydrated", False)),
            "DistributionGroupNamingPolicy": naming_policy(call.tenant),
            "DistributionGroupNameBlockedWordsList": blocked_words(call.tenant),
        }
    ]


@cmdlet("Get-AcceptedDomain", READ_CONFIGURATION | READ_GROUPS, {"Identity": TEXT, "ResultSize": SIZE})
def get_accepted_domain(call: Call) -> Sequence[Document]:
    """The tenant's mail domains."""
    asked = call.text("Identity").lower()
    domains = [domain for domain in accepted_domains(call.tenant) if asked in ("", domain)]
    if not domains:
        raise NotFoundError(call.text("Identity"))
    return [
        {
            "Identity": domain,
            "Name": domain,
            "DomainName": domain,
            "DomainType": "Authoritative",
            "Default": domain == call.tenant.domain.lower(),
        }
        for domain in domains
    ]
