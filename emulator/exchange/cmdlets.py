"""The cmdlets that the emulator models: what each needs, and what one gets when it is called."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

from emulator.directory import Directory
from emulator.exchange.authorization import ROLE_MANAGEMENT, SECURITY_GROUPS, Caller
from emulator.exchange.errors import (
    CmdletError,
    NotModelledError,
    access_denied,
    missing_parameter,
    unknown_cmdlet,
    unknown_parameter,
)
from emulator.exchange.parameters import BYPASS, Change, Changes, Kind, Texts
from emulator.store import Document, Store
from emulator.tenant import Tenant

_DOCUMENTED = Path(__file__).with_name("known_cmdlets.txt")
_COMMON = frozenset(
    {
        "debug",
        "erroraction",
        "errorvariable",
        "informationaction",
        "informationvariable",
        "outbuffer",
        "outvariable",
        "pipelinevariable",
        "verbose",
        "warningaction",
        "warningvariable",
    }
)
# A parameter that not every role which has the cmdlet brings: without the role, there is no such parameter.
# Type: knowledge.activateiam.com/minimum-permissions-required-to-manage-distribution-lists.
_GATED = dict.fromkeys(["Type", *BYPASS], SECURITY_GROUPS)

_Value = TypeVar("_Value")


@dataclass
class Call:
    """One cmdlet on its way: who calls, with which parameters, and the warnings so far."""

    tenant: Tenant
    caller: Caller
    cmdlet: str
    parameters: Mapping[str, object]
    warnings: list[str] = field(default_factory=list)

    @property
    def store(self) -> Store:
        """The tenant's documents."""
        return self.tenant.store

    @cached_property
    def directory(self) -> Directory:
        """The recipients by whatever names them."""
        return Directory(self.store)

    def get(self, name: str, kind: type[_Value]) -> _Value | None:
        """A parameter's value, None when it wasn't given; TypeError when the cmdlet declares another kind."""
        value = self.parameters.get(name)
        if value is not None and not isinstance(value, kind):
            raise TypeError(f"{self.cmdlet} -{name} is {type(value).__name__}, not {kind.__name__}")
        return value

    def text(self, name: str) -> str:
        """A text parameter; empty when it wasn't given."""
        return self.get(name, str) or ""

    def texts(self, name: str) -> list[str]:
        """A parameter of several texts; empty when it wasn't given."""
        return self.get(name, list) or []

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A switch or Boolean."""
        value = self.get(name, bool)
        return default if value is None else value

    def change(self, name: str) -> Change | None:
        """What becomes of a list; None when the parameter wasn't given."""
        return self.get(name, Change)


# Records to answer with; None is an answer without a body, which some write cmdlets give.
Handler = Callable[[Call], Sequence[Document] | None]


@dataclass(frozen=True)
class Cmdlet:
    """A cmdlet: its handler, the roles of which one is needed, its parameters and the mandatory ones."""

    name: str
    run: Handler
    roles: frozenset[str]
    parameters: Mapping[str, Kind]
    mandatory: tuple[str, ...]

    @property
    def summary(self) -> str:
        """What it does, in one line."""
        return (self.run.__doc__ or "").split("\n", 1)[0]


CMDLETS: dict[str, Cmdlet] = {}


def cmdlet(
    name: str, roles: frozenset[str], parameters: Mapping[str, Kind], mandatory: tuple[str, ...] = ()
) -> Callable[[Handler], Handler]:
    """Register the decorated function as the cmdlet's handler."""

    def register(run: Handler) -> Handler:
        CMDLETS[name.lower()] = Cmdlet(name, run, roles, parameters, mandatory)
        return run

    return register


def run(
    tenant: Tenant, caller: Caller, name: str, given: Mapping[str, object]
) -> tuple[Call, Sequence[Document] | None]:
    """Run a cmdlet whole or not at all; CmdletError when Exchange would refuse, NotModelledError."""
    found = _find(name)
    if not found.roles & caller.roles:
        raise access_denied(found.name)
    call = Call(tenant, caller, found.name, _bind(found, caller, given))
    with tenant.store.transaction():
        return call, found.run(call)


def available(caller: Caller) -> list[str]:
    """The names of the cmdlets that the caller's roles bring."""
    return [found.name for found in CMDLETS.values() if found.roles & caller.roles]


@lru_cache(maxsize=1)
def documented() -> Mapping[str, frozenset[str]]:
    """Exchange Online's cmdlets by name in small letters, and (where they are modelled) their parameters."""
    lines = _DOCUMENTED.read_text(encoding="utf-8").splitlines()
    entries = (line.partition(":") for line in lines if not line.startswith("#"))
    return {name.lower(): frozenset(names.lower().split()) for name, _, names in entries}


def _find(name: str) -> Cmdlet:
    if name.lower() in CMDLETS:
        return CMDLETS[name.lower()]
    if name.lower() in documented():
        raise NotModelledError(f"The emulated tenant does not model the cmdlet {name}.")
    raise unknown_cmdlet(name)


def _bind(found: Cmdlet, caller: Caller, given: Mapping[str, object]) -> dict[str, object]:
    modelled = {name.lower(): name for name in found.parameters}
    bound: dict[str, object] = {}
    for written, value in given.items():
        if written.lower() in _COMMON:
            continue
        name = modelled.get(written.lower())
        if name is None:
            raise _not_bound(found, written)
        if name in _GATED and _gate(found, name) not in caller.roles:
            raise unknown_parameter(name)
        kind = found.parameters[name]
        if value is not None:
            bound[name] = kind.read(name, value)
        elif isinstance(kind, Texts | Changes):  # $null empties a list; any other is as if it weren't given
            bound[name] = kind.read(name, [])
    missing = [name for name in found.mandatory if bound.get(name) in (None, "", [])]
    if missing:
        raise missing_parameter(", ".join(missing))
    return bound


def _gate(found: Cmdlet, name: str) -> str:
    """The role that brings the parameter; for role groups the one that brings the cmdlet.

    learn.microsoft.com/powershell/module/exchangepowershell/add-rolegroupmember,
    parameter BypassSecurityGroupManagerCheck
    """
    return ROLE_MANAGEMENT if ROLE_MANAGEMENT in found.roles else _GATED[name]


def _not_bound(found: Cmdlet, name: str) -> CmdletError | NotModelledError:
    if name.lower() in documented()[found.name.lower()]:
        return NotModelledError(f"The emulated tenant does not model {found.name} -{name}.")
    return unknown_parameter(name)
