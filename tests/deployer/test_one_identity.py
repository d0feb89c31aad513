"""Whichever way the deployer signs in: azuread's stand-in, Graph and Exchange meet one application."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deployer import deployer_from_environment
from emulator.azuread_plugin.session import Session, Settings
from emulator.federation import AUDIENCE, pipeline_token
from emulator.pipelines import GITHUB, azure_devops_job, github_job
from emulator.server import EmulatedTenant
from exchange.admin_api import ExchangeAdmin
from graph.api import GraphApi
from tests.azure_cli import put_on_path, signed_in_application
from tests.certificates import Certificate
from tests.emulated import trusted_alone
from wire import NotAuthorised

SUBJECT = "repo:contoso/rooms:environment:prod"
ORGANIZATION = "https://vstoken.dev.azure.com/7f1b2c3d-0000-4000-8000-000000000001"
CONNECTION = "sc://contoso/rooms/deployer"


@dataclass
class Place:
    """A tenant, and a machine with nothing but its endpoints and a folder."""

    tenant: EmulatedTenant
    folder: Path
    monkeypatch: pytest.MonkeyPatch

    @property
    def endpoints(self) -> dict[str, str]:
        """The deployer's environment without its credential."""
        return {k: v for k, v in self.tenant.environment.items() if k != "ARM_CLIENT_SECRET"}

    def change_application(self, **change: object) -> None:
        """Change the deployer's application in the tenant."""
        client_id = self.tenant.environment["ARM_CLIENT_ID"]
        administrator = deployer_from_environment(self.tenant.environment_of("Tenant Administrator"))
        graph = GraphApi(administrator.credential, administrator.cloud, administrator.clock)
        graph.patch(f"/v1.0/applications(appId='{client_id}')", dict(change))

    def trust(self, issuer: str, subject: str) -> None:
        """Let a pipeline sign in as the deployer."""
        [found] = [
            app
            for app in self.tenant.store.all("application")
            if app["appId"] == self.tenant.environment["ARM_CLIENT_ID"]
        ]
        trusted = {"id": "1", "issuer": issuer, "subject": subject, "audiences": [AUDIENCE]}
        self.tenant.store.put("application", found["id"], found | {"_federated": [trusted]})


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with trusted_alone(EmulatedTenant()) as tenant:
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "NO_PROXY", "no_proxy"):
            monkeypatch.setenv(name, tenant.environment[name])
        yield Place(tenant, tmp_path, monkeypatch)


def secret(place: Place) -> dict[str, str]:
    return place.tenant.environment


def certificate(place: Place) -> dict[str, str]:
    made = Certificate(place.tenant.clock.now())
    place.change_application(
        keyCredentials=[{"type": "AsymmetricX509Cert", "usage": "Verify", "key": made.der()}]
    )
    path = place.folder / "deployer.pfx"
    path.write_bytes(made.pkcs12("open sesame"))
    return {
        **place.endpoints,
        "ARM_CLIENT_CERTIFICATE_PATH": str(path),
        "ARM_CLIENT_CERTIFICATE_PASSWORD": "open sesame",
    }


def token(place: Place) -> dict[str, str]:
    place.trust("https://gitlab.example.com", "project_path:rooms:ref:main")
    made = pipeline_token(place.tenant.tenant, "https://gitlab.example.com", "project_path:rooms:ref:main")
    return {**place.endpoints, "ARM_USE_OIDC": "true", "ARM_OIDC_TOKEN": made}


def token_file(place: Place) -> dict[str, str]:
    environ = token(place)
    path = place.folder / "token"
    path.write_text(environ.pop("ARM_OIDC_TOKEN") + "\n")
    return {**environ, "ARM_OIDC_TOKEN_FILE_PATH": str(path)}


def workload_identity(place: Place) -> dict[str, str]:
    environ = token_file(place)
    del environ["ARM_USE_OIDC"]
    tenant = environ.pop("ARM_TENANT_ID")
    return {**environ, "ARM_USE_AKS_WORKLOAD_IDENTITY": "true", "AZURE_TENANT_ID": tenant}


def github(place: Place) -> dict[str, str]:
    place.trust(GITHUB, SUBJECT)
    return {**place.endpoints, "ARM_USE_OIDC": "true", **github_job(place.tenant.tenant, SUBJECT)}


def azure_devops(place: Place) -> dict[str, str]:
    place.trust(ORGANIZATION, CONNECTION)
    return {
        **place.endpoints,
        "ARM_USE_OIDC": "true",
        "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID": "the-connection",
        **azure_devops_job(place.tenant.tenant, ORGANIZATION, CONNECTION, "the-connection"),
    }


def managed_identity(place: Place) -> dict[str, str]:
    return place.tenant.environment_of("Build Agent")


def machine_s_own(place: Place) -> dict[str, str]:
    environ = place.tenant.environment_of("Build Agent")
    del environ["ARM_CLIENT_ID"]
    return environ


