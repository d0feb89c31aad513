"""The stack's outputs in words: what `__main__.py` exports, in the order of the README.

With `secretOutputs: false` the secret ones are left out.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Output:
    """One output; a secret one is shown by `pulumi stack output --show-secrets` only."""

    name: str
    meaning: str
    secret: bool = False


OUTPUTS = (
    Output(
        "placeosCalendarConfig",
        "What to paste into PlaceOS's calendar driver.",
        secret=True,
    ),
    Output("clientId", "Application (client) id that PlaceOS signs in with."),
    Output("tenantId", "The tenant."),
    Output("clientSecret", "The current client secret.", secret=True),
    Output("clientSecretKeyId", "Key id of the current secret, as Entra lists it."),
    Output("clientSecretExpires", "End of the current secret, UTC."),
    Output("keyVaultSecretUri", "Where the current secret is in the vault of `keyVault`; empty without."),
    Output("nextRotation", "From then on, UTC, `pulumi up` makes a new secret."),
    Output("applicationObjectId", "Object id of the application."),
    Output("servicePrincipalObjectId", "Object id of its service principal (the enterprise application)."),
    Output("roomGroupAddress", "Address of the room group."),
    Output("roomGroupObjectId", "Object id of the room group, to which the access policy is bound."),
    Output("accessPolicyIds", "Identities of the application's access policies in Exchange."),
    Output("grantedPermissions", "Microsoft Graph permissions that are consented."),
    Output("configuredAccess", "Exchange's answer before consent: whom it allows and refuses, since when."),
    Output("enforcedAccess", "Microsoft Graph's answer before the first secret: the same, as Graph does it."),
    Output("legacyEngineSettings", "The older Engine's driver settings, as JSON.", secret=True),
    Output("legacyEngineEnvironment", "The older Engine's container environment.", secret=True),
)
