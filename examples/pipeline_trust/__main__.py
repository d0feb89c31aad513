"""The platform team's own stack: who may be the deployer. The deployer itself never runs it."""

import pulumi
import pulumi_azuread as azuread

from components.azure_devops_federated_credential import AzureDevOpsFederatedCredential
from components.github_federated_credential import GitHubFederatedCredential

config = pulumi.Config()
deployer = azuread.get_application(client_id=config.require("deployerClientId"))
application_id = f"/applications/{deployer.object_id}"

if repository := config.get("repository"):
    github = GitHubFederatedCredential(
        "github",
        {
            "application_id": application_id,
            "repository": repository,
            "environment": config.get("environment") or "",
        },
    )
    pulumi.export("githubSubject", github.subject)

if issuer := config.get("serviceConnectionIssuer"):
    azure_devops = AzureDevOpsFederatedCredential(
        "azure-devops",
        {
            "application_id": application_id,
            "issuer": issuer,
            "subject": config.get("serviceConnectionSubject") or "",
        },
    )
    pulumi.export("azureDevOpsSubject", azure_devops.subject)
