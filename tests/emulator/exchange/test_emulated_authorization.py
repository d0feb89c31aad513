from datetime import timedelta

import pytest

from emulator.tokens import GRAPH

READ = "Get-DistributionGroup"


def test_no_token_a_wrong_one_and_one_for_graph_are_401(exchange):
    for authorization in ("", "Bearer nonsense", f"Bearer {exchange.token('Deployer', GRAPH)}"):
        answer = exchange.post(READ, headers={"Authorization": authorization})
        assert answer.status_code == 401
        assert "authorization_uri" in answer.headers["WWW-Authenticate"]
        assert answer.content == b""


def test_an_expired_token_is_401(exchange):
    authorization = f"Bearer {exchange.token('Deployer')}"
    exchange.tenant.clock.advance(timedelta(hours=2).total_seconds())
    assert exchange.post(READ, headers={"Authorization": authorization}).status_code == 401


def test_the_tenant_must_be_named_by_its_guid(exchange):
    url = f"/adminapi/beta/{exchange.tenant.domain}/InvokeCommand"
    assert exchange.post(READ, url=url).status_code == 401
    assert exchange.post(READ, url=url.replace(exchange.tenant.domain, exchange.tenant.id)).status_code == 200


@pytest.mark.parametrize("app", ["Unconsented", "Unroled"])
def test_an_app_without_permission_or_without_role_is_401(exchange, app):
    assert exchange.post(READ, app=app).status_code == 401


def test_a_403_is_zero_bytes_that_are_called_compressed_when_the_client_takes_that(exchange):
    plain = exchange.post(READ, app="Directory")
    assert plain.status_code == 403
    assert plain.content
    assert set(plain.content) == {0}
    assert plain.extensions["encoding"] == ""
    assert "CmdletAccessDeniedException" in plain.headers["x-ms-diagnostics"]

    headers = {"Authorization": f"Bearer {exchange.token('Directory')}", "Accept-Encoding": "gzip, deflate"}
    url = f"/adminapi/beta/{exchange.tenant.id}/EXOModuleFile"
    answer = exchange.send("GET", url, headers)
    assert answer.status_code == 403
    assert answer.extensions["encoding"] == "gzip"
    assert set(answer.content) == {0}


def test_a_role_given_after_the_token_was_issued_is_403_without_a_reason(exchange):
    authorization = f"Bearer {exchange.token('Unroled')}"
    store = exchange.tenant.store
    role = next(r for r in store.all("directoryRole") if r["displayName"] == "Exchange Administrator")
    principal = next(p for p in store.all("servicePrincipal") if p["displayName"] == "Unroled")
    store.put("directoryRole", role["id"], role | {"members": [*role["members"], principal["id"]]})

    answer = exchange.post(READ, headers={"Authorization": authorization})
    assert answer.status_code == 403
    assert "x-ms-diagnostics" not in answer.headers
    assert exchange.post(READ, app="Unroled").status_code == 200


def test_global_reader_reads_and_does_not_write(exchange):
    assert exchange.run(READ, app="Reader")
    assert exchange.run("Get-OrganizationConfig", app="Reader")
    refusal = exchange.refused("New-DistributionGroup", app="Reader", Name="G")
    assert refusal.status == 403
    assert refusal.type == "CmdletAccessDeniedException"
    assert "New-DistributionGroup" in refusal.text


def test_a_recipient_administrator_has_neither_policies_nor_security_groups(exchange):
    group = {"app": "Recipients", "Name": "G"}
    assert exchange.refused("Get-ApplicationAccessPolicy", app="Recipients").status == 403
    assert exchange.refused("New-DistributionGroup", **group, Type="Security").text.endswith("name 'Type'.")
    assert exchange.run("New-DistributionGroup", **group)
    refusal = exchange.refused(
        "Remove-DistributionGroup", app="Recipients", Identity="G", BypassSecurityGroupManagerCheck=True
    )
    assert refusal.text.endswith("parameter name 'BypassSecurityGroupManagerCheck'.")


def test_a_role_of_exchange_itself_is_enough(exchange):
    unroled = next(p for p in exchange.tenant.store.all("servicePrincipal") if p["displayName"] == "Unroled")
    exchange.run("New-RoleGroup", Name="Makers", Roles=["Security Group Creation and Membership"])
    exchange.run("New-ServicePrincipal", AppId=unroled["appId"], ObjectId=unroled["id"])
    exchange.run("Add-RoleGroupMember", Identity="Makers", Member=unroled["id"])
    assert exchange.run("New-DistributionGroup", app="Unroled", Name="G", Type="Security")
    assert (
        exchange.refused("New-DistributionGroup", app="Unroled", Name="H").type
        == "CmdletAccessDeniedException"
    )


def test_the_module_file_lists_what_the_caller_may_run(exchange):
    def exported(app):
        headers = {"Authorization": f"Bearer {exchange.token(app)}"}
        url = f"/AdminApi/v1.0/{exchange.tenant.id}/EXOModuleFile?Version=3.9.2"
        answer = exchange.send("GET", url, headers)
        return answer.json()["value"][0]["exportedCmdlets"].split(",")

    assert "New-ApplicationAccessPolicy" in exported("Deployer")
    assert "Get-ApplicationAccessPolicy" in exported("Reader")
    assert "New-ApplicationAccessPolicy" not in exported("Reader")
