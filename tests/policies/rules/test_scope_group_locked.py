import pytest

import tokens
from rules.scope_group_locked import RULE
from tests.policies.stack import UNKNOWN, Part, changed, clean, judge


def said(parts):
    return [one.message.partition(".")[0] for one in judge(RULE, parts)]


@pytest.mark.parametrize(
    ("key", "value", "what"),
    [
        ("hiddenFromAddressLists", False, "group shows in the address lists"),
        ("memberJoin", "ApprovalRequired", "group lets people join by themselves"),
        ("memberDepart", "Open", "group lets members leave by themselves"),
        ("requireSenderAuthentication", False, "group takes mail from outside"),
        ("owners", [], "group has no owner"),
        ("allowedSenders", None, "group takes mail from everybody"),
    ],
)
def test_each_part_of_the_lock(key, value, what):
    assert said(changed("group", **{key: value})) == [what]
    assert said(changed("group", **{key: UNKNOWN})) == []
    parts = clean()
    del parts["group"].props[key]
    assert said(parts) == [what]


def test_everything_at_once():
    parts = clean()
    parts["group"].props.clear()
    assert len(said(parts)) == 6


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("MailUniversalSecurityGroup", []),
        (UNKNOWN, []),
        ("GroupMailbox", ["staff is a GroupMailbox, no mail-enabled security group"]),
    ],
)  # fmt: skip
def test_a_group_that_exists_is_a_mail_enabled_security_group(kind, what):
    assert said({**clean(), "staff": Part(tokens.EXISTING_GROUP, "staff", {"recipientType": kind})}) == what


def test_a_scope_is_bound_to_groups_of_this_module():
    parts = {**clean(), "other": Part("azuread:index/group:Group", "other")}
    parts["policies"].by_property["groupObjectIds"] = ("group", "other")
    assert said(parts) == [
        "policies is bound to other, which is no mail-enabled security group of this module"
    ]
    parts["policies"].by_property["groupObjectIds"] = ()
    assert said(parts) == ["policies is bound to a group that is not declared in this stack"]
    parts["policies"].props["groupObjectIds"] = []
    assert said(parts) == [], "another rule refuses a scope without groups"
