import pytest

ROLES = ["View-Only Recipients", "View-Only Configuration"]


@pytest.fixture
def unroled(exchange):
    """An application with Exchange.ManageAsApp that no role group has."""
    return next(p for p in exchange.tenant.store.all("servicePrincipal") if p["displayName"] == "Unroled")


def test_an_application_gets_the_roles_of_its_group(exchange, unroled):
    [group] = exchange.run("New-RoleGroup", Name="Lookers", Roles=ROLES)
    assert group["Roles"] == ROLES
    [known] = exchange.run("New-ServicePrincipal", AppId=unroled["appId"], ObjectId=unroled["id"])
    assert exchange.run("Get-ServicePrincipal", Identity=unroled["id"]) == [known]
    assert exchange.post("Get-Recipient", app="Unroled").status_code == 401
    exchange.run("Add-RoleGroupMember", Identity="lookers", Member=known["Identity"])
    [member] = exchange.run("Get-RoleGroupMember", Identity="Lookers")
    assert member["Name"] == unroled["id"]
    assert exchange.run("Get-Recipient", app="Unroled")
    assert exchange.refused("Set-Group", app="Unroled", Identity="x").type == "CmdletAccessDeniedException"
    assert exchange.run("Get-RoleGroup", Identity="Lookers")[0]["Name"] == "Lookers"
    exchange.run("Remove-RoleGroupMember", Identity="Lookers", Member=known["DisplayName"], Confirm=False)
    assert exchange.post("Get-Recipient", app="Unroled").status_code == 401
    refusal = exchange.refused("Remove-RoleGroupMember", Identity="Lookers", Member=unroled["id"])
    assert refusal.type == "MemberNotFoundException"


def test_what_is_there_is_not_made_again(exchange, unroled):
    exchange.run("New-RoleGroup", Name="Lookers", Roles=ROLES)
    assert exchange.refused("New-RoleGroup", Name="LOOKERS").type == "ADObjectAlreadyExistsException"
    pointer = {"AppId": unroled["appId"], "ObjectId": unroled["id"]}
    exchange.run("New-ServicePrincipal", **pointer)
    assert exchange.refused("New-ServicePrincipal", **pointer).type == "ADObjectAlreadyExistsException"
    exchange.run("Add-RoleGroupMember", Identity="Lookers", Member=unroled["id"])
    refusal = exchange.refused("Add-RoleGroupMember", Identity="Lookers", Member=unroled["id"])
    assert refusal.type == "MemberAlreadyExistsException"


def test_what_does_not_exist_is_not_found(exchange, unroled):
    assert exchange.refused("Get-RoleGroup", Identity="Nobody").status == 404
    assert exchange.refused("New-RoleGroup", Name="G", Roles=["Everything"]).status == 404
    exchange.run("New-RoleGroup", Name="Lookers", Roles=ROLES)
    assert exchange.refused("Add-RoleGroupMember", Identity="Lookers", Member=unroled["id"]).status == 404
    wrong = exchange.refused("New-ServicePrincipal", AppId=unroled["appId"], ObjectId=unroled["appId"])
    assert "no service principal" in wrong.text


def test_role_groups_take_role_management(exchange):
    for cmdlet in ("New-RoleGroup", "New-ServicePrincipal", "Add-RoleGroupMember", "Remove-RoleGroupMember"):
        assert exchange.refused(cmdlet, app="Recipients").type == "CmdletAccessDeniedException"


def test_a_role_group_gets_one_role_more(exchange, unroled):
    exchange.run("New-RoleGroup", Name="Lookers", Roles=ROLES[:1])
    more = {"SecurityGroup": "lookers", "Role": ROLES[1]}
    exchange.run("New-ManagementRoleAssignment", **more)
    assert exchange.run("Get-RoleGroup", Identity="Lookers")[0]["Roles"] == ROLES
    assert exchange.refused("New-ManagementRoleAssignment", **more).type == "ADObjectAlreadyExistsException"
    assert exchange.refused("New-ManagementRoleAssignment", **more | {"Role": "x"}).status == 404
    assert exchange.refused("New-ManagementRoleAssignment", **more | {"SecurityGroup": "x"}).status == 404


def test_a_dehydrated_tenant_takes_no_roles(exchange, change_settings):
    assert exchange.run("Get-OrganizationConfig")[0]["IsDehydrated"] is False
    exchange.run("New-RoleGroup", Name="Lookers", Roles=ROLES[:1])
    change_settings(isDehydrated=True)
    assert exchange.run("Get-OrganizationConfig")[0]["IsDehydrated"] is True
    more = {"SecurityGroup": "Lookers", "Role": ROLES[1]}
    for cmdlet, given in (("New-RoleGroup", {"Name": "G"}), ("New-ManagementRoleAssignment", more)):
        refusal = exchange.refused(cmdlet, **given)
        assert (refusal.status, refusal.type) == (400, "InvalidOperationInDehydratedContextException")
        assert "Enable-OrganizationCustomization" in refusal.text
