"""`roomctl create-deployer` where something is in the way: a person decides, and nothing is done."""

import pytest

from exchange import role_groups
from graph.api import GraphApi
from graph.caller import caller_id
from pipeline_subject import GITHUB
from rights import DEPLOY, On, names, needed
from tests.fake_service import authority, clock, deployer, reply, script, server, service, tokens, trusted
from tests.roomctl.desk import NAME, SUBJECT, Desk, desk
from wire import Invalid

__all__ = ["authority", "clock", "deployer", "desk", "script", "server", "service", "tokens", "trusted"]
PIPELINE = ("--subject", SUBJECT, "--yes")


@pytest.fixture
def made(desk: Desk) -> Desk:
    """A deployer that a pipeline signs in as."""
    assert desk.run(*PIPELINE)[0] == 0
    return desk


def found(desk: Desk, *says: str, arguments: tuple[str, ...] = PIPELINE) -> None:
    """The command says all of it, with how to settle it, and does nothing."""
    before = desk.writes()
    code, output = desk.run(*arguments)
    assert code == 7, output
    for text in says:
        assert text in output
    assert "Nothing was done" in output
    assert "Nothing to do" not in output
    assert desk.writes() == before


class TestWhoseApplication:
    def test_one_that_somebody_prepared(self, desk):
        """It has the name, and ways in that the deployer's rights must never meet."""
        graph = desk.graph
        made = graph.post(
            "/v1.0/applications", {"displayName": NAME, "signInAudience": "AzureADMultipleOrgs"}
        )
        graph.post(
            f"/v1.0/applications/{made['id']}/addPassword", {"passwordCredential": {"displayName": "mine"}}
        )
        principal = graph.post("/v1.0/servicePrincipals", {"appId": made["appId"]})
        certificate = {"keyId": "1", "type": "AsymmetricX509Cert", "usage": "Verify"}
        desk.change("application", desk.application(), keyCredentials=[certificate])
        desk.change(
            "servicePrincipal", desk.principal(), _owners=[desk.person()], keyCredentials=[certificate]
        )
        found(
            desk,
            f"an application called {NAME} is there (client id {made['appId']}) that this command did not",
            "choose another --name",
            "open to other tenants (AzureADMultipleOrgs)",
            "1 certificates",
            "client secrets that this command did not make (mine)",
            f"the service principal has owners, who could sign in as it ({desk.person()})",
            "secrets or certificates of its own (1)",
        )
        assert not desk.consents(principal["id"])

    def test_one_with_our_note_is_looked_at_all_the_same(self, made):
        made.change("application", made.application(), signInAudience="AzureADMultipleOrgs")
        found(made, "open to other tenants")

    def test_two_of_the_name(self, made):
        own = made.application()
        made.graph.post("/v1.0/applications", {"displayName": NAME})
        [other] = [one for one in made.applications() if one["id"] != own["id"]]
        found(made, f"client id {own['appId']}; delete or rename {other['appId']} in Entra")
        made.store.delete("application", own["id"])
        made.graph.post("/v1.0/applications", {"displayName": NAME})
        found(made, "this command made none of them", "choose another --name")

    def test_one_that_was_renamed(self, made):
        made.change("application", made.application(), displayName="Something else")
        found(made, "is called Something else now", "rename it in Entra")

    def test_one_that_was_deleted_and_may_come_back(self, made):
        made.graph.delete(f"/v1.0/applications/{made.application()['id']}")
        made.store.delete("roleGroup", made.role_group()["Guid"])
        code, output = made.run(*PIPELINE)
        assert code == 1
        assert "was deleted less than 30 days ago" in output

    def test_an_owner_whom_nobody_named(self, made):
        made.change("application", made.application(), _owners=[made.person()])
        found(made, f"other owners, who could sign in as it ({made.person()})")
        made.may(names_owners=True)
        code, output = made.run(*PIPELINE, "--owner", "ada.ashby@contoso.example")
        assert code == 0, output


