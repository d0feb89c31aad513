from datetime import UTC, datetime, timedelta

import pytest

import tokens
from rules.secret_lifetime_limited import RULE
from tests.policies.stack import UNKNOWN, Part, changed, judge


def in_days(days):
    return f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


def said(parts, **config):
    return [one.message.partition(". ")[0] for one in judge(RULE, parts, config)]


def test_two_periods_of_the_default_pass_and_much_more_does_not():
    assert said(changed("secret", endDate=in_days(180))) == []
    assert said(changed("secret", endDate=in_days(190))) != []
    assert said(changed("secret", endDate=in_days(190))) == ["secret lives for more than 180 days"]


def test_a_rehearsal_has_its_own_day():
    parts = changed("secret", endDate="2020-06-30T00:00:00Z")
    assert said(parts) == said(parts, today="2020-01-02") == []
    assert said(parts, today="2019-12-01") == ["secret lives for more than 180 days"]


def test_the_limit_is_a_configuration():
    parts = changed("secret", endDate=in_days(190))
    assert said(parts, days=365.0) == []
    assert said(changed("secret", endDate=in_days(100)), days=60)[0].endswith("more than 60 days")


@pytest.mark.parametrize(
    ("props", "what"),
    [
        ({"endDate": "2020-01-01T00:00:00Z"}, []),
        ({"endDate": None, "endDateRelative": "4320h"}, []),
        (
            {"endDate": None, "endDateRelative": "4400h0m"},
            ["secret lives for more than 180 days"],
        ),
        ({"endDate": None}, ["secret has no end, and Entra then takes two years"]),
        ({"endDate": ""}, ["secret has no end, and Entra then takes two years"]),
        ({"endDate": UNKNOWN}, ["secret has an end that is not known at preview"]),
        ({"endDate": "soon"}, ["secret has an end that is no date: soon"]),
        ({"endDate": None, "endDateRelative": "a while"}, ["secret has an end that is no date: a while"]),
    ],
)
def test_ends(props, what):
    assert said(changed("secret", **props)) == what


@pytest.mark.parametrize(
    ("part", "count"),
    [
        (Part(tokens.SERVICE_PRINCIPAL_PASSWORD, "new"), 1),
        (Part(tokens.APPLICATION, "new", {"password": {"displayName": "inline"}}), 1),
        (Part(tokens.APPLICATION, "new", {"password": None}), 0),
    ],
)
def test_other_places_for_a_secret(part, count):
    assert len(said({"new": part})) == count
