"""The base of this module's dynamic providers: how they check, compare and fail.

Dynamic providers are pickled into the state by reference (module and class), with everything on `self`: so
`__init__` stays empty, credentials come from the environment, and a class never moves to another module.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

import pulumi
from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    Resource,
    ResourceProvider,
    UpdateResult,
)
from pulumi.runtime import rpc

from deployer import DeployerError
from exchange.engine_watch import end_with_engine
from fault import fault_of_ours
from https_json import EndpointError
from visible import visible
from wire import WireError

Properties = dict[str, Any]


class Stopped(Exception):  # noqa: N818 (its name is printed before the message)
    """A provider could not go on; the text is one line that says what to do next."""


# The host prints the qualified name before the message.
Stopped.__module__ = "builtins"


class TenantProvider(ResourceProvider):
    """What creates, reads, updates and deletes in the tenant: subclasses override those four.

    Drift is found by `diff` alone: the engine calls it with what `read` answered as olds and the recorded
    inputs as news, so every managed key must stand in the outputs as the tenant has it.
    """

    serialize_as_secret_always = False
    compared: ClassVar[tuple[str, ...]] = ()
    """Inputs whose value in the tenant is an output of the same name."""

    def problems(self, olds: Properties, news: Properties) -> list[str]:
        """What is wrong with the inputs, each as one sentence; unknown values are `rpc.UNKNOWN`."""
        return []

    def creates(self, props: Properties) -> tuple[str, Properties]:
        """Make or adopt the object; its id and outputs."""
        raise NotImplementedError

    def reads(self, id_: str, props: Properties) -> Properties | None:
        """Ask the tenant for the outputs; None when it says that there is no such object."""
        raise NotImplementedError

    def updates(self, id_: str, olds: Properties, news: Properties) -> Properties:
        """Change the object; its outputs."""
        raise NotImplementedError

    def deletes(self, id_: str, props: Properties) -> None:
        """Remove the object, or keep it and say so."""
        raise NotImplementedError

    def configure(self, req: ConfigureRequest) -> None:
        """End with the engine. `req.config` is what the state recorded, so it is not read."""
        end_with_engine()

    def check(self, _olds: Properties, news: Properties) -> CheckResult:
        """Refuse bad inputs at preview. The failures name no property: the engine would print its value."""
        with _in_one_line():
            return CheckResult(news, [CheckFailure("", visible(text)) for text in self.problems(_olds, news)])

    def diff(self, _id: str, _olds: Properties, _news: Properties) -> DiffResult:
        """Compare the tenant with the inputs; nothing here is ever replaced."""
        return DiffResult(changes=any(_olds.get(key) != _news.get(key) for key in self.compared))

    def create(self, props: Properties) -> CreateResult:
        """See `creates`."""
        with _in_one_line():
            id_, outputs = self.creates(props)
        return CreateResult(id_, outputs)

    def read(self, id_: str, props: Properties) -> ReadResult:
        """See `reads`."""
        with _in_one_line():
            outputs = self.reads(id_, props)
        # An empty id means that there is no such object; the host writes into the outputs, so they are new.
        return ReadResult("", {}) if outputs is None else ReadResult(id_, outputs)

    def update(self, _id: str, _olds: Properties, _news: Properties) -> UpdateResult:
        """See `updates`."""
        with _in_one_line():
            return UpdateResult(self.updates(_id, _olds, _news))

    def delete(self, _id: str, _props: Properties) -> None:
        """See `deletes`."""
        with _in_one_line():
            self.deletes(_id, _props)


def tell(text: str) -> None:
    """Show a line to whoever runs the engine, which passes on what its plugins write to standard error."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def is_known(props: Mapping[str, Any], *keys: str) -> bool:
    """Whether all these inputs have a value at preview."""
    return all(_known(props.get(key)) for key in keys)


def _known(value: object) -> bool:
    if isinstance(value, Mapping):
        return all(_known(item) for item in value.values())
    if isinstance(value, list):
        return all(_known(item) for item in value)
    return value != rpc.UNKNOWN


@contextmanager
def _in_one_line() -> Iterator[None]:
    # The host answers every exception with traceback.format_exc(): without frames that is the last line.
    try:
        yield
    except (Stopped, WireError, DeployerError, EndpointError) as error:
        sys.tracebacklimit = 0
        raise Stopped(visible(str(error))) from None
    except Exception as error:  # noqa: BLE001 - raised again, as the one line that the host should print
        sys.tracebacklimit = 0
        raise Stopped(fault_of_ours(error)) from None


def output(resource: Resource, key: str) -> Any:
    """An output of a dynamic resource by its name in the state."""
    return pulumi.get(resource, key)
