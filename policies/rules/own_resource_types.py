"""Resources of this module's own types."""

from collections.abc import Iterator

from pulumi_policy import Severity

import tokens
from rule import About, Config, Seen, resource_rule

TYPES = frozenset(
    (
        tokens.STACK,
        tokens.APPLICATION,
        tokens.APPLICATION_PASSWORD,
        tokens.APP_ROLE_ASSIGNMENT,
        tokens.FEDERATED_CREDENTIAL,
        tokens.SERVICE_PRINCIPAL,
        tokens.ACCESS_POLICIES,
        tokens.CONSENT_BY_PERSON,
        tokens.EXISTING_GROUP,
        tokens.SECURITY_GROUP,
        "pulumi-python:dynamic/exchange:ConfiguredAccess",
        "pulumi-python:dynamic/exchange:EnforcedAccess",
        "pulumi-python:dynamic/exchange:GroupMembers",
        "azure-native:keyvault:Secret",
        "placeosm365:index:AdminConsent",
        "placeosm365:index:AppRegistration",
        "placeosm365:index:AzureDevOpsFederatedCredential",
        "placeosm365:index:ClientSecret",
        "placeosm365:index:ExistingApplication",
        "placeosm365:index:ExistingStaffGroup",
        "placeosm365:index:GitHubFederatedCredential",
        "placeosm365:index:KeyVaultSecret",
        "placeosm365:index:MailboxScope",
        "placeosm365:index:RoomCalendarAccess",
        "placeosm365:index:RoomGroup",
        "placeosm365:index:StaffGroup",
        "pulumi:providers:azure-native",
        "pulumi:providers:azuread",
        "pulumi:providers:pulumi",
        "pulumi:providers:pulumi-python",
    )
)
"""What this module makes, and the providers that make it."""


def _check(seen: Seen, _config: Config) -> Iterator[str]:
    if seen.type not in TYPES:
        yield f"is a {seen.type}, which this module does not make"


RULE = resource_rule(
    About(
        name="own-resource-types",
        refuses="Resources of types that this module does not make.",
        severity=Severity.HIGH,
        why="The other rules can't judge it, and a role or a group of another kind may open more.",
        mend="Take it out, put it into a stack of its own, or make an exception for it.",
        url="https://www.pulumi.com/docs/iac/concepts/resources/names/#types",
    ),
    _check,
)
