"""How long a token may live, under whatever policies there are."""

from datetime import timedelta

import pytest

from emulator.tokens import token_lifetime_policy
from graph.service_principals import find_service_principal
from graph.token_lifetimes import LONGEST, USUAL, longest_token
from permissions import GRAPH_APP_ID
from rights import Role, useful
from tests.docs.test_deployer_rights import give


def asked(emulated, policy=None):
    """The answer under the policy for a new application, called "mine" where the policy is assigned."""
    store, graph = emulated.tenant.store, emulated.graph
    for right in useful({Role.CONTAIN}):
        give(store, right)
    made = graph.post("/v1.0/applications", {"displayName": "PlaceOS"})
    itself = find_service_principal(graph, GRAPH_APP_ID)
    if policy:
        named = {"mine": made["id"], "graph": itself}
        policy["_assigned"] = [named.get(one, one) for one in policy["_assigned"]]
        store.put("tokenLifetimePolicy", policy["id"], policy)
    return longest_token(graph, made["id"], "", itself)


@pytest.mark.parametrize(
    ("assigned", "hours", "longest"),
    [
        ([], 3, timedelta(hours=3)),
        (["mine"], 8, timedelta(hours=8)),
        (["graph"], 8, timedelta(hours=8)),
        (["another"], 8, USUAL),
        (["mine"], 1, USUAL),
    ],
)
def test_the_longest_that_may_count(emulated, assigned, hours, longest):
    policy = token_lifetime_policy("p", "P", timedelta(hours=hours), assigned)
    assert asked(emulated, policy) == longest


@pytest.mark.parametrize(
    ("definition", "longest"),
    [
        ('{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"1.00:00:00"}}', timedelta(days=1)),
        ('{"TokenLifetimePolicy":{"Version":1,"MaxAgeSingleFactor":"6.00:00:00"}}', USUAL),
        ('{"TokenLifetimePolicy":{"AccessTokenLifetime":"soon"}}', LONGEST),
        ("no JSON", LONGEST),
    ],
)
def test_a_policy_that_can_t_be_read_counts_as_the_worst(emulated, definition, longest):
    policy = token_lifetime_policy("p", "P", timedelta(hours=2), ["mine"]) | {"definition": [definition]}
    assert asked(emulated, policy) == longest
