"""Applications that sign in to one tenant."""

from collections.abc import Iterator

from pulumi_policy import Severity

from known import UNKNOWN
from rule import About, Config, Seen, resource_rule
from tokens import APPLICATION, APPLICATION_REGISTRATION

_ONE_TENANT = "AzureADMyOrg"


def _check(seen: Seen, _config: Config) -> Iterator[str]:
    if seen.type not in (APPLICATION, APPLICATION_REGISTRATION):
        return
    # Left out, azuread writes AzureADMyOrg.
    audience = seen.props.get("signInAudience") or _ONE_TENANT
    if audience not in (_ONE_TENANT, UNKNOWN):
        yield f"has the sign-in audience {audience}, which is not {_ONE_TENANT}"


RULE = resource_rule(
    About(
        name="single-tenant",
        refuses="Applications that people or administrators of other tenants can use.",
        severity=Severity.HIGH,
        why="Another tenant could consent to it, and its secret would work there, too.",
        mend="Write sign_in_audience AzureADMyOrg, or leave it out.",
        url="https://learn.microsoft.com/entra/identity-platform/single-and-multi-tenant-apps",
    ),
    _check,
)
