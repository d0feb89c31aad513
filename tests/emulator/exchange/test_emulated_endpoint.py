"""The admin endpoint as clients meet it: over TLS, with a token from the login service."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from emulator.server import EmulatedTenant


@dataclass(frozen=True)
class Deployer:
    """The deployer of the served tenant."""

    served: EmulatedTenant
    client: httpx.Client
    token: str

    def invoke(self, cmdlet: str, **parameters: object) -> httpx.Response:
        """The answer to a cmdlet."""
        return self.client.post(
            f"{self.served.environment['EXCHANGE_ENDPOINT']}/adminapi/beta/{self.served.tenant.id}/InvokeCommand",
            headers={"Authorization": f"Bearer {self.token}", "Accept-Language": "en-US"},
            json={"CmdletInput": {"CmdletName": cmdlet, "Parameters": parameters}},
        )

    def logged(self) -> list[dict[str, object]]:
        """The request log as the server tells it: it has written each entry before it answers this."""
        return list(self.client.get(f"{self.served.url}/emulator/requests").json()["requests"])


def _client(served: EmulatedTenant) -> httpx.Client:
    return httpx.Client(verify=ssl.create_default_context(cafile=served.ca_bundle), trust_env=False)


@pytest.fixture(scope="module")
def deployer() -> Iterator[Deployer]:
    with EmulatedTenant() as served, _client(served) as client:
        environment = served.environment
        answer = client.post(
            f"{served.url}/{environment['ARM_TENANT_ID']}/oauth2/v2.0/token",
            data={
                "grant_type": "client_credentials",
                "client_id": environment["ARM_CLIENT_ID"],
                "client_secret": environment["ARM_CLIENT_SECRET"],
                "scope": f"{environment['EXCHANGE_ENDPOINT']}/.default",
            },
        )
        yield Deployer(served, client, answer.json()["access_token"])


def test_a_cmdlet_is_answered_with_a_date_and_logged_by_name(deployer):
    answer = deployer.invoke("Get-Mailbox", RecipientTypeDetails="RoomMailbox")
    assert answer.status_code == 200
    assert len(answer.json()["value"]) == 48
    assert answer.headers["Date"]
    logged = deployer.logged()[-1]
    assert (logged["cmdlet"], logged["status"]) == ("Get-Mailbox", 200)
    assert logged["client"] == deployer.served.environment["ARM_CLIENT_ID"]


def test_a_policy_that_the_tenant_file_seeds_is_read_tested_and_removed(deployer):
    policy = deployer.invoke("Get-ApplicationAccessPolicy").json()["value"][0]
    assert policy["ScopeName"] == "Travel Desk Mailboxes"

    def verdict(mailbox):
        asked = {"Identity": f"{mailbox}@contoso.example", "AppId": policy["AppId"]}
        return deployer.invoke("Test-ApplicationAccessPolicy", **asked).json()["value"][0][
            "AccessCheckResult"
        ]

    assert (verdict("ivo.ito"), verdict("ada.ashby")) == ("Granted", "Denied")
    assert (
        deployer.invoke("Remove-ApplicationAccessPolicy", Identity=policy["Identity"]).json()["value"] == []
    )
    assert verdict("ada.ashby") == "Granted"


def test_an_unknown_cmdlet_and_an_unmodelled_one_are_logged(deployer):
    assert deployer.invoke("Get-Nonsense").status_code == 400
    assert deployer.invoke("Set-Mailbox").status_code == 501
    logged = deployer.logged()[-2:]
    assert [(entry["cmdlet"], entry["status"]) for entry in logged] == [
        ("Get-Nonsense", 400),
        ("Set-Mailbox", 501),
    ]
