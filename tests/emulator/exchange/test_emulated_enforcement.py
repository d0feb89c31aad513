from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.clock import EmulatedClock
from emulator.exchange.enforcement import configured_access, evaluate, mailbox_access
from emulator.store import Store

APP = "9f1b6c9e-0000-4000-8000-000000000001"
MINUTE = 60.0
NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)


@pytest.fixture
def graph(exchange):
    def access(mailbox):
        recipient = exchange.tenant.store.get("recipient", exchange.id_of(mailbox))
        return mailbox_access(exchange.tenant.store, exchange.tenant.clock, APP, recipient)

    return access


def make(exchange, group="Rooms"):
    return exchange.run(
        "New-ApplicationAccessPolicy", AccessRight="RestrictAccess", AppId=APP, PolicyScopeGroupId=group
    )[0]["Identity"]


def remove(exchange, identity):
    exchange.run("Remove-ApplicationAccessPolicy", Identity=identity)


def test_graph_follows_a_new_policy_only_after_the_delay(exchange, graph, change_settings):
    change_settings(policyDelay=70 * MINUTE)
    make(exchange)
    assert graph("ann.abel") == "granted"
    exchange.tenant.clock.advance(69 * MINUTE)
    assert graph("ann.abel") == "granted"
    exchange.tenant.clock.advance(1 * MINUTE)
    assert graph("ann.abel") == "denied"
    assert graph("ber-01-spree") == "granted"


def test_graph_forgets_a_removed_policy_only_after_30_minutes(exchange, graph):
    identity = make(exchange)
    exchange.tenant.clock.advance(70 * MINUTE)
    remove(exchange, identity)
    exchange.tenant.clock.advance(29 * MINUTE)
    assert graph("ann.abel") == "denied"
    exchange.tenant.clock.advance(1 * MINUTE)
    assert graph("ann.abel") == "granted"


def test_graph_unites_restrictions_and_obeys_denials_and_rules_for_every_app(
    exchange, graph, change_settings
):
    change_settings(policyDelay=0.0)

    def add(right, group, app=APP):
        exchange.run("New-ApplicationAccessPolicy", AccessRight=right, AppId=app, PolicyScopeGroupId=group)

    add("RestrictAccess", "Inner", app="*")
    assert (graph("ber-01-spree"), graph("ann.abel")) == ("granted", "denied")
    add("RestrictAccess", "Synced")
    assert (graph("ber-01-spree"), graph("ann.abel"), graph("bob.abel")) == ("granted", "granted", "denied")
    add("DenyAccess", "Rooms", app="*")
    assert (graph("ber-01-spree"), graph("ann.abel")) == ("denied", "granted")


def test_without_a_delay_everything_counts_at_once(exchange, graph, change_settings):
    change_settings(policyDelay=0.0)
    identity = make(exchange)
    assert graph("ann.abel") == "denied"
    remove(exchange, identity)
    assert graph("ann.abel") == "granted"


def test_a_policy_made_again_counts_after_a_delay_of_its_own(exchange, graph):
    identity = make(exchange)
    exchange.tenant.clock.advance(70 * MINUTE)
    remove(exchange, identity)
    assert make(exchange) == identity
    assert graph("ann.abel") == "denied"
    exchange.tenant.clock.advance(40 * MINUTE)
    assert graph("ann.abel") == "granted"
    exchange.tenant.clock.advance(30 * MINUTE)
    assert graph("ann.abel") == "denied"


def test_a_change_of_members_counts_at_once(exchange, graph):
    make(exchange)
    exchange.tenant.clock.advance(70 * MINUTE)
    exchange.run(
        "Add-DistributionGroupMember",
        Identity="Inner",
        Member="ann.abel",
        BypassSecurityGroupManagerCheck=True,
    )
    assert graph("ann.abel") == "granted"


def test_a_store_without_a_tenant_is_an_error_not_a_yes():
    with pytest.raises(LookupError, match="no tenant"):
        mailbox_access(Store(), StoppedClock(NOW), APP, {"ExternalDirectoryObjectId": "x"})


def microsofts_rules(policies):
    """The five sentences of New-ApplicationAccessPolicy, one after the other."""
    denying = [inside for right, inside in policies if right == "DenyAccess"]
    restricting = [inside for right, inside in policies if right == "RestrictAccess"]
    if any(denying):
        return "denied"
    if any(restricting):
        return "granted"
    if restricting:
        return "denied"
    return "granted"


@given(st.lists(st.tuples(st.sampled_from(["DenyAccess", "RestrictAccess"]), st.booleans())))
def test_evaluation_is_microsofts_five_rules(policies):
    assert evaluate(policies) == microsofts_rules(policies)


IDS = st.sampled_from("abcdef")
GROUPS = st.dictionaries(st.sampled_from("uvwxyz"), st.lists(st.sampled_from("abcdefuvwxyz"), max_size=4))
POLICIES = st.lists(
    st.fixed_dictionaries(
        {
            "AppId": st.sampled_from([APP, APP.upper(), "*", "another"]),
            "AccessRight": st.sampled_from(["DenyAccess", "RestrictAccess"]),
            "scope": st.sampled_from("abuvwxyz"),
            "removed": st.booleans(),
        }
    ),
    max_size=6,
)


@given(groups=GROUPS, policies=POLICIES, mailbox=IDS)
def test_the_answer_is_that_of_the_rules_over_everybody_in_the_nested_groups(groups, policies, mailbox):
    store = Store()
    for id_, members in groups.items():
        store.put("group", id_, {"id": id_})
        store.put("recipient", id_, {"ExternalDirectoryObjectId": id_, "Members": members})
    for place, policy in enumerate(policies):
        document = {
            "AppId": policy["AppId"],
            "AccessRight": policy["AccessRight"],
            "ScopeIdentityRaw": f"S-1;{policy['scope']}",
            **({"_removed": "2026-01-05"} if policy["removed"] else {}),
        }
        store.put("accessPolicy", str(place), document)

    def holds(scope, seen=frozenset()):
        if scope == mailbox:
            return True
        return scope not in seen and any(holds(member, seen | {scope}) for member in groups.get(scope, []))

    standing = [p for p in policies if not p["removed"] and p["AppId"] != "another"]
    expected = microsofts_rules([(p["AccessRight"], holds(p["scope"])) for p in standing])
    assert configured_access(store, APP, {"ExternalDirectoryObjectId": mailbox}) == expected


class StoppedClock(EmulatedClock):
    def __init__(self, now):
        self._now = now

    def now(self):
        return self._now


@given(
    delay=st.integers(0, 720),
    created=st.integers(0, 2000),
    lived=st.none() | st.integers(0, 2000),
)
def test_a_policy_is_in_force_from_its_delay_until_half_an_hour_after_its_removal(delay, created, lived):
    minutes = timedelta(minutes=1)
    store = Store()
    store.put("tenant", "tenant", {"policyDelay": (delay * minutes).total_seconds()})
    removed = None if lived is None else created - lived
    store.put(
        "accessPolicy",
        "p",
        {
            "AppId": APP,
            "AccessRight": "RestrictAccess",
            "ScopeIdentityRaw": "S-1;nobody",
            "_created": (NOW - created * minutes).isoformat(),
            **({} if removed is None else {"_removed": (NOW - removed * minutes).isoformat()}),
        },
    )
    begun = created >= delay
    over = removed is not None and removed >= min(delay, 30)
    access = mailbox_access(store, StoppedClock(NOW), APP, {"ExternalDirectoryObjectId": "m"})
    assert access == ("denied" if begun and not over else "granted")
