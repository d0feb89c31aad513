"""App management policies of the tenant, looked up before a secret is made."""

from datetime import timedelta

import pytest

from prerequisites import secret_problems
from settings import Problem
from tests.prerequisites.conftest import settings

OF_THE_APP = "db9d58e7-0000-4000-8000-000000000001"
DEFAULT = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def problems(emulated):
    def ask(object_id: str | None = None, days: int = 90) -> list[Problem]:
        now = emulated.tenant.tenant.clock.now()
        return list(secret_problems(settings(rotationPeriodDays=days), object_id, now, emulated.graph))

    return ask


def restrict(emulated, kind="passwordLifetime", longest="P90D", of=DEFAULT, **rule) -> None:
    rules = [{"restrictionType": kind, "maxLifetime": longest, "state": "enabled", **rule}]
    restrictions = {"passwordCredentials": rules}
    where = "applicationRestrictions" if of == DEFAULT else "restrictions"
    emulated.tenant.store.put("appManagementPolicy", of, {"id": of, "isEnabled": True, where: restrictions})


def test_a_tenant_without_restrictions(problems):
    assert problems() == []


@pytest.mark.parametrize(
    ("longest", "days", "fix"),
    [
        ("P90D", 90, "rotationPeriodDays: 45, or "),
        ("P89D", 45, "rotationPeriodDays: 44, or "),
        ("P13D", 7, "have the application exempted"),
        ("P4DT12H30M5S", 7, "have the application exempted"),
    ],
)
def test_a_secret_lives_for_two_periods(problems, emulated, longest, days, fix):
    restrict(emulated, longest=longest)
    [problem] = problems(days=days)
    assert (problem.key, problem.value) == ("rotationPeriodDays", str(days))
    assert f"{2 * days} days" in problem.reason
    assert DEFAULT in problem.reason
    assert problem.fix.startswith(fix)


@pytest.mark.parametrize(("longest", "days"), [("P180D", 90), ("P1Y", 180), ("P6M", 90)])
def test_what_is_allowed_is_no_problem(problems, emulated, longest, days):
    restrict(emulated, longest=longest)
    assert problems(days=days) == []


def test_secrets_may_be_forbidden_altogether(problems, emulated):
    restrict(emulated, kind="passwordAddition", longest=None)
    [problem] = problems()
    assert "forbids client secrets" in problem.reason


@pytest.mark.parametrize(
    "rule", [{"state": "disabled"}, {"restrictForAppsCreatedAfterDateTime": "2099-01-01T00:00:00Z"}]
)
def test_a_rule_that_does_not_count_here(problems, emulated, rule):
    restrict(emulated, **rule)
    assert problems() == []


def test_an_application_that_is_older_than_the_rule_is_not_limited(problems, emulated):
    made = emulated.graph.post("/v1.0/applications", {"displayName": "Rooms"})
    tomorrow = emulated.tenant.tenant.clock.now() + timedelta(days=1)
    restrict(emulated, restrictForAppsCreatedAfterDateTime=f"{tomorrow:%Y-%m-%dT%H:%M:%SZ}")
    emulated.tenant.tenant.clock.advance(timedelta(days=2).total_seconds())
    assert problems(), "one that is made now is"
    assert problems(made["id"]) == []


def test_an_application_s_own_policy_outranks_the_tenant_s(problems, emulated):
    made = emulated.graph.post("/v1.0/applications", {"displayName": "Rooms"})
    restrict(emulated, longest="P30D")
    restrict(emulated, longest="P365D", of=OF_THE_APP)
    assert problems(made["id"])
    stored = emulated.tenant.store.get("application", made["id"])
    emulated.tenant.store.put("application", made["id"], stored | {"_policies": [OF_THE_APP]})
    assert problems(made["id"]) == []
