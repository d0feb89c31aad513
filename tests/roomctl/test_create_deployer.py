"""`roomctl create-deployer`: exactly the table's rights, once, and nothing where something is in the way."""

import re

import pytest
from typer.testing import CliRunner

import deployer
from deployer import deployer_from_environment
from emulator.federation import pipeline_token
from emulator.server import EmulatedTenant
from emulator.store import Document
from exchange.admin_api import ExchangeAdmin, current_exchange
from graph.api import GraphApi, current_graph
from pipeline_subject import GITHUB
from rights import On, Use, names, needed
from roomctl.__main__ import cli
from tests.docs.test_deployer_rights import only
from wire import NotAuthorised

NAME = "PlaceOS Deployer"
SUBJECT = "repo:contoso/rooms:environment:prod"


class Desk:
    """An administrator at the command, and a look behind it."""

    def __init__(self, tenant: EmulatedTenant) -> None:
        self.tenant, self.store = tenant, tenant.store

    def run(self, *arguments: str, answer: str = "") -> tuple[int, str]:
        for cached in (current_graph, current_exchange, deployer._made):
            cached.cache_clear()
        command = ["create-deployer", *arguments]
        done = CliRunner().invoke(cli, command, input=answer, env={"COLUMNS": "200"})
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output + done.stderr

    def writes(self) -> list[str]:
        """What was changed in the tenant so far."""
        reads = ("Get-", "Test-")
        return [
            one.get("cmdlet") or one["path"]
            for one in self.store.logged()
            if one["method"] != "GET"
            and not one["path"].endswith("/token")
            and not one.get("cmdlet", "").startswith(reads)
        ]

    def principal(self, name: str = NAME) -> Document:
        return next(one for one in self.store.all("servicePrincipal") if one["displayName"] == name)

    def application(self) -> Document:
        return next(one for one in self.store.all("application") if one["displayName"] == NAME)

    def rights(self) -> dict[On, list[str]]:
        """What the deployer holds."""
        held: dict[On, list[str]] = {on: [] for on in On}
        own = self.principal()["id"]
        services = {one["id"]: one for one in self.store.all("servicePrincipal")}
        for consent in self.store.all("appRoleAssignment"):
            if consent["principalId"] == own:
                service = services[consent["resourceId"]]
                [role] = [one["value"] for one in service["appRoles"] if one["id"] == consent["appRoleId"]]
                held[On(service["displayName"])].append(role)
        for group in self.store.all("roleGroup"):
            held[On.EXCHANGE_ROLE] += group["Roles"] if own in group["_members"] else []
        return {on: sorted(values) for on, values in held.items()}


@pytest.fixture
def desk(monkeypatch):
    with EmulatedTenant() as tenant:
        for name, value in tenant.environment_of("Tenant Administrator").items():
            monkeypatch.setenv(name, value)
        yield Desk(tenant)
        for cached in (current_graph, current_exchange, deployer._made):
            cached.cache_clear()


def of_the_table(use: Use, *settings: str) -> dict[On, list[str]]:
    return {on: sorted(names(needed(use, *settings), on)) for on in On}


def exported(path) -> dict[str, str]:
    return dict(re.findall(r"^export (\w+)='?([^'\n]*)'?$", path.read_text(), re.MULTILINE))


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
    assert desk.rights() == of_the_table(Use.UP)
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
    fault = {"match": {"cmdlet": "New-RoleGroup"}, "status": 403, "when": "before"}
    from emulator.faults import Fault

    desk.tenant.faults.add([Fault.model_validate(fault)])
    file = tmp_path / "deployer.env"
    code, output = desk.run("--secret-file", str(file), "--yes")
    assert code == 1
    assert "Role Management" in output
    assert not file.exists(), "no secret was made"
    code, output = desk.run("--secret-file", str(file), "--yes")
    assert code == 0, output
    assert desk.rights() == of_the_table(Use.UP)


def test_a_pipeline_signs_in_without_a_secret_and_no_other_does(desk):
    code, output = desk.run("--subject", SUBJECT, "--read-only", "--application-owners", "--yes")
    assert code == 0, output
    assert desk.rights() == of_the_table(Use.LOOK, "applicationOwners")
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
    assert desk.run("--subject", SUBJECT, "--read-only", "--application-owners")[0] == 0


def test_an_entra_role_can_stand_for_the_exchange_roles(desk, tmp_path):
    arguments = ("--secret-file", str(tmp_path / "s"), "--exchange", "directory-role", "--yes")
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


