"""The doors of the application and its service principal: who may sign in, where tokens go, who owns it.

PlaceOS signs in with a client secret alone, so every other door should be shut
(https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from review import types
from review.change import Area, Change, Effect
from review.declared import Resource, Sides, in_words

SINGLE_TENANT = "AzureADMyOrg"
_REDIRECTS = ("web", "singlePageApplication", "publicClient")
_IMPLICIT = {
    "accessTokenIssuanceEnabled": "access tokens",
    "idTokenIssuanceEnabled": "id tokens",
}
_NO_DOOR = frozenset({
    "description", "displayName", "logoImage", "marketingUrl", "notes", "preventDuplicateNames",
    "privacyStatementUrl", "serviceManagementReference", "supportUrl", "termsOfServiceUrl", "clientId",
    "useExisting", "featureTags", "tags",
})  # fmt: skip
"""Inputs that let nobody in."""
_OF_ITSELF = {"accountEnabled": True}
"""What an input is when nobody sets it."""
_TOLD = frozenset({"signInAudience", "owners", "requiredResourceAccesses"})
"""Those that have sentences of their own."""
_LONGEST = 200


def changes(sides: Sides) -> tuple[Change, ...]:
    """The doors that open or shut, of every application and service principal of the stack."""
    return (
        *_another(sides),
        *(
            change
            for kind in (types.APPLICATION, types.SERVICE_PRINCIPAL)
            for before, after in sides.pairs(kind)
            for change in (*_replaced(after, sides), *_of_one(before, after))
        ),
    )


def _another(sides: Sides) -> Iterator[Change]:
    """One that does not take the place of another; the first of a stack is what the stack is for."""
    before, after = sides.before.of(types.APPLICATION), sides.after.of(types.APPLICATION)
    if len(after) <= max(1, len(before)):
        return
    for one in after:
        if one.urn not in sides.before.resources:
            ask = f"What is {one.name} for, and what keeps it to its rooms?"
            yield Change(
                Effect.GAINS, Area.APPLICATION, f"Another application, {one.name}, is made.", "high", ask
            )


def _replaced(after: Resource | None, sides: Sides) -> Iterator[Change]:
    if after and after.urn in sides.replaced:
        yield Change(
            Effect.NEITHER,
            Area.APPLICATION,
            f"{after.name} is made anew, with another id: what was consented to and handed over is lost with "
            "the old one.",
            "high",
            "Is everybody ready for another client id in PlaceOS?",
        )


def _of_one(before: Resource | None, after: Resource | None) -> Iterator[Change]:
    if after is None:
        if before:
            yield Change(Effect.LOSES, Area.APPLICATION, f"{before.name} is removed.")
        return
    was = before or Resource(after.urn, after.type)
    yield from _audience(was, after)
    yield from _redirects(was, after)
    yield from _implicit(was, after)
    yield from owners(
        was, after, Area.APPLICATION, after.name, "adds credentials of his own and signs in as PlaceOS"
    )
    yield from _other_doors(was, after)


def _audience(before: Resource, after: Resource) -> Iterator[Change]:
    was, is_ = (in_words(one.inputs.get("signInAudience") or SINGLE_TENANT) for one in (before, after))
    if was == is_:
        return
    if is_ == SINGLE_TENANT:
        yield Change(Effect.LOSES, Area.APPLICATION, f"Only this tenant may use the application (was {was}).")
        return
    yield Change(
        Effect.GAINS,
        Area.APPLICATION,
        f"Other tenants may use the application: its audience is {is_} (was {was}).",
        "critical",
        "Which other tenant is to use PlaceOS's application, and why not one of its own?",
    )


def _redirects(before: Resource, after: Resource) -> Iterator[Change]:
    for platform in _REDIRECTS:
        was, is_ = _uris(before, platform), _uris(after, platform)
        for uri in [one for one in is_ if one not in was]:
            yield Change(
                Effect.GAINS,
                Area.APPLICATION,
                f"Tokens may be sent to {uri} (redirect URI, {platform}).",
                "high",
                f"PlaceOS's room booking signs in without a browser. Who receives what is sent to {uri}?",
            )
        for uri in [one for one in was if one not in is_]:
            yield Change(
                Effect.LOSES,
                Area.APPLICATION,
                f"Tokens are no longer sent to {uri} (redirect URI, {platform}).",
            )


def _implicit(before: Resource, after: Resource) -> Iterator[Change]:
    was, is_ = (_part(_part(one.inputs, "web"), "implicitGrant") for one in (before, after))
    for key, tokens in _IMPLICIT.items():
        if bool(was.get(key)) != bool(is_.get(key)):  # what only the update will know may be true
            effect = Effect.GAINS if is_.get(key) else Effect.LOSES
            what = "are handed to browsers (implicit flow)" if is_.get(key) else "no longer go to browsers"
            ask = "Which page needs the implicit flow? PlaceOS does not." if is_.get(key) else ""
            yield Change(effect, Area.APPLICATION, f"{tokens.capitalize()} {what}.", "high", ask)


def owners(before: Resource, after: Resource, area: Area, called: str, may: str) -> Iterator[Change]:
    """Who becomes an owner of what is called so, and who no longer is one."""
    was, is_ = before.texts("owners"), after.texts("owners")
    for one in [one for one in is_ if one not in was]:
        ask = f"Who is {one}, and why an owner?"
        yield Change(Effect.GAINS, area, f"{one} becomes an owner of {called}: an owner {may}.", "high", ask)
    for one in [one for one in was if one not in is_]:
        yield Change(Effect.LOSES, area, f"{one} no longer owns {called}.")


def _other_doors(before: Resource, after: Resource) -> Iterator[Change]:
    """Inputs that have no sentence of their own: each may be a door, so each is told."""
    for key in sorted((before.inputs.keys() | after.inputs.keys()) - _TOLD):
        was, is_ = _rest(before, key), _rest(after, key)
        if was == is_:
            continue
        if key in _NO_DOOR:
            if before.inputs:
                yield Change(
                    Effect.NEITHER, Area.APPLICATION, f"{key} of {after.name} becomes {_short(is_)}."
                )
        elif is_ is not None:
            what = f"{key} of {after.name} is set to {_short(is_)}."
            ask = f"What does {key} open? The room booking needs nothing of it."
            yield Change(Effect.GAINS, Area.APPLICATION, what, "unknown", ask)
        else:
            yield Change(Effect.LOSES, Area.APPLICATION, f"{key} of {after.name} is no longer set.")


def _rest(resource: Resource, key: str) -> Any:
    """An input without the parts that have a sentence of their own; None when nothing is left."""
    value = resource.inputs.get(key, _OF_ITSELF.get(key))
    if key in _REDIRECTS and isinstance(value, Mapping):
        told = {"redirectUris": list, "implicitGrant": Mapping}
        value = {
            name: one for name, one in value.items() if name not in told or not isinstance(one, told[name])
        }
    return value or None


def _uris(resource: Resource, platform: str) -> Sequence[str]:
    uris = _part(resource.inputs, platform).get("redirectUris")
    return [in_words(one) for one in uris] if isinstance(uris, list) else []


def _part(inputs: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = inputs.get(key)
    return value if isinstance(value, Mapping) else {}


def _short(value: Any) -> str:
    text = in_words(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
