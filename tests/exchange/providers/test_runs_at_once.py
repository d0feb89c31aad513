"""Two runs at the same moment, which the engine's lock prevents and a second state file does not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from exchange.provider import Stopped
from tests.exchange.providers.conftest import GROUP, MARK, PERMISSIONS, Tenant


def at_once(work: Callable[[], Any]) -> list[Any]:
    """What both runs answer; what stopped is left out."""

    def run(_: int) -> list[Any]:
        with suppress(Stopped):
            return [work()]
        return []

    with ThreadPoolExecutor(2) as pool:
        return [answer for answers in pool.map(run, range(2)) for answer in answers]


def test_one_group_is_made(tenant: Tenant) -> None:
    made = at_once(tenant.make_group)
    assert made
    groups = [one for one in tenant.store.all("recipient") if MARK in str(one.get("Notes"))]
    assert {one["ExternalDirectoryObjectId"] for one in groups} == set(made)
    assert len(groups) == 1
    assert groups[0]["HiddenFromAddressListsEnabled"]


def test_one_policy_is_made(tenant: Tenant, group: str) -> None:
    made = at_once(lambda: tenant.restrict(group))
    assert [one["groupObjectIds"] for one in made] == [[group]] * len(made) != []
    assert tenant.policies() == [group]


@pytest.mark.parametrize("count", [6, 40])
def test_the_members_are_the_codes(tenant: Tenant, group: str, count: int) -> None:
    rooms = tenant.rooms(count)
    at_once(lambda: tenant.fill(group, rooms))
    assert len(tenant.recipient(GROUP["address"])["Members"]) == count


def test_neither_probe_leaves_a_credential(tenant: Tenant, proof: dict[str, Any]) -> None:
    """Each takes the other's for one that a killed run left: closed, at worst, and nothing stays behind."""
    tenant.graph_enforces_after(0)
    tenant.grant(*PERMISSIONS)
    at_once(lambda: tenant.wait_for_graph(tenant.enforcement_inputs(proof, waitMinutes=10)))
    assert tenant.secrets() == []