@pytest.mark.parametrize(
    ("subject", "says"),
    [
        ("repo:contoso/rooms:pull_request", "pull request"),
        ("repo:contoso/*:environment:prod", "pattern"),
        ("repo:contoso/rooms:ref:refs/pull/7/merge", "pull request"),
        ("rooms", "not of the form"),
        ("", "empty"),
    ],
)
def test_a_subject_that_lets_in_too_many_is_refused(desk, subject, says):
    done = CliRunner().invoke(cli, ["create-deployer", "--subject", subject, "--yes"], env={"COLUMNS": "200"})
    assert done.exit_code == 2, "64 from the command line"
    assert says in done.output + done.stderr
    assert not desk.store.logged()


class TestSomethingIsInTheWay:
    """Then a person decides: nothing is done, and the exit code is 7."""

    @pytest.fixture
    def made(self, desk, tmp_path):
        self.arguments = ("--secret-file", str(tmp_path / "deployer.env"), "--yes")
        assert desk.run(*self.arguments)[0] == 0
        return desk

    def found(self, desk, says: str, *arguments: str) -> None:
        before = desk.writes()
        code, output = desk.run(*(arguments or self.arguments))
        assert code == 7, output
        assert says in output
        assert "Nothing was done" in output
        assert desk.writes() == before

    def test_an_owner_whom_nobody_named(self, made):
        person = next(one for one in made.store.all("user") if one["mailNickname"] == "ada.ashby")
        application = made.application()
        made.store.put("application", application["id"], application | {"_owners": [person["id"]]})
        self.found(made, "other owners")
        code, output = made.run(*self.arguments, "--owner", "ada.ashby@contoso.example")
        assert code == 0, output

    def test_a_right_too_many(self, made):
        says = "AppRoleAssignment.ReadWrite.All on Microsoft Graph is granted and not needed"
        self.found(made, says, *self.arguments[:2], "--read-only")
        [consent] = [
            one
            for one in made.store.all("appRoleAssignment")
            if one["principalId"] == made.principal()["id"]
            and one["resourceDisplayName"] != "Microsoft Graph"
        ]
        service = made.store.get("servicePrincipal", consent["resourceId"])
        [role] = [one["id"] for one in service["appRoles"] if one["value"] == "full_access_as_app"]
        made.store.put("appRoleAssignment", "extra", consent | {"id": "extra", "appRoleId": role})
        self.found(made, "full_access_as_app on Office 365 Exchange Online is granted and not needed")

    def test_a_role_group_with_other_roles_or_members(self, made):
        [group] = [one for one in made.store.all("roleGroup") if one["Name"] == NAME]
        other = made.principal("Deployer")["id"]
        members = [*group["_members"], other]
        made.store.put("roleGroup", group["Guid"], group | {"_members": members})
        self.found(made, "other members")
        made.store.put("roleGroup", group["Guid"], group | {"Roles": ["Mail Recipients"]})
        self.found(made, "has the roles Mail Recipients, not")

    def test_a_pipeline_that_nobody_named_or_a_secret_beside_one(self, made):
        self.found(made, "client secrets, too", "--subject", SUBJECT)
        application = made.application()
        trusted = [{"id": "1", "name": "x", "issuer": GITHUB, "subject": "repo:x/y:pull_request"}]
        made.store.put("application", application["id"], application | {"_federated": trusted})
        self.found(made, "trusts other pipelines")

    def test_two_applications_of_the_name(self, made):
        application = made.application()
        made.store.put("application", "other", application | {"id": "other", "appId": "other"})
        self.found(made, "2 applications are called PlaceOS Deployer")

    def test_a_file_of_another_application(self, made, tmp_path):
        (tmp_path / "mine").write_text("precious")
        self.found(made, "name another file", "--secret-file", str(tmp_path / "mine"), "--yes")
        assert (tmp_path / "mine").read_text() == "precious"


def test_who_is_no_administrator_is_told_who_is(desk, tmp_path, monkeypatch):
    only(desk.tenant.store, needed(Use.UP))
    for name, value in desk.tenant.environment.items():
        monkeypatch.setenv(name, value)
    code, output = desk.run("--secret-file", str(tmp_path / "s"), "--yes")
    assert code == 1
    assert "Privileged Role Administrator" in output
    assert not desk.writes()
