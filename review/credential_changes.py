"""With what somebody can sign in as PlaceOS: secrets, certificates, trusted pipelines, the vault."""

from collections.abc import Iterator

from review import types
from review.change import Area, Change, Effect
from review.declared import Resource, Sides


def changes(sides: Sides) -> tuple[Change, ...]:
    """Credentials that come, go, or live longer."""
    return (
        *_secrets(sides),
        *_of_kind(sides, types.CERTIFICATE, _certificate),
        *_of_kind(sides, types.FEDERATED_CREDENTIAL, _federated),
        *_of_kind(sides, types.VAULT_SECRET, _vault),
    )


def _secrets(sides: Sides) -> Iterator[Change]:
    for before, after in sides.pairs(types.CLIENT_SECRET):
        if after and not before:
            yield Change(
                Effect.GAINS,
                Area.CREDENTIALS,
                f"A client secret {after.name}, valid until {_end(after)}, is made.",
                "high",
                f"Who is handed {after.name}?",
            )
        elif before and not after:
            yield Change(Effect.LOSES, Area.CREDENTIALS, f"The client secret {before.name} is removed.")
        elif before and after and _number(before) == _number(after) and _end(before) != _end(after):
            yield _other_end(before, after)


def _other_end(before: Resource, after: Resource) -> Change:
    longer = _end(after) > _end(before)  # both in UTC, in ISO 8601
    return Change(
        Effect.GAINS if longer else Effect.LOSES,
        Area.CREDENTIALS,
        f"The client secret {after.name} is valid until {_end(after)} (was {_end(before)}).",
        "moderate" if longer else "low",
        "Why does a secret have to live longer?" if longer else "",
    )


def _of_kind(sides: Sides, kind: str, in_words: dict[str, str]) -> Iterator[Change]:
    """A credential without an end in the plan: it is there or it isn't, and is told with what it trusts."""
    for before, after in sides.pairs(kind):
        was, is_ = (_told(one, in_words) if one else None for one in (before, after))
        if was == is_:
            continue
        if is_:
            ask = "Who can use it, and was that person or pipeline asked for here?"
            yield Change(Effect.GAINS, Area.CREDENTIALS, f"{in_words['']} {is_}.", "high", ask)
        else:
            yield Change(Effect.LOSES, Area.CREDENTIALS, f"No longer: {in_words['']} {was}.")


def _told(resource: Resource, in_words: dict[str, str]) -> str:
    parts = [f"{word} {resource.inputs[key]}" for key, word in in_words.items() if resource.inputs.get(key)]
    return ", ".join(parts) or resource.name


_certificate = {"": "Who has the key of this certificate signs in as the application:", "keyId": "key"}
_federated = {
    "": "Whoever has this identity signs in as the application:",
    "issuer": "issuer",
    "subject": "subject",
}
_vault = {
    "": "The client secret is written to a key vault, and whoever may read secrets there has it:",
    "vaultName": "vault",
    "secretName": "secret",
}


def _end(secret: Resource) -> str:
    return str(secret.known("endDate") or secret.known("endDateRelative") or "a day that Entra chooses")


def _number(secret: Resource) -> str:
    """Of the period that the secret is for: a new number is the rotation, no change of the access."""
    when = secret.known("rotateWhenChanged")
    return str(when.get("number")) if isinstance(when, dict) else ""
