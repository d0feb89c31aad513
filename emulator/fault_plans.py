"""Trouble by name: plans that a test or an operator rehearses, the same each time for the same seed."""

import random
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from emulator.conditions import Conditions
from emulator.faults import Fault
from emulator.tenant import Tenant

_FILE = Path(__file__).with_name("fault_plans.yaml")


class UnknownPlanError(ValueError):
    """There is no plan of that name; the text lists those that there are."""


class _Strikes(Fault):
    """A fault that strikes `hits` times, after at most `apart` requests that pass each time."""

    hits: Annotated[int, Field(ge=1)]
    apart: Annotated[int, Field(ge=0)]

    def drawn(self, chance: random.Random) -> list[Fault]:
        fault = self.model_dump(exclude={"hits", "apart"})
        return [Fault(**fault | {"skip": chance.randint(0, self.apart)}) for _ in range(self.hits)]


class FaultPlan(BaseModel):
    """What goes wrong, and where it is known from.

    The numbers of its `conditions.replication` are the most that a seed draws.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str
    source: list[str]
    faults: list[_Strikes] = []
    conditions: Conditions = Conditions()

    def drawn(self, seed: str) -> tuple[list[Fault], Conditions]:
        """The faults of this seed, in an order of its own, and how slowly objects spread."""
        chance = random.Random(seed)  # noqa: S311 - it chooses what to rehearse
        drawn = [strikes.drawn(chance) for strikes in self.faults]
        chance.shuffle(drawn)
        delays = {kind: chance.randint(1, most) for kind, most in self.conditions.replication.items()}
        conditions = self.conditions.model_copy(update={"replication": delays})
        return [fault for faults in drawn for fault in faults], conditions


@cache
def plans() -> Mapping[str, FaultPlan]:
    """Every plan by its name."""
    return TypeAdapter(dict[str, FaultPlan]).validate_python(
        yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    )


def plan(name: str) -> FaultPlan:
    """The plan of that name, else UnknownPlanError."""
    if name not in plans():
        known = "\n".join(f"  {known}: {one.what}" for known, one in plans().items())
        raise UnknownPlanError(f"there is no fault plan {name!r}; there are\n{known}")
    return plans()[name]


def rehearse(tenant: Tenant, name: str, seed: int | str = 0) -> None:
    """Let the plan begin, beside those that have begun; UnknownPlanError."""
    faults, conditions = plan(name).drawn(f"{name}:{seed}")
    tenant.faults.add(faults)
    tenant.hold(conditions)


def calm(tenant: Tenant) -> None:
    """End every fault and condition."""
    tenant.faults.clear()
    tenant.hold_nothing()