class TestRightsTooMany:
    def test_a_permission_that_this_use_does_not_need(self, made):
        found(
            made,
            "AppRoleAssignment.ReadWrite.All on Microsoft Graph is granted and not needed: take it away in",
            arguments=(*PIPELINE, "--name", NAME, "--role", "read"),
        )

    def test_a_permission_on_any_service(self, made):
        template = made.store.get("servicePrincipal", made.consents(made.principal()["id"])[0]["resourceId"])
        role = {"id": "678536fe-1083-478a-9c59-b99265e6b0d3", "value": "Sites.FullControl.All"}
        other = template | {"id": "99999999-0000-0000-0000-000000000001", "displayName": "SharePoint"}
        made.store.put("servicePrincipal", other["id"], other | {"appId": "x", "appRoles": [role]})
        own = made.principal()["id"]
        made.grant(own, "SharePoint", "Sites.FullControl.All")
        found(made, "Sites.FullControl.All on SharePoint is granted and not needed")

    @pytest.mark.parametrize("how", ["role-group", "directory-role"])
    def test_a_directory_role(self, desk, how):
        desk.may(gives_directory_role=True)
        arguments = (*PIPELINE, "--exchange", how)
        assert desk.run(*arguments)[0] == 0
        [role] = [
            one for one in desk.store.all("directoryRole") if one["displayName"] == "Global Administrator"
        ]
        desk.change("directoryRole", role, members=[*role["members"], desk.principal()["id"]])
        found(desk, "the Entra role Global Administrator is given to it", arguments=arguments)

    @pytest.mark.parametrize("how", ["role-group", "directory-role"])
    def test_another_role_group(self, desk, how):
        desk.may(gives_directory_role=True)
        arguments = (*PIPELINE, "--exchange", how)
        assert desk.run(*arguments)[0] == 0
        principal = desk.principal()
        role_groups.create(desk.exchange, "Wide", ["Mail Recipients"], "")
        role_groups.introduce(desk.exchange, principal["appId"], principal["id"], NAME)
        role_groups.join(desk.exchange, "Wide", principal["id"])
        found(
            desk,
            "a member of the role group Wide (Mail Recipients)",
            "Remove-RoleGroupMember",
            arguments=arguments,
        )

    def test_the_other_way_to_its_exchange_roles(self, made):
        made.may(gives_directory_role=True)
        found(
            made,
            f"a member of the role group {NAME}",
            arguments=(*PIPELINE, "--exchange", "directory-role"),
        )


class TestRoleGroup:
    def test_with_other_roles_or_members(self, made):
        group, other = made.role_group(), made.principal("Deployer")["id"]
        changed = {"Roles": [*group["Roles"], "Mail Recipients"], "_members": [*group["_members"], other]}
        made.store.put("roleGroup", group["Guid"], group | changed)
        found(
            made,
            f"has other members than the deployer ({other}): take them out with Remove-RoleGroupMember",
            "has roles that are not needed (Mail Recipients): take them away with Remove-Management",
        )

    def test_of_somebody_else(self, desk):
        roles = names(needed(DEPLOY), On.EXCHANGE_ROLE)
        role_groups.create(desk.exchange, NAME, roles, "mine")
        found(desk, "that this command did not make", "Remove-RoleGroup")

    def test_a_member_that_is_known_by_its_name_only(self, made):
        def shown() -> None:
            """Exchange shows this one group, and of its member no id."""
            member = {"Name": NAME, "Identity": NAME, "RecipientTypeDetails": "ServicePrincipal"}
            made.fault("Get-RoleGroup", status=200, body={"value": [made.role_group()]})
            made.fault("Get-RoleGroupMember", status=200, body={"value": [member]})

        shown()
        code, output = made.run(*PIPELINE)
        assert code == 0, output
        assert "Nothing to do" in output

        twin = made.graph.post("/v1.0/applications", {"displayName": "Twin"})
        principal = made.graph.post("/v1.0/servicePrincipals", {"appId": twin["appId"]})
        role_groups.introduce(made.exchange, twin["appId"], principal["id"], NAME)
        shown()
        found(made, "2 applications are called so: rename the others with Set-ServicePrincipal")


