"""What no other part tells: resources that a review does not know, and what is no longer protected."""

from collections.abc import Iterator

from review import types
from review.change import Area, Change, Effect
from review.declared import Sides


def changes(sides: Sides) -> tuple[Change, ...]:
    """Both, by name."""
    return (*_unknown(sides), *_protection(sides))


def _unknown(sides: Sides) -> Iterator[Change]:
    resources = {**sides.before.resources, **sides.after.resources}
    for urn, resource in sorted(resources.items(), key=lambda one: (one[1].name, one[0])):
        if types.understood(resource.type):
            continue
        before, after = sides.before.resources.get(urn), sides.after.resources.get(urn)
        called = f"{resource.name} ({resource.type})"
        if after is None:
            yield Change(Effect.LOSES, Area.OTHER, f"{called} goes.")
        elif before is None or before.inputs != after.inputs:
            happens = "is made" if before is None else "changes"
            what = f"{called} {happens}, and this review does not know what it lets anybody do."
            ask = f"What does {resource.name} let anybody do? Read the code that declares it."
            yield Change(Effect.GAINS, Area.OTHER, what, "unknown", ask)


def _protection(sides: Sides) -> Iterator[Change]:
    for urn, before in sorted(sides.before.resources.items()):
        after = sides.after.resources.get(urn)
        if before.protect and after and not after.protect:
            what = f"{after.name} is no longer protected against deletion."
            ask = f"Is {after.name} to be deleted next? Its id is what PlaceOS knows."
            yield Change(Effect.NEITHER, Area.OTHER, what, "moderate", ask)
