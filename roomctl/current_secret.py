"""The client secret that a stack hands out, by its resources: a failed run may leave the stack no outputs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from roomctl.recorded_stack import RecordedStack
from secret_expiry import was_handed_out

SLOTS = ("placeos-secret-slot-0", "placeos-secret-slot-1")
"""The names of the secrets among the stack's resources; a test finds them among what the program declares."""


@dataclass(frozen=True)
class CurrentSecret:
    """Its key id, and the object id of the application that has it, own or existing; in lower case.

    given: whether the stack's outputs tell of it. When they don't, a run may have made this one and
    failed, and PlaceOS was given the one before.
    """

    key_id: str
    application: str
    given: bool


def current_secret(stack: RecordedStack) -> CurrentSecret | None:
    """The one with the highest number, as components/secret_slots.py plans it; None when there is none."""
    recorded = [stack.outputs[name] for name in SLOTS if name in stack.outputs]
    if not recorded:
        return None
    current = max(recorded, key=_number)
    key_id = str(current["keyId"]).lower()
    told = stack.outputs.get(f"{stack.project}-{stack.short_name}", {}).get("clientSecretKeyId")
    return CurrentSecret(
        key_id=key_id,
        application=str(current["applicationId"]).rpartition("/")[2].lower(),
        given=str(told).lower() == key_id,
    )


def never_handed_out(stack: RecordedStack) -> set[str]:
    """The key ids of those that PlaceOS was never given; of an imported one that is not known."""
    recorded = [stack.outputs[name] for name in SLOTS if name in stack.outputs]
    return {
        str(one["keyId"]).lower()
        for one in recorded
        if one.get("rotateWhenChanged") and not was_handed_out(_number(one))
    }


def _number(secret: Mapping[str, Any]) -> int:
    return int((secret.get("rotateWhenChanged") or {}).get("number", "0"))  # an imported one has none
