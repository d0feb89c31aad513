"""What no other part tells: unknown resources, by what they are made, and what is protected or left."""

from collections.abc import Iterator, Mapping
from typing import Any

from review import types
from review.change import Area, Change, Effect
from review.declared import Resource, Sides


def changes(sides: Sides) -> tuple[Change, ...]:
    """All of it, by name."""
    return (*_unknown(sides), *_providers(sides), *_protection(sides), *_forgotten(sides))


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


def _providers(sides: Sides) -> Iterator[Change]:
    """With another tenant, cloud or identity, a provider makes the same things elsewhere."""
    for urn, after in sorted(sides.after.resources.items()):
        if not after.type.startswith(types.PROVIDERS) or after.type in types.WITH_ALL_SETTINGS:
            continue
        before = sides.before.resources.get(urn)
        if before is None and f"{types.KEY_VAULT_SECRET}$" in urn:  # told with the secret that it writes
            continue
        was, is_ = _set_up(before), _set_up(after)
        if keys := sorted(key for key in was.keys() | is_.keys() if was.get(key) != is_.get(key)):
            what = (
                f"The provider {after.name} is set up otherwise ({', '.join(keys)}): what it makes may be "
                "made elsewhere, or by somebody else."
            )
            ask = f"In which tenant or subscription does {after.name} make things, and as whom?"
            yield Change(Effect.GAINS, Area.OTHER, what, "unknown", ask)


def _set_up(provider: Resource | None) -> Mapping[str, Any]:
    inputs = provider.inputs if provider else {}
    return {key: one for key, one in inputs.items() if key not in {"version", "__internal"}}


def _forgotten(sides: Sides) -> Iterator[Change]:
    for urn in sorted(sides.forgotten):
        name = sides.after.resources[urn].name
        what = f"{name} is no longer declared, but stays in the tenant: what it allows, nobody reviews then."
        yield Change(
            Effect.NEITHER, Area.OTHER, what, "high", f"Who takes {name} out of the tenant, and when?"
        )


def _protection(sides: Sides) -> Iterator[Change]:
    for urn, was in sorted(sides.before.resources.items()):
        is_ = sides.after.resources.get(urn)
        if was.protect and is_ and not is_.protect:
            what = f"{is_.name} is no longer protected against deletion."
            ask = f"Is {is_.name} to be deleted next? Its id is what PlaceOS knows."
            yield Change(Effect.NEITHER, Area.OTHER, what, "moderate", ask)
    for urn, after in sorted(sides.after.resources.items()):
        before = sides.before.resources.get(urn)
        if after.stays and not (before and before.stays):
            what = f"{after.name} will stay in the tenant when the stack no longer declares it."
            yield Change(Effect.NEITHER, Area.OTHER, what, "moderate", f"Why is {after.name} to stay?")
