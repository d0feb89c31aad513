"""The engine's side: Pulumi's ResourceProvider service for one secret in a key vault.

What is compared, asked and recorded follows provider/pkg/provider/provider.go and
provider/pkg/resources/customresources/custom_keyvault.go in https://github.com/pulumi/pulumi-azure-native.
"""
# ruff: noqa: N802 - names and signatures are the protocol's

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import provider_pb2

from emulator.azure_native_plugin import vault_secret
from emulator.azure_native_plugin.azure import Azure
from emulator.azure_native_plugin.differences import differences
from emulator.azure_native_plugin.session import Session, Settings
from emulator.plugin import wire
from emulator.plugin.errors import PluginError
from emulator.plugin.servicer import PluginServicer, answering, some
from emulator.plugin.wire import Properties


class AzureNativeServicer(PluginServicer[Session]):
    """azure-native, as far as it is a secret in a key vault."""

    package = "azure-native"
    version = "3.29.0"

    def sign_in(self, arguments: Properties) -> Session:
        """A session with Azure Resource Manager."""
        return Session(Settings.read(arguments, self.environ))

    def DiffConfig(
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        """A changed provider changes nothing that it made."""
        return provider_pb2.DiffResponse()

    def Check(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        """Validate; fill in the version of Azure's interface."""
        with answering(context):
            _must_be_a_secret(request.urn)
            given = _properties(request.news)
            return provider_pb2.CheckResponse(
                inputs=wire.to_struct(vault_secret.with_defaults(given)),
                failures=[
                    provider_pb2.CheckFailure(reason=reason) for reason in vault_secret.problems(given)
                ],
            )

    def Diff(
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        """Recorded inputs against new ones: what Azure has shows only after a refresh."""
        with answering(context):
            found = differences(_properties(request.old_inputs), _properties(request.news))
        replaces = sorted(path for path, how in found.items() if how.endswith("_REPLACE"))
        return provider_pb2.DiffResponse(
            changes=some(bool(found)),
            diffs=sorted({path.partition(".")[0] for path in found}),
            replaces=replaces,
            deleteBeforeReplace=bool(replaces),
            hasDetailedDiff=True,
            detailedDiff={
                path: provider_pb2.PropertyDiff(
                    kind=provider_pb2.PropertyDiff.Kind.Value(how), inputDiff=True
                )
                for path, how in found.items()
            },
        )

    def Create(
        self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CreateResponse:
        """Write a secret that is not there yet, and recover a deleted one of that name first."""
        with answering(context):
            inputs = _properties(request.properties)
            if request.preview:
                return provider_pb2.CreateResponse(properties=wire.to_struct(vault_secret.preview_of(inputs)))
            azure = Azure(self.session(context))
            id_ = vault_secret.id_of(azure.session.settings.subscription_id, inputs)
            azure.must_be_free(id_)
            answer = azure.put_recovering(
                id_,
                vault_secret.body_of(_sent(inputs)),
                lambda: azure.recover(inputs["vaultName"], inputs["secretName"]),
            )
            return provider_pb2.CreateResponse(
                id=id_, properties=wire.to_struct(vault_secret.state_of(answer))
            )

    def Read(
        self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ReadResponse:
        """Refresh (the state is known) or import (only the id is); what is gone is an empty answer."""
        with answering(context):
            answer = Azure(self.session(context)).find(request.id)
            if answer is None:
                return provider_pb2.ReadResponse()
            state, before = vault_secret.state_of(answer), _properties(request.properties)
            inputs = (
                vault_secret.followed(_properties(request.inputs), before, state)
                if before
                else vault_secret.imported(request.id, state)
            )
            return provider_pb2.ReadResponse(
                id=request.id, properties=wire.to_struct(state), inputs=wire.to_struct(inputs)
            )

    def Update(
        self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.UpdateResponse:
        """Write it whole, which makes a new version, and read it back."""
        with answering(context):
            inputs = _properties(request.news)
            if request.preview:
                return provider_pb2.UpdateResponse(properties=wire.to_struct(vault_secret.preview_of(inputs)))
            azure = Azure(self.session(context))
            written = azure.put(request.id, vault_secret.body_of(_sent(inputs)))
            read = azure.find(request.id) or written
            return provider_pb2.UpdateResponse(properties=wire.to_struct(vault_secret.state_of(read)))

    def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Delete it at the vault, which keeps it for a while."""
        with answering(context):
            inputs = _properties(request.old_inputs)
            Azure(self.session(context)).delete(inputs["vaultName"], inputs["secretName"])
        return empty_pb2.Empty()


def _must_be_a_secret(urn: str) -> None:
    token = urn.split("::")[2].rsplit("$", 1)[-1]
    if token != vault_secret.TOKEN:
        raise PluginError(
            f"{token} is not among the resources of the stand-in ({vault_secret.TOKEN}); "
            "attach the real azure-native plugin"
        )


def _properties(struct: struct_pb2.Struct) -> Properties:
    bare: Properties = wire.bare(wire.properties(struct))
    return bare


def _sent(inputs: Properties) -> Properties:
    return {name: value for name, value in inputs.items() if name != "azureApiVersion"}
