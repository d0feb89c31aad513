import pytest

from emulator.exchange.access_policies import POLICY_SIZE, SIZE_LIMIT
from emulator.ids import security_id

APP = "9f1b6c9e-0000-4000-8000-000000000001"
OTHER = "9f1b6c9e-0000-4000-8000-000000000002"


def make(exchange, group="Rooms", app=APP, right="RestrictAccess", **more):
    return exchange.run(
        "New-ApplicationAccessPolicy", AccessRight=right, AppId=app, PolicyScopeGroupId=group, **more
    )[0]


def verdict(exchange, mailbox, app=APP):
    return exchange.run("Test-ApplicationAccessPolicy", Identity=mailbox, AppId=app)[0]["AccessCheckResult"]


def test_a_policy_looks_like_the_real_one(exchange):
    policy = make(exchange, Description="rooms only")
    group_id = exchange.id_of("rooms")
    sid = security_id(group_id)
    assert policy["Identity"] == f"{exchange.tenant.id}\\{APP}:{sid};{group_id}"
    assert policy["ScopeIdentityRaw"] == f"{sid};{group_id}"
    assert {name: policy[name] for name in ("AppId", "AccessRight", "ScopeName", "ScopeIdentity")} == {
        "AppId": APP,
        "AccessRight": "RestrictAccess",
        "ScopeName": "Rooms",
        "ScopeIdentity": "Rooms",
    }
    assert (policy["ShardType"], policy["IsValid"], policy["ObjectState"]) == ("All", True, "Unchanged")
    assert policy["Description"] == "rooms only"
    assert not [name for name in policy if name.startswith("_")]
    assert exchange.run("Get-ApplicationAccessPolicy", Identity=policy["Identity"]) == [policy]


def test_the_same_app_and_group_have_the_same_identity_again(exchange):
    policy = make(exchange)
    assert exchange.run("Remove-ApplicationAccessPolicy", Identity=policy["Identity"], Confirm=False) == []
    assert make(exchange, right="DenyAccess")["Identity"] == policy["Identity"]


def test_a_description_is_made_when_none_is_given(exchange):
    policy = make(exchange)
    sid, _, oid = policy["ScopeIdentityRaw"].partition(";")
    assert policy["Description"] == (
        f"AppId: {APP}; ScopeIdentitySid: {sid}; ScopeIdentityOid: {oid}; "
        "AccessRight: RestrictAccess; ShardType: All"
    )


def test_several_apps_make_a_policy_each_and_a_star_is_an_app(exchange):
    made = exchange.run(
        "New-ApplicationAccessPolicy", AccessRight="DenyAccess", AppId=[APP, "*"], PolicyScopeGroupId="Rooms"
    )
    assert [policy["AppId"] for policy in made] == [APP, "*"]


def test_a_tenant_without_policies_is_an_error(exchange):
    refusal = exchange.refused("Get-ApplicationAccessPolicy")
    assert refusal.type == "ManagementObjectNotFoundException"
    assert "object 'OU=fabrikam.example,OU=Microsoft Exchange Hosted Organizations" in refusal.text
    assert "\\*'" in refusal.text
    policy = make(exchange)
    assert exchange.run("Get-ApplicationAccessPolicy") == [policy]
    exchange.run("Remove-ApplicationAccessPolicy", Identity=policy["Identity"])
    assert exchange.refused("Get-ApplicationAccessPolicy").status == 404


@pytest.mark.parametrize(
    "details",
    [
        "MailUniversalDistributionGroup",
        "DynamicDistributionGroup",
        "GroupMailbox",
        "MailContact",
        "RoomMailbox",
        "EquipmentMailbox",
        "SharedMailbox",
        "DiscoveryMailbox",
        "PublicFolder",
    ],
)
def test_a_scope_that_is_no_security_principal_is_refused(exchange, add_recipient, details):
    add_recipient("scope", details)
    refusal = exchange.refused(
        "New-ApplicationAccessPolicy", AccessRight="RestrictAccess", AppId=APP, PolicyScopeGroupId="scope"
    )
    assert details in refusal.text
    assert "security principal" in refusal.text


@pytest.mark.parametrize("details", ["UserMailbox", "MailUser", "MailUniversalSecurityGroup"])
def test_a_security_principal_is_a_scope(exchange, add_recipient, details):
    add_recipient("scope", details)
    assert make(exchange, "scope")["ScopeName"] == "scope"


@pytest.mark.parametrize(
    ("change", "type_"),
    [
        ({"AppId": "not a guid"}, "ParameterBindingException"),
        ({"AppId": []}, "ParameterBindingException"),
        ({"PolicyScopeGroupId": ""}, "ParameterBindingException"),
        ({"AccessRight": "Allow"}, "ParameterBindingException"),
        ({"PolicyScopeGroupId": "nobody"}, "ManagementObjectNotFoundException"),
    ],
)
def test_what_new_refuses(exchange, change, type_):
    given = {"AccessRight": "RestrictAccess", "AppId": APP, "PolicyScopeGroupId": "Rooms", **change}
    assert exchange.refused("New-ApplicationAccessPolicy", **given).type == type_


