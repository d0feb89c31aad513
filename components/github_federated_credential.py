"""A job of GitHub Actions that may sign in as an application, without a secret."""

from typing import NotRequired, TypedDict

import pulumi

from components import tokens
from components.federated_credential import federated_credential
from pipeline_subject import GITHUB, of_github, problem


class GitHubFederatedCredentialArgs(TypedDict):
    """Arguments of `GitHubFederatedCredential`: exactly one of environment, branch and tag."""

    application_id: pulumi.Input[str]
    """Graph path of the application that the job signs in as, `/applications/{object id}`."""
    repository: str
    """OWNER/NAME."""
    environment: NotRequired[str]
    """Environment of the job; its protection rules decide who can deploy."""
    branch: NotRequired[str]
    """Branch of a job without an environment; protect it."""
    tag: NotRequired[str]
    """Tag of a job without an environment; protect it."""


class GitHubFederatedCredential(pulumi.ComponentResource):
    """Trust in one environment, branch or tag of one repository; a pattern or a pull request is refused."""

    subject: pulumi.Output[str]
    """Whose tokens are taken."""
    credential_id: pulumi.Output[str]
    """Id of the federated credential."""

    def __init__(
        self, name: str, args: GitHubFederatedCredentialArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(tokens.GITHUB_FEDERATED_CREDENTIAL, name, {}, opts)
        subject = of_github(
            args["repository"],
            environment=args.get("environment", ""),
            branch=args.get("branch", ""),
            tag=args.get("tag", ""),
        )
        if not subject:
            raise pulumi.RunError("a GitHub credential takes exactly one of environment, branch and tag")
        if wrong := problem(subject, GITHUB):
            raise pulumi.RunError(wrong)
        credential = federated_credential(self, name, args["application_id"], GITHUB, subject)
        self.subject, self.credential_id = credential.subject, credential.credential_id
        self.register_outputs({"subject": self.subject, "credential_id": self.credential_id})