class TestSignIn:
    def test_a_pipeline_that_nobody_named(self, made):
        [own] = made.application()["_federated"]
        other = {"id": "1", "name": "x", "issuer": GITHUB, "subject": "repo:x/y:pull_request"}
        made.change("application", made.application(), _federated=[own, other | {"audiences": ["a"]}])
        found(made, f"trusts other pipelines too (repo:x/y:pull_request of {GITHUB} for a)", "remove them")

    def test_the_pipeline_with_another_audience(self, made):
        [own] = made.application()["_federated"]
        made.change("application", made.application(), _federated=[own | {"audiences": ["api://other"]}])
        found(made, f"{SUBJECT} of {GITHUB} for api://other")

    def test_a_pipeline_by_an_expression(self, made):
        [own] = made.application()["_federated"]
        expression = {"value": "claims['sub'] matches 'repo:contoso/*'", "languageVersion": 1}
        flexible = {key: value for key, value in own.items() if key != "subject"}
        made.change(
            "application",
            made.application(),
            _federated=[own, flexible | {"id": "2", "claimsMatchingExpression": expression}],
        )
        found(made, f"an expression of {GITHUB}")

    def test_a_secret_beside_a_pipeline(self, desk, tmp_path):
        assert desk.run("--secret-file", str(tmp_path / "deployer.env"), "--yes")[0] == 0
        found(desk, "has client secrets, too (1), and a pipeline needs none: remove them")


class TestAnotherObjectThanAsked:
    """An answer about something else is no answer."""

    @pytest.fixture
    def victim(self, desk):
        application = next(
            one for one in desk.store.all("application") if one["displayName"] == "Travel Desk"
        )
        return application, desk.principal("Travel Desk")

    def refused(self, desk: Desk, victim, says: str) -> None:
        application, principal = victim
        before = desk.writes(), desk.consents(principal["id"])
        code, output = desk.run(*PIPELINE)
        assert code == 1, output
        assert says in output
        assert (desk.writes(), desk.consents(principal["id"])) == before
        assert not (desk.store.get("application", application["id"]) or {}).get("_federated")

    def test_an_application_of_another_name(self, desk, victim):
        body = {"value": [{"id": victim[0]["id"], "displayName": victim[0]["displayName"]}]}
        desk.fault(path="/applications$", method="GET", query="displayName", status=200, body=body)
        self.refused(desk, victim, "Travel Desk came back")

    def test_an_application_of_another_id(self, made, victim):
        body = made.graph.get(f"/v1.0/applications/{victim[0]['id']}")
        made.fault(path=f"/applications/{made.application()['id']}$", method="GET", status=200, body=body)
        self.refused(made, victim, f"{victim[0]['id']} came back")

    def test_a_service_principal_of_another_application(self, made, victim):
        body = {"value": [{"id": victim[1]["id"], "appId": victim[1]["appId"]}]}
        query = made.application()["appId"]
        made.fault(path="/servicePrincipals$", method="GET", query=query, status=200, body=body)
        self.refused(made, victim, f"{victim[1]['appId']} came back")

    def test_an_owner_of_another_name(self, desk, victim):
        desk.may(names_owners=True)
        body = {"id": desk.person(), "userPrincipalName": "ada.ashby@contoso.example"}
        desk.fault(path="/users/bela", method="GET", status=200, body=body)
        code, output = desk.run(*PIPELINE, "--owner", "bela.bauer@contoso.example")
        assert code == 1
        assert "ada.ashby@contoso.example came back" in output
        assert not desk.writes()

    @pytest.mark.parametrize(("path", "method"), [("uniqueName", "PATCH"), ("/servicePrincipals$", "POST")])
    def test_a_yes_without_an_id(self, desk, tmp_path, path, method):
        desk.fault(path=path, method=method, status=201, body={"displayName": NAME})
        code, output = desk.run("--secret-file", str(tmp_path / "deployer.env"), "--yes")
        assert code == 1
        assert "the answer has none" in output or "something else came back" in output
        assert not (tmp_path / "deployer.env").exists()
        code, output = desk.run("--secret-file", str(tmp_path / "deployer.env"), "--yes")
        assert code == 0, output


def test_a_person_is_looked_up_as_who_is_signed_in(deployer, script):
    graph = GraphApi(deployer.credential, deployer.cloud, deployer.clock)
    script.then(reply({"id": "7A774F0C-7A6F-11E0-85AD-07FB4824019B"}), reply({"displayName": "Ada"}))
    assert caller_id(graph, "") == "7a774f0c-7a6f-11e0-85ad-07fb4824019b"
    assert script.requests[0].path == "/v1.0/me"
    with pytest.raises(Invalid, match="has no id"):
        caller_id(graph, "")
