"""What a stack promises of PlaceOS's credentials, and the credentials, from what the engine has recorded.

The secrets are read by themselves and stay in this process: they are in no representation, and no message.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from roomctl.current_secret import SLOTS, current_secret
from roomctl.outcome import could_not_look
from roomctl.pulumi import ask_pulumi
from roomctl.recorded_stack import RecordedStack
from verify.mode import Mode
from verify.promise import Promise, Slot
from verify.sample import chosen

_NEEDED = ("clientId", "tenantId", "configuredAccess", "grantedPermissions", "roomGroupObjectId")
_PROOF = "placeos-scope-configured-access"
MEMBERS = "placeos-rooms-members"
"""The names of what is recorded of the proof and of the rooms; a test finds both in a stack."""


def promised(recorded: RecordedStack, rooms: int | None) -> Promise:
    """From the state; of the rooms `rooms` are taken, None for all. Ends the command with 1 without."""
    outputs = recorded.outputs.get(f"{recorded.project}-{recorded.short_name}", {})
    current = current_secret(recorded)
    if current is None or any(not outputs.get(name) for name in _NEEDED):
        could_not_look(
            "this stack tells of no credentials yet, or its last run failed: there is nothing to verify. "
            f"Run: pulumi up --stack {recorded.called}"
        )
    proof = recorded.outputs.get(_PROOF, {})
    every = tuple(recorded.outputs.get(MEMBERS, {}).get("members", {}))
    asked = outputs["configuredAccess"]
    staff = tuple(one for one in asked["allowed"] if one not in every)
    taken = chosen(every, len(every) if rooms is None else rooms)
    return Promise(
        stack=recorded.called,
        tenant_id=str(outputs["tenantId"]),
        client_id=str(outputs["clientId"]),
        application=current.application,
        service_principal=str(outputs["servicePrincipalObjectId"]),
        group=str(outputs["roomGroupObjectId"]),
        mode=Mode.POLICY if outputs.get("accessPolicyIds") else Mode.RBAC,
        permissions=frozenset(outputs["grantedPermissions"]),
        accepted=frozenset((proof.get("existing") or {}).get("acceptedPermissions", ())),
        allowed=(*taken, *staff),
        refused=tuple(asked["refused"]),
        slots=_slots(recorded, current.key_id),
    )


def _slots(recorded: RecordedStack, in_use: str) -> tuple[Slot, ...]:
    values = _values(recorded, [name for name in SLOTS if name in recorded.outputs])
    slots = []
    for name, value in values.items():
        key_id = str(recorded.outputs[name]["keyId"]).lower()
        called = f"{name.removeprefix('placeos-secret-')}{', in use' if key_id == in_use else ''}"
        slots.append(Slot(called, key_id, key_id == in_use, value))
    return tuple(sorted(slots, key=lambda slot: not slot.in_use))


def _values(recorded: RecordedStack, names: Iterable[str]) -> dict[str, str]:
    """The secrets of these resources."""
    wanted = set(names)
    text = ask_pulumi("stack", "export", "--show-secrets", stack=recorded.called)
    try:
        resources = (json.loads(text).get("deployment") or {}).get("resources") or []
        return {
            name: _plain(one["outputs"]["value"])
            for one in resources
            if (name := one["urn"].rpartition("::")[2]) in wanted and not one.get("delete")
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        # what the error says may hold what is secret
        could_not_look(f"the client secrets of {recorded.name} can't be read from its state")


def _plain(value: Mapping[str, Any] | str) -> str:
    """A value as `--show-secrets` writes it: JSON in an envelope (sdk/v3, resource/plugin)."""
    plain = value if isinstance(value, str) else json.loads(value["plaintext"])
    if not isinstance(plain, str) or not plain:
        raise ValueError("a secret is a text")
    return plain
