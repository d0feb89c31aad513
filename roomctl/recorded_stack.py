"""What the engine has recorded of a stack, and what it was doing when it was last heard of."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marks import mark_of
from roomctl.outcome import could_not_look
from roomctl.pulumi import ask_pulumi


@dataclass(frozen=True)
class Pending:
    """An operation that was begun and never ended; `kind` is creating, updating or deleting, mostly."""

    kind: str
    urn: str


@dataclass(frozen=True)
class RecordedStack:
    """A stack's state.

    name: `organization/project/stack`. called: as the operator calls it. ids: of every resource, by type,
    those included that wait for their deletion. urns: without those. outputs: by the resource's name, without
    those too; what is secret is encrypted in them.
    """

    name: str
    called: str
    ids: Mapping[str, frozenset[str]]
    urns: frozenset[str]
    pending: tuple[Pending, ...]
    outputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def project(self) -> str:
        """The project's name, the second part of every URN."""
        return self.name.split("/")[1]

    @property
    def short_name(self) -> str:
        """The stack's name, the first part of every URN."""
        return self.name.split("/")[2]

    @property
    def mark(self) -> str:
        """The stack's ownership mark."""
        return mark_of(self.name)

    def ids_of(self, kind: str) -> frozenset[str]:
        """The ids of the resources of one type."""
        return self.ids.get(kind, frozenset())


def full_name(stack: str | None) -> str:
    """`organization/project/stack` of the stack, or of the selected one; ends the command with 1 without."""
    name = ask_pulumi("stack", "--show-name", "--fully-qualify-stack-names", stack=stack).strip()
    if name.count("/") != 2:
        could_not_look(
            f"stack {name} is not known by organization, project and name, so it can't be told which objects "
            "are its own; run `pulumi state upgrade` on this backend"
        )
    return name


def read_stack(stack: str | None) -> RecordedStack:
    """The stack of that name, or the selected one; ends the command with 1 when it can't be read."""
    name = full_name(stack)
    text = ask_pulumi("stack", "export", stack=stack)
    try:
        deployment: dict[str, Any] = json.loads(text).get("deployment") or {}
        return _stack(name, stack or name.split("/")[2], deployment)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        could_not_look(
            f"the state of {name} can't be read ({error}); try its backup with pulumi stack import"
        )


def _stack(name: str, called: str, deployment: dict[str, Any]) -> RecordedStack:
    resources = deployment.get("resources") or []
    ids: dict[str, set[str]] = {}
    for one in resources:
        ids.setdefault(one["type"], set()).add(str(one.get("id") or ""))
    return RecordedStack(
        name=name,
        called=called,
        ids={kind: frozenset(found) for kind, found in ids.items()},
        urns=frozenset(one["urn"] for one in resources if not one.get("delete")),
        pending=tuple(
            Pending(one["type"], one["resource"]["urn"]) for one in deployment.get("pending_operations") or []
        ),
        outputs={
            one["urn"].rpartition("::")[2]: one.get("outputs") or {}
            for one in resources
            if not one.get("delete")
        },
    )
