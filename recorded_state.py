"""What the engine has recorded of this very stack, read while the program runs."""

import time
from collections.abc import Mapping
from typing import Any

import pulumi

_TRIES = 20
_PAUSE = 0.1  # seconds


Recorded = Mapping[str, Mapping[str, Any]]
"""The outputs of the stack's resources, by resource name."""


def recorded_outputs(stack: str) -> Recorded:
    """What the engine has recorded of every resource of the stack; empty before the first update.

    A StackReference to one's own stack would be a resource that drifts with every run, and the stack's own
    outputs are gone after a failed one; so the engine is asked for the resources.
    """
    return {urn.rpartition("::")[2]: resource["outputs"] for urn, resource in _read(stack).items()}


def _read(stack: str) -> Mapping[str, Any]:
    # The local backend writes its file in place while the update goes on: half a file is read again.
    for attempt in range(_TRIES):
        try:
            answer = pulumi.runtime.invoke(
                "pulumi:pulumi:readStackResourceOutputs", {"stackName": stack}
            ).value
        except Exception as error:  # noqa: BLE001 - the SDK raises nothing narrower
            reason = str(error)
        else:
            return (answer or {}).get("outputs") or {}
        if attempt < _TRIES - 1:
            time.sleep(_PAUSE)
    raise pulumi.RunError(
        f"the recorded state of {stack} could not be read, so it is not known which client secret is the "
        f"older one: {reason}. Nothing was changed; run it again."
    )
