"""Conditional Access for workload identities: whose token is refused, and who sees the policies."""

import pytest

from emulator.conditional_access import EVERYONE, policy


@pytest.mark.parametrize(
    ("include", "exclude", "state", "blocked"),
    [
        ([EVERYONE], [], "enabled", True),
        (["own"], [], "enabled", True),
        ([EVERYONE], ["own"], "enabled", False),
        (["another"], [], "enabled", False),
        ([EVERYONE], [], "enabledForReportingButNotEnforced", False),
        ([EVERYONE], [], "disabled", False),
    ],
)
def test_who_is_blocked_gets_no_token(cloud, include, exclude, state, blocked):
    app = cloud.app()
    own = {"own": app.principal_id}
    made = policy(
        "Block", [own.get(one, one) for one in include],
        exclude=[own.get(one, one) for one in exclude], state=state,
    )  # fmt: skip
    cloud.store.put("conditionalAccessPolicy", made["id"], made)
    answer = cloud.ask_token(app)
    assert (answer.status_code != 200) is blocked
    if blocked:
        assert answer.json()["error_codes"] == [53003]
        assert answer.json()["error_description"].startswith("AADSTS53003: Access has been blocked by")
        assert cloud.store.all("signIn")[-1]["status"]["errorCode"] == 53003


def test_a_wrong_secret_is_told_before_a_policy(cloud):
    app = cloud.app()
    cloud.store.put("conditionalAccessPolicy", "Block", policy("Block", [EVERYONE], exclude=[]))
    app.secret = "wrong"
    assert cloud.ask_token(app).json()["error_codes"] == [7000215]


def test_policies_are_listed_to_who_may_read_policies(cloud, refused):
    reader, other = cloud.caller("Policy.Read.All"), cloud.caller("Application.Read.All")
    cloud.store.put("conditionalAccessPolicy", "Block", policy("Block", [EVERYONE], exclude=[]))
    [found] = reader.ok("GET", "/v1.0/identity/conditionalAccess/policies")["value"]
    assert found["conditions"]["clientApplications"]["includeServicePrincipals"] == [EVERYONE]
    assert refused(other("GET", "/v1.0/identity/conditionalAccess/policies"))[0] == 403
