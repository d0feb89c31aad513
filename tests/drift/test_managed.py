"""What Pulumi tells beside the looks: a look that tells one property of a block hides no other."""

import pytest

from drift.finding import Managed
from drift.managed import Changed, managed, not_told_already
from drift.report import report
from review.types import APPLICATION
from tests.drift.made import Made
from tests.drift.tampering import TAMPERINGS
from tests.drift.told import acceptance

NAME = "placeos-identity-application"
NOTHING = {
    "homepageUrl": "",
    "logoutUrl": "",
    "redirectUris": [],
    "implicitGrant": {"idTokenIssuanceEnabled": False},
}
MAPPED = {
    "knownClientApplications": ["x"],
    "mappedClaimsEnabled": True,
    "oauth2PermissionScopes": [{"value": "y"}],
}


def parts(before: object, after: object) -> list[str]:
    return [one.subject for one in managed([Changed(APPLICATION, NAME, {"web": (before, after)})], "dev")]


@pytest.mark.parametrize("before", [{}, None, NOTHING, {"__defaults": []}])
def test_each_part_of_a_block_is_told_by_itself(before: object) -> None:
    after = {**NOTHING, "logoutUrl": "https://x", "implicitGrant": {"idTokenIssuanceEnabled": True}}
    assert parts(before, after) == [
        f"{NAME} web.implicitGrant.idTokenIssuanceEnabled",
        f"{NAME} web.logoutUrl",
    ]


def test_a_difference_that_no_part_shows_is_told_of_the_whole() -> None:
    assert parts({}, NOTHING) == [f"{NAME} web"]
    assert parts("as recorded", "otherwise") == [f"{NAME} web"]


@pytest.mark.parametrize(
    ("name", "block", "found", "left"),
    [
        (
            "a redirect address", "web",
            {"logoutUrl": "https://x", "redirectUris": ["https://elsewhere.example/back"]}, ["web.logoutUrl"],
        ),
        ("a scope to ask for", "api", MAPPED, ["api.knownClientApplications", "api.mappedClaimsEnabled"]),
        (
            "tokens without a code", "web",
            {"homepageUrl": "https://x", "implicitGrant": {"accessTokenIssuanceEnabled": True}},
            ["web.homepageUrl"],
        ),
    ],
)  # fmt: skip
def test_what_is_accepted_hides_nothing_else(
    made: Made, name: str, block: str, found: object, left: list[str]
) -> None:
    TAMPERINGS[name].do(made)
    pulumi = list(managed([Changed(APPLICATION, NAME, {block: ({}, found)})], "dev"))
    [one] = made.reported().findings
    entry = acceptance(one.subject, one.rule, level=one.level, holds=one.holds)
    told = report(made.asking(), pulumi, [entry], made.emulated.tenant.clock.now().date())
    assert [one.subject for one in told.findings] == [f"{NAME} {path}" for path in left]
    assert len(told.sorted.accepted) == 1


def test_who_tells_a_property_tells_what_is_in_it() -> None:
    found = list(managed([Changed(APPLICATION, NAME, {"web": ({}, {"logoutUrl": "https://x"})})], "dev"))
    assert not_told_already(found, (), [frozenset({Managed(APPLICATION, "web")})]) == []
    assert not_told_already(found, (), [frozenset({Managed(APPLICATION, "web.redirectUris")})]) == found
