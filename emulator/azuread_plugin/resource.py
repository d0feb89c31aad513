"""How a resource is described: its inputs, what each means for a diff, and the calls that make it so."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from emulator.azuread_plugin.errors import Vanished
from emulator.azuread_plugin.graph import Graph
from emulator.plugin.errors import PluginError, Unfinished
from emulator.plugin.wire import Properties, Value

Check = Callable[[str, Any], str]
"""(the input's upstream name, its value) -> what is wrong with it, or nothing."""

_TIMEOUTS_KEY = (
    "e2bfb730-ecaa-11e6-8f88-34363bc7c4c0"  # terraform-plugin-sdk's name for them in private state
)


class Kind(Enum):
    """What a property holds; lists keep their order, sets do not have one."""

    TEXT = "string"
    FLAG = "bool"
    NUMBER = "number"
    MAP = "map of strings"
    OBJECT = "object"
    LIST = "list"
    SET = "set"


@dataclass(frozen=True)
class Field:
    """One input.

    `computed`: left out means "as the tenant has it", never a change. `replaces`: a change makes a new
    resource. `refused`: why the stand-in does not take this input of the real plugin.
    """

    kind: Kind = Kind.TEXT
    required: bool = False
    replaces: bool = False
    computed: bool = False
    default: Value = None
    check: Check | None = None
    most: int | None = None
    members: "Mapping[str, Field] | None" = None
    element: "Field | None" = None
    refused: str = ""

    @property
    def absent(self) -> Value:
        """What leaving a scalar out amounts to."""
        zero = {Kind.TEXT: "", Kind.FLAG: False, Kind.NUMBER: 0}.get(self.kind)
        return zero if self.default is None else self.default


@dataclass(frozen=True)
class Minutes:
    """How long each operation may take, retries and waits included; None where there is no such operation."""

    create: int
    read: int
    update: int | None
    delete: int


Fields = Mapping[str, Field]


class Resource(ABC):
    """One resource type; instances hold nothing."""

    token: ClassVar[str]
    fields: ClassVar[Fields]
    outputs: ClassVar[tuple[str, ...]]
    secrets: ClassVar[frozenset[str]] = frozenset()
    conflicts: ClassVar[tuple[tuple[str, str], ...]] = ()
    unsettles: ClassVar[Mapping[str, str]] = {}
    """Output -> the input, `outer.inner` inside a block, whose change makes it unknown until the update."""
    schema_version: ClassVar[int]
    minutes: ClassVar[Minutes]

    def plan(self, graph: Graph, state: Properties, inputs: Properties) -> None:
        """Ask the tenant whether this may be made of the state, empty for a new one; most just try."""
        del graph, state, inputs

    @abstractmethod
    def create(self, graph: Graph, inputs: Properties) -> tuple[str, Properties]:
        """Make it; its id and state. Raises Unfinished when it exists but something after that failed."""

    @abstractmethod
    def read(self, graph: Graph, id_: str, known: Properties) -> Properties | None:
        """The state as the tenant has it, None when it is gone; `known` fills what Graph cannot tell."""

    def update(self, graph: Graph, id_: str, inputs: Properties, state: Properties) -> Properties:
        """Change it in place; the new state."""
        del graph, inputs, state
        raise PluginError(f"{self.token} {id_} cannot be updated: every change of it makes a new one")

    @abstractmethod
    def delete(self, graph: Graph, id_: str, state: Properties) -> None:
        """Remove it; that it is gone already is an error, as upstream: a refresh settles it."""

    @property
    def computed(self) -> list[str]:
        """The inputs that keep the tenant's value when they are left out."""
        return [name for name, field in self.fields.items() if field.computed]

    @property
    def meta(self) -> str:
        """The `__meta` that the bridge keeps in state: timeouts in nanoseconds and the schema's version."""
        timeouts = {
            name: minutes * 60 * 10**9
            for name, minutes in sorted(vars(self.minutes).items())
            if minutes is not None
        }
        return json.dumps(
            {_TIMEOUTS_KEY: timeouts, "schema_version": str(self.schema_version)}, separators=(",", ":")
        )

    def read_back(self, graph: Graph, id_: str, known: Properties) -> Properties:
        """The state of what was just written; Vanished when Graph does not have it (yet)."""
        state = self.read(graph, id_, known)
        if state is None:
            raise Vanished(id_)
        return state


@contextmanager
def kept_when_unfinished(id_: str, inputs: Properties) -> Iterator[None]:
    """A failure inside leaves the resource in the state, unfinished, instead of lost in the tenant."""
    try:
        yield
    except Vanished:
        raise
    except PluginError as cause:
        raise Unfinished(id_, inputs, cause) from None
