"""The engine's side: Pulumi's ResourceProvider service over the resources and functions of this package.

https://github.com/pulumi/pulumi/blob/master/proto/pulumi/provider.proto
"""
# ruff: noqa: N802 - names and signatures are the protocol's

from collections.abc import Mapping

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import provider_pb2

from emulator.azuread_plugin import inputs, validation
from emulator.azuread_plugin.app_role_assignment import AppRoleAssignment
from emulator.azuread_plugin.application import Application
from emulator.azuread_plugin.application_federated_identity_credential import (
    ApplicationFederatedIdentityCredential,
)
from emulator.azuread_plugin.application_password import ApplicationPassword
from emulator.azuread_plugin.diff import changes
from emulator.azuread_plugin.functions import FUNCTIONS
from emulator.azuread_plugin.graph import Graph
from emulator.azuread_plugin.plan import in_order, planned, planned_create, planned_update, recorded
from emulator.azuread_plugin.resource import Resource
from emulator.azuread_plugin.service_principal import ServicePrincipal
from emulator.azuread_plugin.session import Session, Settings
from emulator.plugin import wire
from emulator.plugin.errors import PluginError, Unfinished
from emulator.plugin.servicer import ONE_ERROR, PluginServicer, answering, some
from emulator.plugin.wire import UNKNOWN, Properties, Secret, Value

_RESOURCES: Mapping[str, Resource] = {
    resource.token: resource
    for resource in (
        Application(),
        ServicePrincipal(),
        AppRoleAssignment(),
        ApplicationPassword(),
        ApplicationFederatedIdentityCredential(),
    )
}


