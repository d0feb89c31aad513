import json

import pytest

from rules.no_secret_in_outputs import RULE
from tests.policies.stack import UNKNOWN, changed, judge

VALUE = "emu~a-value-of-a-secret"


def said(value=UNKNOWN, config=None, **outputs):
    parts = changed("placeos-m365-dev", **outputs)
    parts["secret"].props["value"] = value
    return [one.message.partition(".")[0] for one in judge(RULE, parts, config)]


def test_the_module_s_secret_outputs_may_hold_it():
    assert said(VALUE, clientSecret=VALUE, placeosCalendarConfig={"client_secret": VALUE}) == []


@pytest.mark.parametrize(
    "output",
    [
        VALUE,
        f"SECRET={VALUE}",
        {"deep": [{"er": VALUE}]},
        json.dumps({"client_secret": VALUE}),
    ],
)  # fmt: skip
def test_another_output_that_holds_it_is_refused_and_the_value_is_not_said(output):
    [found] = said(VALUE, summary=output)
    assert found == "placeos-m365-dev has the output summary, in which there is a secret"


@pytest.mark.parametrize(
    "name", ["adminPassword", "api_key", "GRAPH_TOKEN", "secret", "clientSecrets", "secretValue"]
)
def test_a_name_of_a_secret_is_refused_known_or_not(name):
    assert said(**{name: UNKNOWN}) == [
        f"placeos-m365-dev has the output {name}, which by its name is a secret"
    ]
    assert said(config={"secretOutputs": [name, "clientSecret"]}, **{name: UNKNOWN}) == []


@pytest.mark.parametrize(
    "name",
    [
        "clientSecretKeyId",
        "clientSecretExpires",
        "keyVaultSecretUri",
        "nextRotation",
        "tokenLifetime",
        "monkey",
    ],
)
def test_a_name_that_only_speaks_of_one_passes(name):
    assert said(**{name: "2027-03-27T00:00:00Z"}) == []


@pytest.mark.parametrize(
    "value",
    [
        "abc8Q~" + "d" * 34,
        "-----BEGIN RSA " + "PRIVATE KEY-----\nMII",
        ".".join(("eyJhbGciOiJub25l", "eyJhdWQiOiJhdWQi", "sig")),
    ],
)
def test_the_shape_of_a_secret_is_refused(value):
    assert said(summary=value) == ["placeos-m365-dev has the output summary, in which there is a secret"]


def test_each_output_is_named():
    assert len(said(VALUE, a=VALUE, b=VALUE, clientId="c", empty="", nothing=None)) == 2
