"""The one resource of pulumi-azure-native that is used, declared by its type.

Its Python package has every resource of Azure: 155 MB, and, installed, the reason for which the engine would
fetch a plugin before every first run of every stack. Named by type and version, the plugin is fetched by the
engine for a stack that has the resource.
"""

from collections.abc import Mapping
from typing import Any

import pulumi

VERSION = "3.29.0"
"""Of the plugin (https://github.com/pulumi/pulumi-azure-native/releases)."""


class AzureProvider(pulumi.ProviderResource):
    """The plugin, for one subscription; who signs in, and in which cloud, the ARM_* variables say."""

    def __init__(self, name: str, subscription_id: str, opts: pulumi.ResourceOptions) -> None:
        super().__init__("azure-native", name, {"subscriptionId": subscription_id}, _versioned(opts))


class Secret(pulumi.CustomResource):
    """A secret in a key vault.

    https://www.pulumi.com/registry/packages/azure-native/api-docs/keyvault/secret
    """

    properties: pulumi.Output[dict[str, Any]]
    """What Azure Resource Manager tells of it, which is not its value."""

    def __init__(self, name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions) -> None:
        super().__init__("azure-native:keyvault:Secret", name, inputs, _versioned(opts))


def _versioned(opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(version=VERSION))
