"""One side of a comparison: the resources that a program declares, with their inputs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine writes for a value that only an update will know (pulumi/pulumi, sdk/python, rpc)."""
NOT_KNOWN = "what only the update will know"
"""The same, in a sentence."""

_REPLACED = frozenset({"replace", "create-replacement", "import-replacement"})
_FORGOTTEN = frozenset({"discard", "discard-replaced"})
"""The engine lets go of something that it only read."""
_ENGINES_OWN = frozenset({"__defaults", "__provider"})


def in_words(value: Any) -> str:
    """The value in a sentence: an unknown one is never read as a text."""
    return str(value).replace(UNKNOWN, NOT_KNOWN)


def texts(value: Any) -> tuple[str, ...]:
    """The texts of a list; a list that can't be read, unknown or masked, is one that nobody has listed."""
    if isinstance(value, list):
        return tuple(in_words(one) for one in value)
    return () if value is None else (NOT_KNOWN,)


@dataclass(frozen=True)
class Resource:
    """A resource as it is declared; `inputs` are without the engine's own, and secrets in them are masked.

    `stays`: when the stack no longer declares it, it stays in the tenant (retainOnDelete).
    """

    urn: str
    type: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    protect: bool = False
    stays: bool = False

    @property
    def name(self) -> str:
        """Its name, the last part of the URN."""
        return self.urn.rpartition("::")[2]

    def known(self, key: str) -> Any:
        """The input of that name; None when there is none, or only an update will know it."""
        value = self.inputs.get(key)
        return None if value == UNKNOWN else value

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of an input that is a list, in its order; what can't be read is there as NOT_KNOWN."""
        return texts(self.inputs.get(key))


@dataclass(frozen=True)
class Declared:
    """All resources of one side, by URN."""

    resources: Mapping[str, Resource] = field(default_factory=dict)

    def of(self, kind: str) -> tuple[Resource, ...]:
        """The resources of one type, by name."""
        return tuple(
            sorted((one for one in self.resources.values() if one.type == kind), key=lambda one: one.name)
        )


@dataclass(frozen=True)
class Step:
    """What the engine plans for one resource: `old` is what is recorded of it, `new` what is declared."""

    op: str
    old: Resource | None
    new: Resource | None


@dataclass(frozen=True)
class Sides:
    """Both sides.

    `replaced` names the URNs of what is made anew under the same name, `forgotten` those of what the stack no
    longer declares and leaves in the tenant: they are on both sides.
    """

    before: Declared
    after: Declared
    replaced: frozenset[str] = frozenset()
    forgotten: frozenset[str] = frozenset()

    def pairs(self, kind: str) -> tuple[tuple[Resource | None, Resource | None], ...]:
        """Each resource of one type as it was and as it will be, by name; None where it isn't."""
        urns = {one.urn: one.name for side in (self.before, self.after) for one in side.of(kind)}
        return tuple(
            (self.before.resources.get(urn), self.after.resources.get(urn))
            for urn in sorted(urns, key=lambda urn: (urns[urn], urn))
        )


def sides(steps: Iterable[Step]) -> Sides:
    """Both sides of what the engine plans; a replacement takes several steps, of which each tells a part.

    What an alias gives another URN is known by the new one on both sides.
    """
    before: dict[str, Resource] = {}
    after: dict[str, Resource] = {}
    replaced, left = set(), {}
    for step in steps:
        if step.old:
            urn = step.new.urn if step.new else step.old.urn
            before.setdefault(urn, replace(step.old, urn=urn))
            if step.op in _FORGOTTEN or (step.op == "delete" and step.old.stays):
                left[urn] = step.old
        if step.new:
            after[step.new.urn] = step.new
            if step.op in _REPLACED:
                replaced.add(step.new.urn)
    forgotten = frozenset(left.keys() - after.keys())
    return Sides(Declared(before), Declared({**left, **after}), frozenset(replaced), forgotten)


def resource(state: Mapping[str, Any]) -> Resource:
    """A resource of the engine's event (`old` or `new` of a step's metadata)."""
    inputs = {key: value for key, value in (state.get("inputs") or {}).items() if key not in _ENGINES_OWN}
    return Resource(
        state["urn"],
        state["type"],
        _without_engines_own(inputs),
        protect=bool(state.get("protect")),
        stays=bool(state.get("retainOnDelete")),
    )


def _without_engines_own(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_engines_own(one) for key, one in value.items() if key not in _ENGINES_OWN}
    return [_without_engines_own(one) for one in value] if isinstance(value, list) else value
