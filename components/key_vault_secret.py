"""The current client secret in a key vault, where PlaceOS's operators read it."""

from collections.abc import Sequence
from typing import TypedDict, final

import pulumi

from components import tokens
from components.azure_native import AzureProvider, Secret
from components.refusals import told_beside
from components.secret_slots import SecretSlots

CONTENT_TYPE = "Entra client secret"
"""What the vault shows beside the value."""
# In the words of azure-native (custom_keyvault.go and crud.go in github.com/pulumi/pulumi-azure-native).
_THERE = "cannot create already existing resource"
_DELETED = "deleted but recoverable"


@final
class KeyVaultArgs(TypedDict):
    """Where the secret is written."""

    subscription_id: str
    """Subscription of the vault, a GUID."""
    resource_group: str
    """Resource group of the vault."""
    vault: str
    """Name of the vault, which exists."""
    secret_name: str
    """Name of the secret, which nobody else writes."""


class KeyVaultSecretArgs(TypedDict):
    """Arguments of `KeyVaultSecret`."""

    where: KeyVaultArgs
    """Where the secret is written."""
    value: pulumi.Input[str]
    """The current client secret (secret)."""
    client_id: pulumi.Input[str]
    """Application (client) id that it belongs to."""
    key_id: pulumi.Input[str]
    """Its key id, as Entra lists it."""
    slots: SecretSlots
    """When it ends, and which slot and number it has."""
    mark: str
    """The stack's ownership mark, kept in a tag."""


class KeyVaultSecret(pulumi.ComponentResource):
    """One secret of the vault, with a new version at each rotation; a vault keeps the older versions."""

    uri: pulumi.Output[str]
    """Address of the secret, whose newest version is always the current one."""
    secret_id: pulumi.Output[str]
    """How Azure Resource Manager names it: a later run knows by it that vault and name were looked up."""

    def __init__(
        self,
        name: str,
        args: KeyVaultSecretArgs,
        after: Sequence[pulumi.Resource],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(tokens.KEY_VAULT_SECRET, name, {}, opts)
        where, slots = args["where"], args["slots"]
        current = slots.secrets[slots.current]
        azure = AzureProvider(
            f"{name}-azure", where["subscription_id"], opts=pulumi.ResourceOptions(parent=self)
        )
        secret = Secret(
            f"{name}-value",
            {
                "resourceGroupName": where["resource_group"],
                "vaultName": where["vault"],
                "secretName": where["secret_name"],
                "properties": {
                    "value": pulumi.Output.secret(args["value"]),
                    "contentType": CONTENT_TYPE,
                    "attributes": {"enabled": True, "expires": int(current.end.timestamp())},
                },
                "tags": {
                    "clientId": args["client_id"],
                    "keyId": args["key_id"],
                    "slot": str(slots.current),
                    "number": str(current.number),
                    "mark": args["mark"],
                    "managedBy": "Pulumi",
                },
            },
            opts=pulumi.ResourceOptions(
                parent=self,
                provider=azure,
                depends_on=after,
                # A vault has one secret of a name; what is deleted is recovered by the create.
                delete_before_replace=True,
                hooks=told_beside(name, _tell),
            ),
        )
        # Azure Resource Manager never tells the value; a preview takes the inputs for it, with the value.
        self.uri = pulumi.Output.unsecret(secret.properties).apply(lambda told: str(told["secretUri"]))
        self.secret_id = secret.id
        self.register_outputs({"uri": self.uri, "secret_id": self.secret_id})


def _tell(args: pulumi.ErrorHookArgs) -> bool:
    if text := _advice(" ".join(args.errors)):
        pulumi.log.error(text)
    return False


def _advice(error: str) -> str:
    """What to do about a name that is taken; a missing right Azure names by itself."""
    if _THERE in error:
        return (
            "The vault has a secret of that name, which this stack does not know. If its tag `mark` is this "
            "stack's, a killed run left it: delete it in the vault and run pulumi up again, which recovers "
            "it. If it is somebody else's, choose another keyVaultSecretName."
        )
    if _DELETED in error:
        return (
            "Purge the deleted secret in the vault, or grant the deployer "
            "Microsoft.KeyVault/vaults/secrets/readMetadata/action and "
            "Microsoft.KeyVault/vaults/secrets/recover/action on the vault, or choose another "
            "keyVaultSecretName; then run pulumi up again."
        )
    return ""
