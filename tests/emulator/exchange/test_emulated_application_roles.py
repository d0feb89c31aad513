"""RBAC for Applications in Exchange: pointers, scopes, assignments, and what Exchange says of them."""

import pytest

READ = "Application Calendars.Read"
WRITE = "Application Calendars.ReadWrite"


@pytest.fixture
def app(exchange):
    """An application that Exchange was told of: its service principal."""
    found = next(p for p in exchange.tenant.store.all("servicePrincipal") if p["displayName"] == "Unroled")
    exchange.run("New-ServicePrincipal", AppId=found["appId"], ObjectId=found["id"], DisplayName="Rooms app")
    return found


def name_of(exchange, alias):
    return exchange.tenant.store.get("recipient", exchange.id_of(alias))["DistinguishedName"]


def make_scope(exchange, *aliases, name="rooms"):
    clauses = [f"MemberOfGroup -eq '{name_of(exchange, alias)}'" for alias in aliases]
    text = " -or ".join(clauses)
    return exchange.run("New-ManagementScope", Name=name, RecipientRestrictionFilter=text)[0]


def assign(exchange, app, role=WRITE, **more):
    return exchange.run("New-ManagementRoleAssignment", App=app["id"], Role=role, **more)[0]


def inside(exchange, app, mailbox=None):
    asked = {"Identity": app["id"]} | ({"Resource": mailbox} if mailbox else {})
    return [row["InScope"] for row in exchange.run("Test-ServicePrincipalAuthorization", **asked)]


def test_a_role_over_a_scope_opens_the_direct_members_of_its_group(exchange, app):
    scope = make_scope(exchange, "rooms")
    assert (scope["Name"], scope["ScopeRestrictionType"], scope["Exclusive"]) == (
        "rooms",
        "RecipientScope",
        False,
    )
    made = assign(exchange, app, Name="rooms-write", CustomResourceScope="rooms")
    assert made["RoleAssigneeName"] == app["id"]
    assert made["CustomResourceScope"] == "rooms"
    for by in (
        {"RoleAssignee": app["appId"]},
        {"RoleAssigneeType": "ServicePrincipal"},
        {"Identity": "ROOMS-WRITE"},
    ):
        assert exchange.run("Get-ManagementRoleAssignment", **by) == [made]
    [row] = exchange.run("Test-ServicePrincipalAuthorization", Identity="Rooms app", Resource="ber-01-havel")
    assert row == {
        "RoleName": WRITE,
        "GrantedPermissions": "Calendars.ReadWrite",
        "AllowedResourceScope": "rooms",
        "ScopeType": "CustomRecipientScope",
        "InScope": "True",
    }
    assert inside(exchange, app, "ber-01-spree") == ["False"], "a member of a group in the group"
    assert inside(exchange, app, "ann.abel") == ["False"]
    assert inside(exchange, app) == ["Not Run"]


def test_a_scope_of_several_groups_and_its_change(exchange, app):
    scope = make_scope(exchange, "rooms", "inner")
    assert scope["RecipientFilter"] == (
        f"(MemberOfGroup -eq '{name_of(exchange, 'rooms')}') -or "
        f"(MemberOfGroup -eq '{name_of(exchange, 'inner')}')"
    )
    assign(exchange, app, CustomResourceScope="rooms")
    assert inside(exchange, app, "ber-01-spree") == ["True"]
    narrow = f"memberofgroup  -eq '{name_of(exchange, 'rooms').lower()}'"
    exchange.run("Set-ManagementScope", Identity="rooms", Name="Rooms", RecipientRestrictionFilter=narrow)
    [changed] = exchange.run("Get-ManagementScope", Identity=scope["Guid"])
    assert changed["RecipientFilter"] == f"MemberOfGroup -eq '{name_of(exchange, 'rooms')}'"
    assert inside(exchange, app, "ber-01-spree") == ["False"]
    assert exchange.run("Get-ManagementRoleAssignment")[0]["CustomResourceScope"] == "Rooms"


def test_a_role_over_a_group_or_over_everything(exchange, app):
    assign(exchange, app, RecipientGroupScope="Inner")
    assign(exchange, app, role=READ)
    assert inside(exchange, app, "ber-01-spree") == ["True", "True"]
    assert inside(exchange, app, "ann.abel") == ["False", "True"]
    rows = exchange.run("Test-ServicePrincipalAuthorization", Identity=app["appId"])
    assert [row["ScopeType"] for row in rows] == ["Group", "Organization"]


def test_a_role_over_an_administrative_unit(exchange, app):
    unit = {"id": "unit-1", "displayName": "Berlin", "_members": [exchange.id_of("ber-01-spree")]}
    exchange.tenant.store.put("administrativeUnit", "unit-1", unit)
    made = assign(exchange, app, RecipientAdministrativeUnitScope="Berlin")
    assert made["RecipientAdministrativeUnitScope"] == "unit-1"
    assert inside(exchange, app, "ber-01-spree") == ["True"]
    assert inside(exchange, app, "ber-01-havel") == ["False"]
    absent = {"App": app["id"], "Role": READ, "RecipientAdministrativeUnitScope": "Hamburg"}
    assert exchange.refused("New-ManagementRoleAssignment", **absent).status == 404


