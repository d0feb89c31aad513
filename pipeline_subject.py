"""Which pipelines may sign in as the deployer: one environment, branch or tag, never a pattern.

GitHub's forms: docs.github.com/actions/reference/security/oidc. Those of Azure DevOps: "Manually set a
workload identity service connection"
(learn.microsoft.com/azure/devops/pipelines/release/configure-workload-identity).
"""

import re

GITHUB = "https://token.actions.githubusercontent.com"
AUDIENCE = "api://AzureADTokenExchange"
"""What Entra expects a federated token to be made for
(learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust)."""

# A pull request's token has the subject repo:…:pull_request: anybody who can open one would be the deployer.
_OF_GITHUB = re.compile(r"repo:[^/:\s]+/[^/:\s]+:(environment:[^\s:]+|ref:refs/(heads|tags)/[^\s:]+)")
_OF_AZURE_DEVOPS = {
    re.compile(r"https://vstoken\.dev\.azure\.com/[0-9a-fA-F-]{36}"): re.compile(
        r"sc://[^/\s]+/[^/\s][^/]*/[^/\s][^/]*"
    ),
    re.compile(r"https://login\.microsoftonline\.com/[0-9a-fA-F-]{36}/v2\.0"): re.compile(
        r"/\S+/sc/[0-9a-fA-F-]{36}/[0-9a-fA-F-]{36}"
    ),
}


def of_github(repository: str, *, environment: str = "", branch: str = "", tag: str = "") -> str:
    """The subject of a job's token, of the one that is given; "" unless exactly one is.

    An environment outranks branch and tag in GitHub's tokens, which write its colons as %3A.
    """
    forms = {
        f"environment:{environment.replace(':', '%3A')}": environment,
        f"ref:refs/heads/{branch}": branch,
        f"ref:refs/tags/{tag}": tag,
    }
    given = [form for form, value in forms.items() if value]
    return f"repo:{repository}:{given[0]}" if len(given) == 1 else ""


def problem(subject: str, issuer: str) -> str:
    """Why a federated credential for this subject would let in too many; "" when it would not."""
    if not issuer.startswith("https://"):
        return f"the issuer must be an https address, got {issuer!r}"
    if re.search(r"[*?]", subject):
        return f"the subject {subject!r} is a pattern: name one environment, branch or tag"
    if "pull_request" in subject or "refs/pull/" in subject:
        return f"the subject {subject!r} lets every pull request be the deployer: name an environment"
    if not subject.strip():
        return "the subject is empty"
    if issuer == GITHUB and not _OF_GITHUB.fullmatch(subject):
        return (
            f"the subject {subject!r} is not of the form repo:OWNER/NAME:environment:NAME, "
            "repo:OWNER/NAME:ref:refs/heads/BRANCH or repo:OWNER/NAME:ref:refs/tags/TAG"
        )
    return ""


def azure_devops_problem(subject: str, issuer: str) -> str:
    """The same for a service connection of Azure DevOps, as its page shows issuer and subject."""
    if wrong := problem(subject, issuer):
        return wrong
    for issuers, subjects in _OF_AZURE_DEVOPS.items():
        if issuers.fullmatch(issuer):
            known = subjects.fullmatch(subject)
            return "" if known else f"the subject {subject!r} is not that of a service connection"
    return f"the issuer {issuer!r} is not that of a service connection: copy both from its page"


def credential_name(subject: str) -> str:
    """A name for the credential, as Graph takes it: letters, digits and hyphens, at most 120."""
    return re.sub(r"[^A-Za-z0-9]+", "-", subject).strip("-")[:120]
