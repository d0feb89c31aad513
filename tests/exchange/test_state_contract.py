"""What is written into states: it outlives releases, so a change here needs a shim or an alias."""

import base64
import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pulumi.dynamic import CheckFailure, Resource
from pulumi.dynamic.dynamic import serialize_provider

from exchange.access_policies import AccessPolicies, AccessPoliciesProvider
from exchange.configured_access import ConfiguredAccess, ConfiguredAccessProvider
from exchange.consent_by_person import ConsentByPerson, ConsentByPersonProvider
from exchange.enforced_access import EnforcedAccess, EnforcedAccessProvider
from exchange.existing_group import ExistingGroup, ExistingGroupProvider
from exchange.group_members import GroupMembers, GroupMembersProvider
from exchange.provider import TenantProvider
from exchange.security_group import SecurityGroup, SecurityGroupProvider

PROVIDERS: dict[type[TenantProvider], str] = {
    SecurityGroupProvider: "exchange.security_group.SecurityGroupProvider",
    GroupMembersProvider: "exchange.group_members.GroupMembersProvider",
    AccessPoliciesProvider: "exchange.access_policies.AccessPoliciesProvider",
    ConfiguredAccessProvider: "exchange.configured_access.ConfiguredAccessProvider",
    ConsentByPersonProvider: "exchange.consent_by_person.ConsentByPersonProvider",
    ExistingGroupProvider: "exchange.existing_group.ExistingGroupProvider",
    EnforcedAccessProvider: "exchange.enforced_access.EnforcedAccessProvider",
}
TOKENS: dict[type[Resource], str] = {
    SecurityGroup: "dynamic/exchange:SecurityGroup",
    GroupMembers: "dynamic/exchange:GroupMembers",
    AccessPolicies: "dynamic/exchange:AccessPolicies",
    ConfiguredAccess: "dynamic/exchange:ConfiguredAccess",
    ConsentByPerson: "dynamic/exchange:ConsentByPerson",
    ExistingGroup: "dynamic/exchange:ExistingGroup",
    EnforcedAccess: "dynamic/exchange:EnforcedAccess",
}
SECRETS = {
    "ARM_CLIENT_SECRET": "s3cret-of-the-deployer",
    "EXCHANGE_CLIENT_SECRET": "s3cret-of-exchange",
    "ARM_OIDC_TOKEN": "s3cret-token",
    "ARM_TENANT_ID": "0aabbccd-1111-4222-8333-444455556666",
}
each_provider = pytest.mark.parametrize("provider", PROVIDERS, ids=lambda one: one.__name__)


def test_every_provider_is_listed():
    assert set(TenantProvider.__subclasses__()) == set(PROVIDERS)


@each_provider
def test_modules_and_classes_keep_their_names(provider):
    assert f"{provider.__module__}.{provider.__qualname__}" == PROVIDERS[provider]


@pytest.mark.parametrize("resource", TOKENS, ids=lambda one: one.__name__)
def test_type_tokens_keep_their_names(resource):
    assert resource._resource_type_name == TOKENS[resource]


@each_provider
def test_a_provider_is_written_by_reference_and_holds_nothing(provider, monkeypatch):
    for name, secret in SECRETS.items():
        monkeypatch.setenv(name, secret)
    written = base64.b64decode(serialize_provider(provider()))
    assert len(written) < 120
    assert PROVIDERS[provider].rpartition(".")[0].encode() in written
    for secret in SECRETS.values():
        assert secret.encode() not in written
    assert vars(provider()) == {}


@each_provider
def test_nothing_is_prepared_in_the_constructor(provider):
    assert provider.__init__ is object.__init__ or not inspect.getsource(provider).count("def __init__")
    assert provider.serialize_as_secret_always is False


@each_provider
def test_a_provider_comes_back_in_a_process_of_its_own(provider):
    """As in the host of dynamic providers, which has imported nothing of ours."""
    script = "import base64, dill, sys; print(type(dill.loads(base64.b64decode(sys.argv[1]))).__name__)"
    done = subprocess.run(
        [sys.executable, "-c", script, serialize_provider(provider())],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2], env=os.environ,
    )  # fmt: skip
    assert done.stdout.strip() == provider.__name__


@each_provider
def test_a_refusal_names_no_property_whose_value_the_engine_would_print(provider, monkeypatch):
    monkeypatch.setattr(provider, "problems", lambda *_: ["wrong", "also wrong"])
    found = provider().check({}, {"secret": "s3cret"})
    assert [(type(one), one.property, one.reason) for one in found.failures] == [
        (CheckFailure, "", "wrong"),
        (CheckFailure, "", "also wrong"),
    ]
