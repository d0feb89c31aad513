"""Federated credentials that trust one subject."""

from collections.abc import Iterator

from pulumi_policy import Severity

from known import UNKNOWN
from rule import About, Config, Seen, resource_rule
from tokens import FEDERATED_CREDENTIAL, FLEXIBLE_CREDENTIAL


def _check(seen: Seen, _config: Config) -> Iterator[str]:
    if seen.type == FLEXIBLE_CREDENTIAL:
        yield "trusts every subject that an expression matches"
    if seen.type != FEDERATED_CREDENTIAL:
        return
    subject = seen.props.get("subject")
    if subject is UNKNOWN:
        yield "trusts a subject that is not known at preview"
    elif not isinstance(subject, str) or not subject.strip():
        yield "trusts an empty subject"
    elif "*" in subject or "?" in subject:
        yield f"trusts the subject {subject}, which is a pattern"
    elif "pull_request" in subject or "refs/pull/" in subject:
        yield f"trusts the subject {subject}, which every pull request has"


RULE = resource_rule(
    About(
        name="no-wildcard-subject",
        refuses="Federated credentials that trust more than one environment, branch or tag.",
        severity=Severity.CRITICAL,
        why="Whoever can open a branch or a pull request would be the deployer.",
        mend="Name one environment, branch or tag.",
        url="https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust",
    ),
    _check,
)
