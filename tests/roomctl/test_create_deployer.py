"""`roomctl create-deployer`: exactly the table's rights, once, and nothing where something is in the way."""

from collections.abc import Collection
from uuid import UUID

import pytest

from deployer import deployer_from_environment
from emulator.federation import pipeline_token
from emulator.store import Document
from exchange.admin_api import ExchangeAdmin
from graph.api import GraphApi
from pipeline_subject import GITHUB
from rights import DEPLOY, On, Role, names, needed, useful
from roomctl.deployer_rights import OPTIONS
from tests.docs.test_deployer_rights import only
from tests.roomctl.desk import NAME, SUBJECT, desk, exported
from wire import NotAuthorised

__all__ = ["desk"]


def of_the_table(roles: Collection[Role], *settings: str) -> dict[On, list[str]]:
    """Those that are given unless an option has to ask for them."""
    found = [one for one in useful(roles, *settings) if not one.optional or one.name not in OPTIONS]
    return {on: sorted(names(found, on)) for on in On}


def test_it_shows_asks_makes_exactly_the_table_s_rights_and_then_has_nothing_to_do(desk, tmp_path):
    file = tmp_path / "deployer.env"
    code, output = desk.run("--secret-file", str(file), "--dry-run")
    assert code == 7
    assert "Application.ReadWrite.OwnedBy" in output
    assert not desk.writes()
    code, _ = desk.run("--secret-file", str(file), answer="n\n")
    assert code == 7
    assert not desk.writes()
    assert not file.exists()

    code, output = desk.run("--secret-file", str(file), "--yes")
    assert code == 0, output
    assert desk.rights() == of_the_table(DEPLOY)
    assert not desk.application()["_owners"], "nobody but administrators may add a credential"
    assert file.stat().st_mode & 0o777 == 0o600
    variables = exported(file)
    assert variables["ARM_CLIENT_SECRET"] not in output

    made = deployer_from_environment({**desk.tenant.environment, **variables})
    assert made.client_id == desk.application()["appId"]
    assert GraphApi(made.credential, made.cloud, made.clock).list("/v1.0/directoryRoles")
    assert ExchangeAdmin(made).run("Get-ApplicationAccessPolicy")

    before = desk.writes()
    code, output = desk.run("--secret-file", str(file), "--yes")
    assert code == 0, output
    assert "Nothing to do" in output
    assert desk.writes() == before


def test_once_its_file_is_taken_away_there_is_a_new_secret_and_the_old_one_lives_on(desk, tmp_path):
    file, kept = tmp_path / "deployer.env", tmp_path / "kept.env"
    assert desk.run("--secret-file", str(file), "--yes")[0] == 0
    file.rename(kept)
    code, output = desk.run("--secret-file", str(file), "--yes")
    assert code == 0, output
    old, new = exported(kept), exported(file)
    assert old["ARM_CLIENT_ID"] == new["ARM_CLIENT_ID"]
    assert old["ARM_CLIENT_SECRET"] != new["ARM_CLIENT_SECRET"]
    for variables in (old, new):
        made = deployer_from_environment({**desk.tenant.environment, **variables})
        assert GraphApi(made.credential, made.cloud, made.clock).list("/v1.0/directoryRoles")


def test_a_run_that_stopped_half_way_is_finished_by_the_next(desk, tmp_path):
    desk.fault("New-RoleGroup", status=403)
    file = tmp_path / "deployer.env"
    code, output = desk.run("--secret-file", str(file), "--yes")
    assert code == 1
    assert "Role Management" in output
    assert not file.exists(), "no secret was made"
    code, output = desk.run("--secret-file", str(file), "--yes")
    assert code == 0, output
    assert desk.rights() == of_the_table(DEPLOY)


def test_a_pipeline_signs_in_without_a_secret_and_no_other_does(desk):
    code, output = desk.run(
        "--subject", SUBJECT, "--name", NAME, "--role", "read", "--application-owners", "--yes"
    )
    assert code == 0, output
    assert desk.rights() == of_the_table({Role.READ}, "applicationOwners")
    assert not desk.application()["passwordCredentials"]
    assert f"ARM_CLIENT_ID={desk.application()['appId']}" in output

    def read(subject: str, issuer: str = GITHUB) -> list[Document]:
        token = pipeline_token(desk.tenant.tenant, issuer, subject)
        without = {name: v for name, v in desk.tenant.environment.items() if name != "ARM_CLIENT_SECRET"}
        sign_in = {"ARM_CLIENT_ID": desk.application()["appId"], "ARM_USE_OIDC": "true"}
        made = deployer_from_environment({**without, **sign_in, "ARM_OIDC_TOKEN": token})
        return GraphApi(made.credential, made.cloud, made.clock).list("/v1.0/directoryRoles")

    assert read(SUBJECT)
    with pytest.raises(NotAuthorised, match="AADSTS700213"):
        read("repo:contoso/rooms:pull_request")
    with pytest.raises(NotAuthorised, match="AADSTS700211"):
        read(SUBJECT, "https://elsewhere.example")
    assert desk.run("--subject", SUBJECT, "--name", NAME, "--role", "read", "--application-owners")[0] == 0


