"""Which pipelines may sign in as the deployer: one environment or branch, never a pattern."""

import re

GITHUB = "https://token.actions.githubusercontent.com"
# docs.github.com/actions/reference/security/oidc: a pull request's token has the subject repo:…:pull_request,
# and anybody who can open one would be the deployer.
_OF_GITHUB = re.compile(r"repo:[^/:\s]+/[^/:\s]+:(environment:[^\s]+|ref:refs/heads/[^\s]+)")


def problem(subject: str, issuer: str) -> str:
    """Why a federated credential for this subject would let in too many; "" when it would not."""
    if not issuer.startswith("https://"):
        return f"the issuer must be an https address, got {issuer!r}"
    if re.search(r"[*?]", subject):
        return f"the subject {subject!r} is a pattern: name one environment or branch"
    if "pull_request" in subject:
        return f"the subject {subject!r} lets every pull request be the deployer: name an environment"
    if not subject.strip():
        return "the subject is empty"
    if issuer == GITHUB and not _OF_GITHUB.fullmatch(subject):
        return (
            f"the subject {subject!r} is not of the form repo:OWNER/NAME:environment:NAME "
            "or repo:OWNER/NAME:ref:refs/heads/BRANCH"
        )
    return ""


def credential_name(subject: str) -> str:
    """A name for the credential, as Graph takes it: letters, digits and hyphens, at most 120."""
    return re.sub(r"[^A-Za-z0-9]+", "-", subject).strip("-")[:120]
