"""The tenant's own settings, and an answer that does not tell them."""

from typing import Any

import pytest

from exchange.organization import Organization, organization
from tests.emulated import Emulated, emulated
from wire import Invalid

__all__ = ["emulated"]


def test_what_the_tenant_is_like(emulated: Emulated) -> None:
    head = emulated.tenant.store.get("tenant", "tenant") or {}
    words = {
        "distributionGroupNameBlockedWords": ["secret"],
        "distributionGroupNamingPolicy": "G_<GroupName>",
    }
    assert organization(emulated.exchange) == Organization("Contoso", False, "", ())
    emulated.tenant.store.put("tenant", "tenant", head | words | {"isDehydrated": True})
    assert organization(emulated.exchange) == Organization("Contoso", True, "G_<GroupName>", ("secret",))


@pytest.mark.parametrize(
    "record",
    [{}, {"IsDehydrated": "False"}, {"IsDehydrated": False, "DistributionGroupNameBlockedWordsList": "a"}],
)
def test_what_does_not_tell_is_refused(record: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        Organization.of(record)
