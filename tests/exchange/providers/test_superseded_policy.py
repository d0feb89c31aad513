"""A superseded policy goes only once Graph enforces what takes its place: nobody is ever unwatched."""

from datetime import timedelta
from typing import Any

import pytest

from emulator.clock import parse_stamp
from emulator.exchange.enforcement import REMOVAL_DELAY
from exchange.access_policies import AccessPoliciesProvider
from tests.exchange.providers.conftest import Tenant, stopped

POLICIES = AccessPoliciesProvider()


def updated(tenant: Tenant, before: dict[str, Any], *groups: str) -> dict[str, Any]:
    return dict(POLICIES.update("id", before, tenant.policy_inputs(*groups)).outs or {})


def opened(tenant: Tenant, delay: timedelta) -> bool:
    """Whether, after the first policy came into force, Graph enforces none for a moment."""
    spans = []
    for policy in tenant.store.all("accessPolicy"):
        if policy["AppId"] == tenant.app_id:
            begins = parse_stamp(policy["_created"]) + delay
            removed = policy.get("_removed")
            spans.append((begins, parse_stamp(removed) + min(delay, REMOVAL_DELAY) if removed else None))
    spans.sort(key=lambda span: span[0])
    covered = spans[0][1]
    for begins, ends in spans[1:]:
        if covered is not None and begins > covered:
            return True
        covered = None if covered is None or ends is None else max(covered, ends)
    return covered is not None


@pytest.fixture
def other(tenant: Tenant) -> str:
    """Another group: the same rooms but for the first, and two more."""
    return tenant.another_group("other-rooms", dict(list(tenant.rooms(8).items())[1:]))


def test_not_before_consent_though_nobody_could_use_the_gap(tenant, scope, other, group):
    """Graph goes on refusing for a while after a policy went; the later proof would take it for the new one."""
    tenant.hours_pass(1)
    after = updated(tenant, scope, other)
    assert set(after["groupObjectIds"]) == {group, other}
    assert not opened(tenant, timedelta(minutes=70))


def test_not_when_a_crash_lost_the_age_of_the_new_policy(tenant, scope, other, group):
    tenant.grant("Calendars.ReadWrite")
    tenant.hours_pass(24)
    tenant.fault("Get-ApplicationAccessPolicy", status=500, skip=1, times=99)
    stopped(POLICIES.update, "id", scope, tenant.policy_inputs(other))
    tenant.tenant.faults.clear()
    updated(tenant, scope, other)
    assert not opened(tenant, timedelta(minutes=70))


def test_not_when_graph_enforces_nothing_yet(tenant, scope, other, group):
    """Its witness can be read then, and so can everybody else."""
    tenant.graph_enforces_after(6)
    tenant.grant("Calendars.ReadWrite")
    updated(tenant, scope, other)
    assert not opened(tenant, timedelta(hours=6))
