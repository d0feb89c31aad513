"""The engine's part of the conversation with a provider, as far as the tests need it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2

from emulator.plugin import wire

UNKNOWN_ID = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


@dataclass(frozen=True)
class Made:
    """A resource as the engine keeps it."""

    type: str
    id: str
    inputs: dict[str, Any]
    state: dict[str, Any]
    raw: Struct


@dataclass(frozen=True)
class Difference:
    """What Diff answered: paths with how they change, and which inputs ask for a new resource."""

    paths: dict[str, str]
    replaces: list[str]


class CheckFailedError(Exception):
    """Check refused the inputs; the arguments are the reasons."""


class ProviderClient:
    """One connection to a provider."""

    def __init__(self, port: int, named: Callable[[str], str] | None = None) -> None:
        self._urn = named or urn
        alone = [("grpc.use_local_subchannel_pool", 1)]  # as each of the engine's connections
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=alone)
        self.stub = provider_pb2_grpc.ResourceProviderStub(self._channel)

    def close(self) -> None:
        self._channel.close()

    def configure(self, **args: Any) -> Any:
        return self.stub.Configure(provider_pb2.ConfigureRequest(args=wire.to_struct(args)))

    def check(self, type_: str, inputs: dict[str, Any]) -> dict[str, Any]:
        request = provider_pb2.CheckRequest(urn=self._urn(type_), news=wire.to_struct(inputs))
        answer = self.stub.Check(request)
        assert all(failure.property == "" for failure in answer.failures), "the engine would print the value"
        if answer.failures:
            raise CheckFailedError(*[failure.reason for failure in answer.failures])
        return wire.properties(answer.inputs)

    def create(self, type_: str, **inputs: Any) -> Made:
        checked = self.check(type_, inputs)
        request = provider_pb2.CreateRequest(urn=self._urn(type_), properties=wire.to_struct(checked))
        answer = self.stub.Create(request)
        return Made(type_, answer.id, checked, wire.properties(answer.properties), answer.properties)

    def preview_create(self, type_: str, **inputs: Any) -> Made:
        checked = self.check(type_, inputs)
        properties = wire.to_struct(checked)
        answer = self.stub.Create(
            provider_pb2.CreateRequest(urn=self._urn(type_), properties=properties, preview=True)
        )
        return Made(type_, answer.id, checked, wire.properties(answer.properties), answer.properties)

    def diff(self, made: Made, **inputs: Any) -> Difference:
        answer = self.stub.Diff(
            provider_pb2.DiffRequest(
                id=made.id,
                urn=self._urn(made.type),
                olds=wire.to_struct(made.state),
                news=wire.to_struct(self.check(made.type, inputs)),
                old_inputs=wire.to_struct(made.inputs),
            )
        )
        assert (answer.changes == provider_pb2.DiffResponse.DIFF_SOME) == bool(answer.detailedDiff)
        kinds = provider_pb2.PropertyDiff.Kind
        paths = {path: kinds.Name(change.kind) for path, change in answer.detailedDiff.items()}
        return Difference(paths, list(answer.replaces))

    def update(self, made: Made, **inputs: Any) -> Made:
        return self._update(made, inputs, preview=False)

    def preview_update(self, made: Made, **inputs: Any) -> Made:
        return self._update(made, inputs, preview=True)

    def _update(self, made: Made, inputs: dict[str, Any], preview: bool) -> Made:
        checked = self.check(made.type, inputs)
        answer = self.stub.Update(
            provider_pb2.UpdateRequest(
                id=made.id,
                urn=self._urn(made.type),
                olds=wire.to_struct(made.state),
                news=wire.to_struct(checked),
                old_inputs=wire.to_struct(made.inputs),
                preview=preview,
            )
        )
        return Made(made.type, made.id, checked, wire.properties(answer.properties), answer.properties)

    def refresh(self, made: Made) -> Made | None:
        return self._read(
            provider_pb2.ReadRequest(
                id=made.id,
                urn=self._urn(made.type),
                properties=wire.to_struct(made.state),
                inputs=wire.to_struct(made.inputs),
            ),
            made.type,
        )

    def import_(self, type_: str, id_: str) -> Made | None:
        return self._read(provider_pb2.ReadRequest(id=id_, urn=self._urn(type_)), type_)

    def delete(self, made: Made) -> None:
        properties = wire.to_struct(made.state)
        self.stub.Delete(
            provider_pb2.DeleteRequest(
                id=made.id,
                urn=self._urn(made.type),
                properties=properties,
                old_inputs=wire.to_struct(made.inputs),
            )
        )

    def invoke(self, name: str, **arguments: Any) -> dict[str, Any]:
        token = f"azuread:index/{name}:{name}"
        answer = self.stub.Invoke(provider_pb2.InvokeRequest(tok=token, args=wire.to_struct(arguments)))
        return wire.properties(getattr(answer, "return"))

    def _read(self, request: provider_pb2.ReadRequest, type_: str) -> Made | None:
        answer = self.stub.Read(request)
        if not answer.id:
            return None
        inputs, state = wire.properties(answer.inputs), wire.properties(answer.properties)
        return Made(type_, answer.id, inputs, state, answer.properties)


def urn(type_: str) -> str:
    """The urn of the one resource of a type that a test makes."""
    return f"urn:pulumi:dev::rooms::azuread:index/{type_[0].lower()}{type_[1:]}:{type_}::it"


def unfinished(error: grpc.RpcError) -> provider_pb2.ErrorResourceInitFailed:
    """What the engine keeps of a resource whose create or update failed half-way."""
    status = status_pb2.Status()
    details = next(entry.value for entry in error.trailing_metadata() if "details" in entry.key)
    status.ParseFromString(details)
    failed = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(failed)
    return failed