def azure_cli(place: Place) -> dict[str, str]:
    signed_in = signed_in_application(place.tenant.environment, place.tenant.url)
    put_on_path(place.folder, place.monkeypatch, signed_in)
    environ = {**place.endpoints, "ARM_USE_CLI": "true"}
    del environ["ARM_CLIENT_ID"]
    return environ


WAYS = (
    secret,
    certificate,
    token,
    token_file,
    workload_identity,
    github,
    azure_devops,
    managed_identity,
    machine_s_own,
    azure_cli,
)


@pytest.mark.parametrize("way", WAYS)
def test_azuread_graph_and_exchange_sign_in_as_one_application(
    place: Place, way: Callable[[Place], dict[str, str]]
) -> None:
    environ = way(place)
    after = len(place.tenant.store.logged())
    azuread = Session(Settings.read({}, environ))
    deployer = deployer_from_environment(environ)
    GraphApi(deployer.credential, deployer.cloud, deployer.clock).get("/v1.0/users", {"$top": "1"})
    ExchangeAdmin(deployer).run("Get-Mailbox", ResultSize=1)

    named = "Build Agent" if "ARM_USE_MSI" in environ else "Deployer"
    [principal] = [one for one in place.tenant.store.all("servicePrincipal") if one["displayName"] == named]
    assert azuread.object_id == principal["id"]
    assert deployer.is_application
    seen = {entry["client"] for entry in place.tenant.store.logged()[after:] if entry.get("client")}
    assert seen == {principal["appId"]}
    for name, value in environ.items():
        if name.endswith(("SECRET", "PASSWORD", "TOKEN", "ACCESSTOKEN")):
            assert (
                value not in f"{deployer!r} {vars(deployer)} {vars(deployer.credential)} {azuread.settings!r}"
            )


@pytest.mark.parametrize("way", [github, azure_devops, token])
def test_a_pipeline_that_is_not_trusted_is_refused_for_all_three(
    place: Place, way: Callable[[Place], dict[str, str]]
) -> None:
    environ = way(place)
    place.trust("https://elsewhere.example", "somebody")
    deployer = deployer_from_environment(environ)
    with pytest.raises(Exception, match="AADSTS700211"):
        Session(Settings.read({}, environ))
    with pytest.raises(NotAuthorised, match=r"AADSTS700211.*Add a federated credential"):
        GraphApi(deployer.credential, deployer.cloud, deployer.clock).get("/v1.0/users")
    with pytest.raises(NotAuthorised, match="AADSTS700211"):
        ExchangeAdmin(deployer).run("Get-Mailbox", ResultSize=1)


def test_a_certificate_that_is_not_registered_says_where_it_belongs(place: Place) -> None:
    environ = certificate(place)
    place.change_application(keyCredentials=[])
    deployer = deployer_from_environment(environ)
    with pytest.raises(NotAuthorised, match=r"AADSTS700027.*certificate is among the application's keys"):
        GraphApi(deployer.credential, deployer.cloud, deployer.clock).get("/v1.0/users")


def test_an_identity_that_is_not_assigned_to_the_machine_is_one_message(place: Place) -> None:
    environ = {**managed_identity(place), "ARM_CLIENT_ID": place.tenant.tenant.id}
    deployer = deployer_from_environment(environ)
    with pytest.raises(
        NotAuthorised, match=r"Identity not found.*assigned to this machine, and ARM_CLIENT_ID"
    ):
        GraphApi(deployer.credential, deployer.cloud, deployer.clock).get("/v1.0/users")


def test_a_machine_of_another_tenant_is_one_message(place: Place) -> None:
    other = "0aabbccd-1111-4222-8333-444455556666"
    deployer = deployer_from_environment({**managed_identity(place), "ARM_TENANT_ID": other})
    with pytest.raises(
        NotAuthorised, match=f"is of the tenant {place.tenant.tenant.id} and ARM_TENANT_ID is"
    ):
        GraphApi(deployer.credential, deployer.cloud, deployer.clock).get("/v1.0/users")


def test_a_machine_without_a_metadata_service_is_one_message(place: Place) -> None:
    environ = {**managed_identity(place), "ARM_MSI_ENDPOINT": "http://127.0.0.1:1/token"}
    deployer = deployer_from_environment(environ)
    with pytest.raises(NotAuthorised, match=r"127.0.0.1:1/token does not answer.*on Azure machines only"):
        GraphApi(deployer.credential, deployer.cloud, deployer.clock).get("/v1.0/users")


def test_tokens_of_a_machine_are_not_asked_for_over_the_network_in_clear(place: Place) -> None:
    environ = {**managed_identity(place), "ARM_MSI_ENDPOINT": "http://tokens.example/token"}
    with pytest.raises(Exception, match="ARM_MSI_ENDPOINT must be a plain https:// address"):
        deployer_from_environment(environ)
