"""Whatever goes wrong is one line without a secret and without a traceback."""

import base64
import json
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from exchange.access_policies import AccessPoliciesProvider
from exchange.configured_access import ConfiguredAccessProvider
from exchange.enforced_access import EnforcedAccessProvider
from exchange.group_members import GroupMembersProvider
from exchange.provider import Stopped, TenantProvider
from exchange.security_group import SecurityGroupProvider
from tests.exchange.providers.conftest import GROUP, Tenant, members_of

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl"
PROVIDERS: dict[type[TenantProvider], Callable[[Tenant, str], dict[str, Any]]] = {
    SecurityGroupProvider: lambda _tenant, _group: dict(GROUP),
    GroupMembersProvider: lambda tenant, group: members_of(group, tenant.rooms(3)),
    AccessPoliciesProvider: lambda tenant, group: tenant.policy_inputs(group),
    ConfiguredAccessProvider: lambda tenant, group: tenant.proof_inputs(
        {"groupObjectIds": [group], "policyIds": []}, tenant.rooms(3)
    ),
    EnforcedAccessProvider: lambda tenant, group: tenant.enforcement_inputs(
        {
            "policyIds": [],
            "permissions": [],
            "allowed": ["a@contoso.example"],
            "denied": ["b@contoso.example"],
        }
    ),
}
each_provider = pytest.mark.parametrize("provider", PROVIDERS, ids=lambda one: one.__name__)


def calls(provider: TenantProvider, inputs: dict[str, Any], group: str) -> list[Callable[[], Any]]:
    return [
        lambda: provider.create(inputs),
        lambda: provider.read(group, inputs),
        lambda: provider.update(group, inputs, inputs),
    ]


def printed(call: Callable[[], Any]) -> str:
    """What the host of dynamic providers answers when the call raises."""
    try:
        call()
    except Stopped:
        return traceback.format_exc()
    pytest.fail("nothing was raised")


def is_one_line_without_secrets(text: str, tenant: Tenant) -> None:
    assert "Traceback" not in text
    assert text.startswith("Stopped: ")
    assert text.count("\n") == 1
    assert text.endswith("\n")
    assert tenant.tenant.environment["ARM_CLIENT_SECRET"] not in text
    assert "eyJ" not in text


FAULTS: dict[str, dict[str, Any]] = {
    "401": {"status": 401},
    "403": {"status": 403, "body": {"error": {"code": "Forbidden", "message": f"no:\n{TOKEN}\n   at X.Y()"}}},
    "429 with Retry-After": {"status": 429, "headers": {"Retry-After": "7"}},
    "429 without": {"status": 429},
    "429 for too long": {"status": 429, "headers": {"Retry-After": "86400"}},
    "500": {"status": 500},
    "503": {"status": 503},
    "reset": {"status": "reset"},
}


@each_provider
@pytest.mark.parametrize("fault", FAULTS)
def test_every_refusal_of_a_service_is_one_line(tenant, group, provider, fault):
    inputs = PROVIDERS[provider](tenant, group)
    where = "/adminapi/|/v1.0/"
    for call in calls(provider(), inputs, group):
        tenant.tenant.faults.clear()
        tenant.fault(path=where, **FAULTS[fault], times=999)
        is_one_line_without_secrets(printed(call), tenant)


@pytest.mark.parametrize("provider", list(PROVIDERS)[:4], ids=lambda one: one.__name__)
@pytest.mark.parametrize("body", [{"error": {"message": "\0\0\n\n"}}, {"value": "one"}])
def test_a_yes_of_exchange_that_is_none_is_one_line(tenant, group, provider, body):
    inputs = PROVIDERS[provider](tenant, group)
    for call in calls(provider(), inputs, group):
        tenant.tenant.faults.clear()
        tenant.fault(path="/adminapi/", status=200, body=body, times=999)
        is_one_line_without_secrets(printed(call), tenant)


@each_provider
@pytest.mark.parametrize("fault", ["429 with Retry-After", "429 without"])
def test_throttling_for_a_moment_is_waited_for(tenant, group, provider, fault):
    inputs = PROVIDERS[provider](tenant, group)
    tenant.fault(path="/adminapi/|/v1.0/applications", **FAULTS[fault], times=2)
    provider().read(group, inputs)
    assert not tenant.tenant.faults.waiting()


@each_provider
def test_a_wrong_secret_is_one_line_that_does_not_show_it(tenant, group, provider, monkeypatch):
    import deployer
    from exchange.admin_api import current_exchange
    from graph.api import current_graph

    wrong = "wrong-s3cret-of-the-deployer"
    inputs = PROVIDERS[provider](tenant, group)
    environment = {**tenant.tenant.environment, "ARM_CLIENT_SECRET": wrong}
    other = deployer.deployer_from_environment(environment)
    monkeypatch.setattr(deployer, "_made", lambda: other)
    current_exchange.cache_clear()
    current_graph.cache_clear()
    for call in calls(provider(), inputs, group):
        text = printed(call)
        is_one_line_without_secrets(text, tenant)
        assert "AADSTS7000215" in text
        assert wrong not in text


@each_provider
def test_no_identity_at_all_is_one_line_that_says_what_to_set(tenant, group, provider, monkeypatch):
    import deployer
    from exchange.admin_api import current_exchange
    from graph.api import current_graph

    inputs = PROVIDERS[provider](tenant, group)
    monkeypatch.delenv("ARM_CLIENT_SECRET")
    monkeypatch.setattr(deployer, "_made", deployer.deployer_from_environment)
    current_exchange.cache_clear()
    current_graph.cache_clear()
    for call in calls(provider(), inputs, group):
        text = printed(call)
        is_one_line_without_secrets(text, tenant)
        assert "ARM_CLIENT_SECRET" in text


@each_provider
def test_a_fault_of_ours_is_one_line_that_says_where(tenant, group, provider, monkeypatch):
    def breaks(*_: Any) -> Any:
        raise ValueError(f"first\nsecond {TOKEN}")

    for name in ("problems", "creates", "reads", "updates", "deletes"):
        monkeypatch.setattr(provider, name, breaks)
    one = provider()
    for call in [*calls(one, {}, "id"), lambda: one.delete("id", {}), lambda: one.check({}, {})]:
        text = printed(call)
        is_one_line_without_secrets(text, tenant)
        assert "test_provider_errors.py" in text
        assert "ValueError: first second [token]. This is a fault of ours." in text


def test_the_emulated_token_is_one_that_would_be_seen():
    head, body, _ = TOKEN.split(".")
    assert json.loads(base64.urlsafe_b64decode(head + "=="))["alg"] == "RS256"
    assert json.loads(base64.urlsafe_b64decode(body + "=="))["aud"] == "x"