class AzureadServicer(PluginServicer[Session]):
    """azuread's resources and functions."""

    package = "azuread"
    version = "6.11.1"

    def sign_in(self, arguments: Properties) -> Session:
        """A session with Microsoft Graph."""
        return Session(Settings.read(arguments, self.environ))

    def DiffConfig(
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        """A changed provider is an update of it, never a replacement of what it made."""
        old, new = wire.properties(request.old_inputs), wire.properties(request.news)
        differing = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
        return provider_pb2.DiffResponse(changes=some(bool(differing)), diffs=differing)

    def Invoke(
        self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.InvokeResponse:
        """Call a function."""
        with answering(context, _doing("invoking", request.tok)):
            function = FUNCTIONS.get(request.tok)
            if function is None:
                raise PluginError("the stand-in does not have this function; attach the real azuread plugin")
            arguments = wire.bare(wire.properties(request.args))
            result = function(self._graph(context, minutes=5), arguments)
            answer = provider_pb2.InvokeResponse()
            getattr(answer, "return").CopyFrom(wire.to_struct(result))  # the field's name is a keyword here
            return answer

    def Check(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        """Validate; fill in defaults. Failures carry no property, for the engine would print its value."""
        with answering(context):
            resource = _resource(request.urn)
            given = inputs.typed(resource.fields, wire.bare(wire.properties(request.news)))
            wrong = validation.problems(resource, request.urn.rsplit("::", 1)[-1], given)
            return provider_pb2.CheckResponse(
                inputs=wire.to_struct(inputs.with_defaults(resource.fields, given)),
                failures=[provider_pb2.CheckFailure(reason=reason) for reason in wrong],
            )

    def Diff(
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        """State against new inputs, by path."""
        with answering(context, _doing("diffing", request.urn)):
            resource = _resource(request.urn)
            state, wanted = (wire.bare(wire.properties(side)) for side in (request.olds, request.news))
            resource.plan(self._graph(context, resource.minutes.read), state, wanted)
            found = changes(resource, state, wanted, set(request.ignoreChanges))
        replaced = {change.name for change in found if change.replaces}
        return provider_pb2.DiffResponse(
            changes=some(bool(found)),
            diffs=sorted({change.name for change in found}),
            replaces=sorted(replaced),
            stables=sorted(
                name for name, field in resource.fields.items() if field.replaces and not replaced
            ),
            deleteBeforeReplace=False,
            hasDetailedDiff=True,
            detailedDiff={
                change.path: provider_pb2.PropertyDiff(
                    kind=provider_pb2.PropertyDiff.Kind.Value(
                        f"{change.how}_REPLACE" if change.replaces else change.how
                    )
                )
                for change in found
            },
        )

    def Create(
        self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CreateResponse:
        """Make it, or say what a preview knows of it."""
        wanted = wire.bare(wire.properties(request.properties))
        with answering(context, _doing("diffing", request.urn)):
            resource = _resource(request.urn)
            resource.plan(self._graph(context, resource.minutes.read), {}, wanted)
        with answering(context, _doing("creating", request.urn), refused=ONE_ERROR):
            if request.preview:
                preview = planned_create(resource, wanted)
                return provider_pb2.CreateResponse(properties=_answered(resource, UNKNOWN, preview))
            graph = self._graph(context, resource.minutes.create)
            id_, told = resource.create(graph, in_order(resource.fields, wanted))
            state = recorded(resource.fields, told, planned(resource.fields, None, wanted))
            return provider_pb2.CreateResponse(id=id_, properties=_answered(resource, id_, state))

    def Read(
        self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ReadResponse:
        """Refresh (the state is known) or import (only the id is); what is gone is an empty answer."""
        with answering(context, _doing("refreshing", request.urn)):
            resource = _resource(request.urn)
            known = wire.bare(wire.properties(request.properties))
            found = resource.read(self._graph(context, resource.minutes.read), request.id, known)
            if found is None:
                return provider_pb2.ReadResponse()
            state = in_order(resource.fields, found)
            if known:
                recorded = wire.properties(request.inputs)
                now = inputs.refreshed(resource.fields, recorded, state)
            else:
                now = inputs.imported(resource, state)
            return provider_pb2.ReadResponse(
                id=request.id,
                properties=_answered(resource, request.id, state),
                inputs=wire.to_struct(now),
            )

    def Update(
        self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.UpdateResponse:
        """Change it in place; a failure leaves in the state what was wanted, as upstream: a refresh tells."""
        state, wanted = (wire.bare(wire.properties(side)) for side in (request.olds, request.news))
        with answering(context, _doing("diffing", request.urn)):
            resource = _resource(request.urn)
            resource.plan(self._graph(context, resource.minutes.read), state, wanted)
        with answering(context, _doing("updating", request.urn)):
            if request.preview:
                preview = planned_update(resource, state, wanted)
                return provider_pb2.UpdateResponse(properties=_answered(resource, request.id, preview))
            graph = self._graph(context, resource.minutes.update or resource.minutes.create)
            aim = planned(resource.fields, state, wanted)
            try:
                told = resource.update(graph, request.id, aim, state)
            except PluginError as failure:
                raise Unfinished(request.id, {**state, **aim, "__meta": resource.meta}, failure) from None
            new = recorded(resource.fields, told, aim)
            return provider_pb2.UpdateResponse(properties=_answered(resource, request.id, new))

    def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Remove it, and wait until it is gone where the real provider waits."""
        with answering(context, _doing("deleting", request.urn)):
            resource = _resource(request.urn)
            graph = self._graph(context, resource.minutes.delete)
            resource.delete(graph, request.id, wire.bare(wire.properties(request.properties)))
        return empty_pb2.Empty()

    def _graph(self, context: grpc.ServicerContext, minutes: float) -> Graph:
        return Graph(self.session(context), minutes)


def _resource(urn: str) -> Resource:
    token = urn.split("::")[2].rsplit("$", 1)[-1]
    resource = _RESOURCES.get(token)
    if resource is None:
        raise PluginError(
            f"{token} is not among the resources of the stand-in ({', '.join(sorted(_RESOURCES))}); "
            "attach the real azuread plugin"
        )
    return resource


def _answered(resource: Resource, id_: Value, state: Properties) -> struct_pb2.Struct:
    """The properties as the engine records them: secrets marked, id and the bridge's own note added."""
    marked = {
        name: Secret(value) if name in resource.secrets and value is not None else value
        for name, value in state.items()
    }
    return wire.to_struct({**marked, "id": id_, "__meta": resource.meta})


def _doing(verb: str, name: str) -> str:
    return f"{verb} {name}: {ONE_ERROR}"
