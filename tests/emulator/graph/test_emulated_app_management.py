from datetime import timedelta

import pytest

from emulator.graph.credential_rules import DEFAULT

OF_THE_APP = "db9d58e7-0000-4000-8000-000000000001"


@pytest.fixture
def reader(shared_cloud):
    return shared_cloud.caller("Policy.Read.All", "Application.Read.All")


def restrict(store, *, kind="passwordLifetime", longest="P30D", since=None, state="enabled", of=DEFAULT):
    rule = {
        "restrictionType": kind,
        "state": state,
        "maxLifetime": longest,
        "restrictForAppsCreatedAfterDateTime": since,
    }
    where = "applicationRestrictions" if of == DEFAULT else "restrictions"
    store.put(
        "appManagementPolicy", of, {"id": of, "isEnabled": True, where: {"passwordCredentials": [rule]}}
    )


@pytest.fixture
def store(shared_cloud):
    kept = shared_cloud.tenant.store
    yield kept
    for one in (DEFAULT, OF_THE_APP):
        kept.delete("appManagementPolicy", one)


@pytest.fixture
def add(admin, application, shared_cloud):
    """Ask for a secret of so many days."""

    def ask(days):
        end = (shared_cloud.tenant.clock.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
        path = f"/v1.0/applications/{application[0]['id']}/addPassword"
        return admin("POST", path, {"passwordCredential": {"displayName": "x", "endDateTime": end}})

    return ask


def test_a_tenant_restricts_nothing_until_somebody_does(reader, store, add, application):
    assert reader.ok("GET", "/v1.0/policies/defaultAppManagementPolicy")["isEnabled"] is False
    assert reader.ok("GET", f"/v1.0/applications/{application[0]['id']}/appManagementPolicies")["value"] == []
    assert add(700).status_code == 200


def test_a_secret_may_not_live_longer_than_the_tenant_says(reader, store, add, refused):
    restrict(store)
    answer = add(31)
    assert refused(answer) == (400, "CredentialInvalidLifetimeAsPerAppPolicy")
    assert f"as per assigned policy '{DEFAULT}'" in answer.json()["error"]["message"]
    assert add(29).status_code == 200


def test_secrets_may_be_forbidden(store, add, refused):
    restrict(store, kind="passwordAddition", longest=None)
    assert refused(add(1)) == (400, "CredentialTypeNotAllowedAsPerAppPolicy")


@pytest.mark.parametrize("rule", [{"state": "disabled"}, {"since": "2099-01-01T00:00:00Z"}])
def test_a_rule_that_is_off_or_about_younger_applications_counts_for_nothing(store, add, rule):
    restrict(store, **rule)
    assert add(31).status_code == 200


def test_the_application_s_own_policy_outranks_the_tenant_s(store, add, application, reader):
    restrict(store)
    restrict(store, longest="P365D", of=OF_THE_APP)
    found = store.get("application", application[0]["id"])
    store.put("application", found["id"], found | {"_policies": [OF_THE_APP]})
    path = f"/v1.0/applications/{found['id']}/appManagementPolicies"
    assert [one["id"] for one in reader.ok("GET", path)["value"]] == [OF_THE_APP]
    assert add(300).status_code == 200
    assert add(400).status_code == 400


def test_who_may_not_read_policies_may_not_see_them(admin, application):
    assert admin("GET", "/v1.0/policies/defaultAppManagementPolicy").status_code == 403
    path = f"/v1.0/applications/{application[0]['id']}/appManagementPolicies"
    assert admin("GET", path).status_code == 403
