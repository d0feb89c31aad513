"""With what somebody can sign in as PlaceOS: secrets, certificates, trusted pipelines, the vault."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from review import types
from review.change import Area, Change, Effect
from review.declared import Resource, Sides, in_words


def changes(sides: Sides) -> tuple[Change, ...]:
    """Credentials that come, go, or live longer."""
    return (
        *_secrets(sides),
        *_of_kind(sides, types.CERTIFICATE, _certificate, _but_its_name),
        *_of_kind(sides, types.FEDERATED_CREDENTIAL, _federated, _but_its_name),
        *_of_kind(sides, types.VAULT_SECRET, _vault, _where),
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
        elif before and after:
            yield from _other_application(before, after)
            if _number(before) == _number(after):
                yield from _other_end(before, after)


def _other_application(before: Resource, after: Resource) -> Iterator[Change]:
    application = after.known("applicationId")
    if application not in {None, before.known("applicationId")}:
        what = f"The client secret {after.name} is made for another application, {application}."
        ask = f"Which application is {application}, and what may it do?"
        yield Change(Effect.GAINS, Area.CREDENTIALS, what, "high", ask)


def _other_end(before: Resource, after: Resource) -> Iterator[Change]:
    was, is_ = _moment(before), _moment(after)
    if _end(before) == _end(after) or (was and was == is_):
        return
    longer = not was or not is_ or is_ > was  # what can't be compared may be
    yield Change(
        Effect.GAINS if longer else Effect.LOSES,
        Area.CREDENTIALS,
        f"The client secret {after.name} is valid until {_end(after)} (was {_end(before)}).",
        "moderate" if longer else "low",
        "Why does a secret have to live longer?" if longer else "",
    )


def _of_kind(
    sides: Sides, kind: str, words: dict[str, str], trusts: Callable[[Resource], Any]
) -> Iterator[Change]:
    """A credential without an end in the plan: it is there or it isn't, and is told with what it trusts.

    Of one that is made anew the plan may mask what is new.
    """
    for before, after in sides.pairs(kind):
        if after and not (before and trusts(before) == trusts(after) and after.urn not in sides.replaced):
            what = f"{words['']} {_told(after, words)}."
            yield Change(Effect.GAINS, Area.CREDENTIALS, what, "high", words["ask"])
        elif before and not after:
            yield Change(Effect.LOSES, Area.CREDENTIALS, f"No longer: {words['']} {_told(before, words)}.")


def _told(resource: Resource, words: dict[str, str]) -> str:
    known = ((word, resource.inputs.get(key)) for key, word in words.items() if key != "ask")
    return ", ".join(f"{word} {in_words(value)}" for word, value in known if value) or resource.name


def _but_its_name(credential: Resource) -> Any:
    return {key: one for key, one in credential.inputs.items() if key not in {"displayName", "description"}}


def _where(secret: Resource) -> Any:
    """Its value is another at each turn, and so are its tags."""
    return secret.inputs.get("vaultName"), secret.inputs.get("secretName")


_certificate = {
    "": "Who has the key of this certificate signs in as the application:",
    "ask": "Who has the key of the certificate, and what is it for beside PlaceOS's secret?",
    "keyId": "key",
}
_federated = {
    "": "Whoever has this identity signs in as the application:",
    "ask": "Which pipeline has the trusted identity, and why does it sign in as PlaceOS?",
    "issuer": "issuer",
    "subject": "subject",
}
_vault = {
    "": "The client secret is written to a key vault, and whoever may read secrets there has it:",
    "ask": "Who may read secrets in the key vault?",
    "vaultName": "vault",
    "secretName": "secret",
}


def _end(secret: Resource) -> str:
    return str(secret.known("endDate") or secret.known("endDateRelative") or "a day that Entra chooses")


def _moment(secret: Resource) -> datetime | None:
    """When it ends; None when the plan does not say."""
    try:
        moment = datetime.fromisoformat(str(secret.known("endDate")))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _number(secret: Resource) -> str:
    """Of the period that the secret is for: a new number is the rotation, no change of the access."""
    when = secret.known("rotateWhenChanged")
    return str(when.get("number")) if isinstance(when, dict) else ""