def test_an_identity_that_rotates_may_change_the_secrets_of_one_application(desk):
    desk.may(gives_directory_role=True)
    rotated = next(one for one in desk.store.all("application") if one["displayName"] == "Travel Desk")
    arguments = (
        "--subject",
        SUBJECT,
        "--name",
        NAME,
        "--role",
        "rotate",
        "--application",
        rotated["appId"],
        "--yes",
    )
    code, output = desk.run(*arguments)
    assert code == 0, output
    assert desk.rights() == of_the_table({Role.ROTATE}) | {On.CREDENTIALS: []}
    [definition] = desk.store.all("roleDefinition")
    [permission] = definition["rolePermissions"]
    assert permission["allowedResourceActions"] == of_the_table({Role.ROTATE})[On.CREDENTIALS]
    [given] = desk.store.all("roleAssignment")
    assert given["principalId"] == desk.principal()["id"]
    assert given["directoryScopeId"] == f"/{rotated['id']}"
    assert not [one for one in desk.store.all("roleGroup") if desk.principal()["id"] in one["_members"]]

    before = desk.writes()
    code, output = desk.run(*arguments)
    assert code == 0, output
    assert "Nothing to do" in output
    assert desk.writes() == before
    wider = [{"allowedResourceActions": [*permission["allowedResourceActions"], "microsoft.directory/x"]}]
    desk.store.put("roleDefinition", definition["id"], definition | {"rolePermissions": wider})
    code, output = desk.run(*arguments)
    assert code == 7
    assert "the custom role PlaceOS Secret Rotation opens" in output
    desk.store.put("roleDefinition", definition["id"], definition)
    code, output = desk.run("--subject", SUBJECT, "--name", NAME, "--role", "read", "--yes")
    assert code == 7, "nothing is taken away"
    assert "the Entra role PlaceOS Secret Rotation is given to it and not needed" in output


@pytest.mark.parametrize("arguments", [("--role", "rotate"), ("--application", str(UUID(int=1)))])
def test_rotation_is_of_one_application(desk, arguments):
    code, output = desk.run("--subject", SUBJECT, *arguments)
    assert code == 2, "the parser's own number for wrong usage"
    assert "belong together" in output
    assert not desk.writes()


def test_an_entra_role_can_stand_for_the_exchange_roles(desk, tmp_path):
    desk.may(gives_directory_role=True)
    arguments = ("--secret-file", str(tmp_path / "deployer.env"), "--exchange", "directory-role", "--yes")
    assert desk.run(*arguments)[0] == 0
    [role] = [
        one["displayName"]
        for one in desk.store.all("directoryRole")
        if desk.principal()["id"] in one["members"]
    ]
    assert role == "Exchange Administrator"
    code, output = desk.run(*arguments)
    assert code == 0
    assert "Nothing to do" in output


def test_a_setting_that_comes_later_is_added(desk):
    assert desk.run("--subject", SUBJECT, "--yes")[0] == 0
    later = (
        "--subject",
        SUBJECT,
        "--existing-application",
        "--application-owners",
        "--read-policies",
        "--yes",
    )
    code, output = desk.run(*later)
    assert code == 0, output
    settings = ("applicationOwners", "applicationClientId")
    assert desk.rights() == {on: sorted(names(useful(DEPLOY, *settings), on)) for on in On}
    before = desk.writes()
    code, output = desk.run(*later)
    assert code == 0, output
    assert "Nothing to do" in output
    assert desk.writes() == before
    code, output = desk.run("--subject", SUBJECT, "--yes")
    assert code == 7, "nothing is taken away"
    assert "Policy.Read.All on Microsoft Graph is granted and not needed" in output
    assert "has roles that are not needed (View-Only Configuration)" in output


def test_owners_are_those_who_were_asked_for(desk):
    desk.may(names_owners=True)
    arguments = ("--subject", SUBJECT, "--yes")
    assert desk.run(*arguments, "--owner", "Ada.Ashby@contoso.example")[0] == 0
    assert desk.application()["_owners"] == [desk.person()]
    code, output = desk.run(
        *arguments, "--owner", "ada.ashby@contoso.example", "--owner", desk.person("bela.bauer")
    )
    assert code == 0, output
    assert desk.application()["_owners"] == [desk.person(), desk.person("bela.bauer")]
    code, output = desk.run(*arguments, "--owner", "ada.ashby@contoso.example")
    assert code == 7
    assert f"other owners, who could sign in as it ({desk.person('bela.bauer')})" in output


def test_who_registers_it_and_becomes_its_owner_is_none_in_the_end(desk, tmp_path):
    """Whoever may manage only what is theirs becomes the owner of what they make, as a person may."""
    mine = ["Application.ReadWrite.OwnedBy", "Application.Read.All", "RoleManagement.Read.Directory"]
    desk.may(graph=[*mine, "AppRoleAssignment.ReadWrite.All"])
    desk.fault("New-RoleGroup", status=403)
    arguments = ("--secret-file", str(tmp_path / "deployer.env"), "--yes")
    assert desk.run(*arguments)[0] == 1
    administrator = desk.principal("Tenant Administrator")["id"]
    assert desk.application()["_owners"] == desk.principal()["_owners"] == [administrator]
    code, output = desk.run(*arguments)
    assert code == 0, output
    assert desk.application()["_owners"] == desk.principal()["_owners"] == []
    assert "made: list of owners empty" in output
    code, output = desk.run(*arguments)
    assert code == 0, output
    assert "Nothing to do" in output


def test_who_is_no_administrator_is_told_who_is(desk, tmp_path, monkeypatch):
    only(desk.tenant.store, needed({Role.READ}))
    for name, value in desk.tenant.environment.items():
        monkeypatch.setenv(name, value)
    code, output = desk.run("--secret-file", str(tmp_path / "deployer.env"), "--yes")
    assert code == 1
    assert "an Application Administrator who is Privileged Role Administrator and Exchange" in output
    assert "Application.ReadWrite.All, AppRoleAssignment.ReadWrite.All" in output
    assert "Grant the deployer" not in output
    assert len(desk.writes()) <= 1, "refused"
