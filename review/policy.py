"""What the policy pack says of the plan."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Violation:
    """A rule that is violated. `refused`: the rule is mandatory, so that an update would not begin."""

    rule: str
    resource: str
    message: str
    refused: bool
