"""A service connection of Azure DevOps that may sign in as an application, without a secret."""

from typing import TypedDict

import pulumi

from components import tokens
from components.federated_credential import federated_credential
from pipeline_subject import azure_devops_problem


class AzureDevOpsFederatedCredentialArgs(TypedDict):
    """Arguments of `AzureDevOpsFederatedCredential`."""

    application_id: pulumi.Input[str]
    """Graph path of the application that the pipeline signs in as, `/applications/{object id}`."""
    issuer: str
    """Issuer, as the service connection's page shows it."""
    subject: str
    """Subject identifier, as the same page shows it."""


class AzureDevOpsFederatedCredential(pulumi.ComponentResource):
    """Trust in one service connection, whose own permissions decide which pipelines may use it."""

    subject: pulumi.Output[str]
    """Whose tokens are taken."""
    credential_id: pulumi.Output[str]
    """Id of the federated credential."""

    def __init__(
        self, name: str, args: AzureDevOpsFederatedCredentialArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(tokens.AZURE_DEVOPS_FEDERATED_CREDENTIAL, name, {}, opts)
        if wrong := azure_devops_problem(args["subject"], args["issuer"]):
            raise pulumi.RunError(wrong)
        credential = federated_credential(self, name, args["application_id"], args["issuer"], args["subject"])
        self.subject, self.credential_id = credential.subject, credential.credential_id
        self.register_outputs({"subject": self.subject, "credential_id": self.credential_id})