def test_a_scope_in_use_stays_and_an_orphan_goes(exchange, app):
    make_scope(exchange, "rooms")
    made = assign(exchange, app, CustomResourceScope="rooms")
    assert exchange.run("Get-ManagementScope", Orphan=True) == []
    refusal = exchange.refused("Remove-ManagementScope", Identity="rooms")
    assert (refusal.status, made["Name"] in refusal.text) == (400, True)
    exchange.run("Remove-ManagementRoleAssignment", Identity=made["Name"], Confirm=False)
    assert exchange.run("Get-ManagementRoleAssignment") == []
    assert exchange.refused("Remove-ManagementRoleAssignment", Identity=made["Name"]).status == 404
    assert [one["Name"] for one in exchange.run("Get-ManagementScope", Orphan=True)] == ["rooms"]
    exchange.run("Remove-ManagementScope", Identity="rooms", Confirm=False)
    assert exchange.refused("Get-ManagementScope", Identity="rooms").status == 404
    make_scope(exchange, "inner")
    assign(exchange, app, Name=made["Name"], CustomResourceScope="rooms")
    assert inside(exchange, app, "ber-01-havel") == ["False"]


def test_an_app_that_exchange_or_entra_forgets_has_no_role_left(exchange, app):
    make_scope(exchange, "rooms")
    assign(exchange, app, CustomResourceScope="rooms")
    exchange.run("New-RoleGroup", Name="Lookers", Roles=["View-Only Recipients"])
    exchange.run("Add-RoleGroupMember", Identity="Lookers", Member=app["id"])
    exchange.run("Remove-ServicePrincipal", Identity="Rooms app", Confirm=False)
    assert exchange.run("Get-ServicePrincipal") == []
    assert exchange.run("Get-ManagementRoleAssignment") == []
    assert [one["Name"] for one in exchange.run("Get-ManagementScope")] == ["rooms"]
    exchange.run("New-ServicePrincipal", AppId=app["appId"], ObjectId=app["id"])
    assert exchange.run("Get-RoleGroupMember", Identity="Lookers") == []
    assert exchange.refused("Remove-ServicePrincipal", Identity="nobody").status == 404


@pytest.mark.parametrize(
    ("change", "type_"),
    [
        ({"App": "nobody"}, "ManagementObjectNotFoundException"),
        ({"Role": "Application Everything"}, "ManagementObjectNotFoundException"),
        ({"Role": "Role Management"}, "RecipientTaskException"),
        ({"CustomResourceScope": "none"}, "ManagementObjectNotFoundException"),
        ({"RecipientGroupScope": "ann.abel"}, "ManagementObjectNotFoundException"),
        ({"CustomResourceScope": "rooms", "RecipientGroupScope": "Inner"}, "ParameterBindingException"),
        ({"SecurityGroup": "Lookers"}, "ParameterBindingException"),
        ({"App": None}, "ParameterBindingException"),
        ({"Role": None}, "ParameterBindingException"),
        ({"Name": "x" * 65}, "ParameterBindingException"),
        ({"Name": "TAKEN"}, "ADObjectAlreadyExistsException"),
    ],
)
def test_an_assignment_without_sense(exchange, app, change, type_):
    make_scope(exchange, "rooms")
    assign(exchange, app, Name="taken", CustomResourceScope="rooms")
    given = {"App": app["id"], "Role": READ, "Name": "new", **change}
    assert exchange.refused("New-ManagementRoleAssignment", **given).type == type_
    assert len(exchange.run("Get-ManagementRoleAssignment")) == 1


def test_a_role_group_takes_no_application_role_and_no_scope(exchange):
    exchange.run("New-RoleGroup", Name="Lookers", Roles=["View-Only Recipients"])
    given = {"SecurityGroup": "Lookers", "Role": READ}
    assert exchange.refused("New-ManagementRoleAssignment", **given).type == "RecipientTaskException"
    given = {"SecurityGroup": "Lookers", "Role": "Mail Recipients", "CustomResourceScope": "x"}
    assert exchange.refused("New-ManagementRoleAssignment", **given).type == "ParameterBindingException"


@pytest.mark.parametrize(
    "given",
    [
        {"Name": "taken", "RecipientRestrictionFilter": "Alias -eq 'x'"},
        {"Name": "n"},
        {"Name": "n", "RecipientRestrictionFilter": "MemberOfGroup -eq 'CN=nobody'"},
        {"Name": "n", "RecipientRestrictionFilter": "Colour -eq 'red'"},
        {"Name": "n" * 65, "RecipientRestrictionFilter": "Alias -eq 'x'"},
    ],
)
def test_a_scope_without_sense(exchange, given):
    exchange.run("New-ManagementScope", Name="Taken", RecipientRestrictionFilter="Alias -eq 'x'")
    exchange.refused("New-ManagementScope", **given)
    assert len(exchange.run("Get-ManagementScope")) == 1


def test_they_take_role_management_and_reading_takes_less(exchange, app):
    for cmdlet in (
        "New-ManagementScope",
        "Set-ManagementScope",
        "Remove-ManagementScope",
        "New-ManagementRoleAssignment",
        "Remove-ManagementRoleAssignment",
        "Remove-ServicePrincipal",
        "Test-ServicePrincipalAuthorization",
    ):
        assert exchange.refused(cmdlet, app="Reader").type == "CmdletAccessDeniedException", cmdlet
    for cmdlet in ("Get-ManagementScope", "Get-ManagementRoleAssignment", "Get-ServicePrincipal"):
        assert exchange.run(cmdlet, app="Reader") is not None


def test_a_dehydrated_tenant_takes_no_scopes(exchange, change_settings):
    change_settings(isDehydrated=True)
    given = {"Name": "n", "RecipientRestrictionFilter": "Alias -eq 'x'"}
    refusal = exchange.refused("New-ManagementScope", **given)
    assert refusal.type == "InvalidOperationInDehydratedContextException"


def test_recipients_are_found_by_the_group_that_holds_them(exchange):
    text = f"MemberOfGroup -eq '{name_of(exchange, 'rooms')}'"
    found = exchange.run("Get-Recipient", Filter=text)
    assert {one["Alias"] for one in found} == {"inner", "ber-01-havel"}
