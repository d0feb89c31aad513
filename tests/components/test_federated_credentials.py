from typing import Any

import pulumi
import pytest

from components.azure_devops_federated_credential import AzureDevOpsFederatedCredential
from components.github_federated_credential import GitHubFederatedCredential
from tests.components.recording import AZURE_DEVOPS_TRUST, GITHUB_TRUST, declare_trusts, recording, run

CREDENTIAL = "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential"


def test_each_declares_one_credential_for_one_subject():
    recorded = declare_trusts()
    github, azure_devops = (recorded.named(f"{name}-credential") for name in ("github", "azure-devops"))
    assert (github.type, github.parent) == (CREDENTIAL, "github")
    assert github.inputs == {
        "applicationId": "/applications/deployer",
        "audiences": ["api://AzureADTokenExchange"],
        "description": "Who deploys PlaceOS room booking",
        "displayName": "repo-contoso-rooms-environment-prod",
        "issuer": "https://token.actions.githubusercontent.com",
        "subject": "repo:contoso/rooms:environment:prod",
    }
    assert azure_devops.inputs["subject"] == "sc://contoso/rooms/deployer"
    assert azure_devops.inputs["issuer"] == AZURE_DEVOPS_TRUST["issuer"]
    assert recorded.outputs["github"] == {
        "subject": "repo:contoso/rooms:environment:prod",
        "credential_id": "credential",
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"environment": ""}, "exactly one of environment, branch and tag"),
        ({"branch": "main"}, "exactly one of environment, branch and tag"),
        ({"environment": "*"}, "is a pattern"),
        ({"environment": "", "branch": "release/*"}, "is a pattern"),
        ({"repository": "rooms"}, "not of the form"),
        ({"repository": "contoso/rooms:pull_request"}, "every pull request"),
        ({"environment": "", "branch": "refs/pull/7/merge"}, "every pull request"),
    ],
)
def test_a_github_subject_that_lets_in_too_many_is_refused(change, said):
    arguments: Any = {**GITHUB_TRUST, **change}
    with recording() as recorded, pytest.raises(pulumi.RunError, match=said):
        run(lambda: GitHubFederatedCredential("github", arguments) and None)
    assert not recorded.of(CREDENTIAL)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"subject": "sc://contoso/rooms/*"}, "is a pattern"),
        ({"subject": "sc://contoso/rooms"}, "is not that of a service connection"),
        ({"issuer": "https://elsewhere.example"}, "copy both from its page"),
        ({"issuer": "http://vstoken.dev.azure.com"}, "must be an https address"),
    ],
)
def test_an_azure_devops_subject_that_is_no_service_connection_is_refused(change, said):
    arguments: Any = {**AZURE_DEVOPS_TRUST, **change}
    with recording() as recorded, pytest.raises(pulumi.RunError, match=said):
        run(lambda: AzureDevOpsFederatedCredential("devops", arguments) and None)
    assert not recorded.of(CREDENTIAL)
