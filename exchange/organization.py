"""The tenant's own settings in Exchange, as far as they bear on what is made here."""

from dataclasses import dataclass
from typing import Self

from exchange.admin_api import SERVICE, ExchangeAdmin, Record
from wire import Invalid

_OPERATION = "Get-OrganizationConfig"


@dataclass(frozen=True)
class Organization:
    """learn.microsoft.com/powershell/module/exchangepowershell/get-organizationconfig.

    is_dehydrated: nobody has run Enable-OrganizationCustomization yet. naming_policy: what becomes of a new
    group's name, such as `GRP_<GroupName>`, "" for none. blocked_words: what such a name may not hold.
    """

    name: str
    is_dehydrated: bool
    naming_policy: str
    blocked_words: tuple[str, ...]

    @classmethod
    def of(cls, record: Record) -> Self:
        """From the answer; Invalid when it does not tell whether the organization is dehydrated."""
        dehydrated, words = record.get("IsDehydrated"), record.get("DistributionGroupNameBlockedWordsList")
        if not isinstance(dehydrated, bool) or not isinstance(words or [], list):
            raise Invalid(SERVICE, _OPERATION, "the answer is not of a known shape")
        return cls(
            name=str(record.get("DisplayName") or record.get("Name") or ""),
            is_dehydrated=dehydrated,
            naming_policy=str(record.get("DistributionGroupNamingPolicy") or ""),
            blocked_words=tuple(str(word) for word in words or ()),
        )


def organization(exchange: ExchangeAdmin) -> Organization:
    """The tenant's settings; NotAuthorised without View-Only Configuration or Organization Configuration."""
    return Organization.of(exchange.run_one(_OPERATION))
