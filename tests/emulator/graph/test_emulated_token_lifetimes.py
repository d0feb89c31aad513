"""Token lifetime policies: which there are, whose they are, and how long a token then lives."""

from datetime import timedelta

import pytest

from emulator.tokens import LIFETIME, lifetime_of, token_lifetime_policy

ALL = "/v1.0/policies/tokenLifetimePolicies"


def policy(cloud, id_, lifetime, *assigned):
    cloud.store.put("tokenLifetimePolicy", id_, token_lifetime_policy(id_, id_, lifetime, list(assigned)))


def test_a_policy_of_the_principal_counts_before_its_application_s_and_the_tenant_s(cloud):
    app = cloud.app()
    principal = cloud.store.get("servicePrincipal", app.principal_id)
    assert lifetime_of(cloud.tenant, principal) == LIFETIME
    for id_, hours, assigned in (
        ("tenant", 2, ()),
        ("application", 3, (app.application_id,)),
        ("principal", 4, (app.principal_id,)),
    ):
        policy(cloud, id_, timedelta(hours=hours), *assigned)
        assert lifetime_of(cloud.tenant, principal) == timedelta(hours=hours)


def test_they_are_listed_all_and_by_whom_they_are_assigned_to(cloud):
    app = cloud.app()
    policy(cloud, "tenant", timedelta(hours=2))
    policy(cloud, "application", timedelta(hours=8), app.application_id)
    reader = cloud.caller("Policy.Read.All", "Application.ReadWrite.OwnedBy")
    listed = {one["id"]: one for one in reader.ok("GET", ALL)["value"]}
    assert listed["tenant"]["isOrganizationDefault"]
    assert listed["application"]["definition"] == [
        '{"TokenLifetimePolicy": {"Version": 1, "AccessTokenLifetime": "08:00:00"}}'
    ]
    of_application = reader.ok("GET", f"/v1.0/applications/{app.application_id}/tokenLifetimePolicies")
    assert [one["id"] for one in of_application["value"]] == ["application"]
    of_principal = reader.ok("GET", f"/v1.0/servicePrincipals/{app.principal_id}/tokenLifetimePolicies")
    assert of_principal["value"] == []


@pytest.mark.parametrize("role", ["Application.ReadWrite.OwnedBy", "Directory.Read.All"])
def test_another_right_does_not_open_them(shared_cloud, role):
    assert shared_cloud.caller(role)("GET", ALL).status_code == 403


def test_those_of_an_application_take_the_right_to_manage_applications_too(shared_cloud):
    app = shared_cloud.app()
    path = f"/v1.0/applications/{app.application_id}/tokenLifetimePolicies"
    assert shared_cloud.caller("Policy.Read.All", "Directory.Read.All")("GET", path).status_code == 403