def test_a_second_policy_of_the_app_and_group_is_refused_whatever_its_right(exchange):
    make(exchange)
    for right in ("RestrictAccess", "DenyAccess"):
        refusal = exchange.refused(
            "New-ApplicationAccessPolicy", AccessRight=right, AppId=APP.upper(), PolicyScopeGroupId="rooms"
        )
        assert refusal.type == "ADObjectAlreadyExistsException"


def test_set_changes_the_description_and_nothing_else(exchange):
    policy = make(exchange)
    exchange.run("Set-ApplicationAccessPolicy", Identity=policy["Identity"], Description=" ")
    assert exchange.run("Get-ApplicationAccessPolicy") == [policy | {"Description": " "}]
    refusal = exchange.refused(
        "Set-ApplicationAccessPolicy", Identity=policy["Identity"], AccessRight="DenyAccess"
    )
    assert refusal.text.endswith("'AccessRight'.")


@pytest.mark.parametrize("cmdlet", ["Get", "Set", "Remove"])
def test_an_unknown_policy_is_not_found(exchange, cmdlet):
    make(exchange)
    refusal = exchange.refused(f"{cmdlet}-ApplicationAccessPolicy", Identity="no such policy")
    assert refusal.type == "ManagementObjectNotFoundException"


def test_a_removed_policy_is_kept_for_graph_and_found_by_nobody_else(exchange):
    policy = make(exchange)
    exchange.run("Remove-ApplicationAccessPolicy", Identity=policy["Identity"])
    assert exchange.refused("Remove-ApplicationAccessPolicy", Identity=policy["Identity"]).status == 404
    kept = exchange.tenant.store.all("accessPolicy")
    assert [found["Identity"] for found in kept if "_removed" in found] == [policy["Identity"]]


def test_a_policy_of_a_removed_group_is_not_valid_and_still_denies(exchange):
    make(exchange)
    exchange.run("Remove-DistributionGroup", Identity="Rooms", BypassSecurityGroupManagerCheck=True)
    assert exchange.run("Get-ApplicationAccessPolicy")[0]["IsValid"] is False
    assert verdict(exchange, "ber-01-havel") == "Denied"


def test_the_total_size_is_limited_by_descriptions(exchange):
    long, rest = "x" * (SIZE_LIMIT - 2 * POLICY_SIZE - 10), "y" * 10
    make(exchange, Description=long)
    refusal = exchange.refused(
        "New-ApplicationAccessPolicy",
        AccessRight="RestrictAccess",
        AppId=OTHER,
        PolicyScopeGroupId="Rooms",
        Description=rest + "y",
    )
    assert refusal.text == "The total size of App Access Policies exceeded the limit."
    second = make(exchange, app=OTHER, Description=rest)
    refusal = exchange.refused(
        "Set-ApplicationAccessPolicy", Identity=second["Identity"], Description=rest + "y"
    )
    assert "exceeded the limit" in refusal.text
    exchange.run("Remove-ApplicationAccessPolicy", Identity=second["Identity"])
    make(exchange, group="Inner", app=OTHER, Description=rest)


def test_about_300_policies_fit_with_a_space_and_about_100_with_the_default(exchange):
    default = len(make(exchange)["Description"])
    assert SIZE_LIMIT // (POLICY_SIZE + 1) == 300
    assert 90 <= SIZE_LIMIT // (POLICY_SIZE + default) <= 110


def test_test_answers_for_nested_members_and_for_everybody_else(exchange):
    make(exchange)
    answer = exchange.run("Test-ApplicationAccessPolicy", Identity="ber-01-spree", AppId=APP)[0]
    assert answer == {
        "AppId": APP,
        "Mailbox": "ber-01-spree",
        "MailboxId": exchange.id_of("ber-01-spree"),
        "MailboxSid": security_id(exchange.id_of("ber-01-spree")),
        "AccessCheckResult": "Granted",
    }
    assert verdict(exchange, "ber-01-havel") == "Granted"
    assert verdict(exchange, "ann.abel") == "Denied"
    assert verdict(exchange, "ann.abel", OTHER) == "Granted"


def test_a_policy_of_every_app_counts_for_each(exchange):
    make(exchange, app="*")
    assert verdict(exchange, "ann.abel", OTHER) == "Denied"


def test_two_restricting_policies_are_a_union_and_a_denying_one_wins(exchange):
    make(exchange, "Inner")
    make(exchange, "ann.abel")
    assert verdict(exchange, "ber-01-spree") == verdict(exchange, "ann.abel") == "Granted"
    assert verdict(exchange, "bob.abel") == "Denied"
    make(exchange, "Rooms", right="DenyAccess")
    assert verdict(exchange, "ber-01-spree") == "Denied"
    assert verdict(exchange, "ann.abel") == "Granted"


def test_an_unknown_recipient_can_not_be_tested(exchange):
    refusal = exchange.refused("Test-ApplicationAccessPolicy", Identity="nobody", AppId=APP)
    assert refusal.status == 404
