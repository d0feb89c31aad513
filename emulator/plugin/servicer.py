"""The engine's side of every stand-in: what Pulumi's ResourceProvider service asks of any plugin.

https://github.com/pulumi/pulumi/blob/master/proto/pulumi/provider.proto
"""
# ruff: noqa: N802 - names and signatures are the protocol's

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar, Generic, TypeVar

import grpc
from google.protobuf import any_pb2, empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from emulator.plugin import wire
from emulator.plugin.errors import PluginError, Unfinished
from emulator.plugin.session import Session

_Session = TypeVar("_Session", bound=Session)

ONE_ERROR = "1 error occurred:\n\t* "
_UNKNOWN_ERROR = grpc.StatusCode.UNKNOWN
_WRONG_ANSWER = (KeyError, TypeError, AttributeError)


class PluginServicer(provider_pb2_grpc.ResourceProviderServicer, Generic[_Session]):
    """The service. An engine opens one connection per configured provider; each has its own session."""

    package: ClassVar[str]
    version: ClassVar[str]
    """The version of the plugin that this one stands in for."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self._sessions: dict[str, _Session] = {}

    def Attach(self, request: plugin_pb2.PluginAttach, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """The engine took this running plugin instead of starting one."""
        return empty_pb2.Empty()

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Calls under way come to their end; there is nothing else to stop."""
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        """The version of the plugin that this one stands in for."""
        return plugin_pb2.PluginInfo(version=self.version)

    def GetSchema(
        self, request: provider_pb2.GetSchemaRequest, context: grpc.ServicerContext
    ) -> provider_pb2.GetSchemaResponse:
        """Name and version only: no program needs more."""
        schema = {"name": self.package, "version": self.version}
        return provider_pb2.GetSchemaResponse(schema=json.dumps(schema))

    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        """Any configuration passes; Configure says what is missing."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        """Sign in; a missing or wrong credential ends here."""
        with answering(context):
            self._sessions[context.peer()] = self.sign_in(wire.properties(request.args))
        return provider_pb2.ConfigureResponse(supportsPreview=True, supports_autonaming_configuration=True)

    def sign_in(self, arguments: wire.Properties) -> _Session:
        """The session of a provider with these arguments."""
        raise NotImplementedError

    def session(self, context: grpc.ServicerContext) -> _Session:
        """The session of the connection that asks."""
        session = self._sessions.get(context.peer())
        if session is None:
            raise PluginError("this connection was never configured: run the command again")
        return session


def some(differing: bool) -> provider_pb2.DiffResponse.DiffChanges.ValueType:
    """Whether there is a difference, as the protocol says it."""
    return provider_pb2.DiffResponse.DIFF_SOME if differing else provider_pb2.DiffResponse.DIFF_NONE


@contextmanager
def answering(context: grpc.ServicerContext, doing: str = "", refused: str | None = None) -> Iterator[None]:
    """Every failure inside becomes the call's one message; an unfinished resource stays in the state.

    `refused` begins the message of what left nothing behind, where the plugin words that differently.
    """
    try:
        yield
    except Unfinished as failure:
        message = f"{doing}{failure}"
        kept = provider_pb2.ErrorResourceInitFailed(
            id=failure.id,
            properties=wire.to_struct({**failure.properties, "id": failure.id}),
            reasons=[message],
        )
        detail = any_pb2.Any()
        detail.Pack(kept)
        status = status_pb2.Status(code=_UNKNOWN_ERROR.value[0], message=message, details=[detail])
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        context.abort(_UNKNOWN_ERROR, message)
    except PluginError as failure:
        context.abort(_UNKNOWN_ERROR, f"{doing if refused is None else refused}{failure}")
    except _WRONG_ANSWER as failure:
        context.abort(
            _UNKNOWN_ERROR,
            f"{doing}Bad API response: the service left something out ({type(failure).__name__}: {failure})",
        )
