"""Every exception that let something pass in this run, told again at every run. Comes last in the pack."""

from pulumi_policy import (
    EnforcementLevel,
    ReportViolation,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)

import exemptions
from rule import one_line


def _validate(_args: StackValidationArgs, report: ReportViolation) -> None:
    for one in exemptions.take():
        held = one.exemption
        report(
            one_line(
                f"{one.name} breaks {one.rule} and passes until {held.expires}: {held.reason.rstrip('.')}. "
                f"{held.owner} answers for it. Mend it before that day, or have the exception reviewed again."
            ),
            one.urn,
        )


RULE = StackValidationPolicy(
    name="exceptions-in-force",
    description="Exceptions that let something pass.",
    validate=_validate,
    enforcement_level=EnforcementLevel.ADVISORY,
    severity=Severity.LOW,
    remediation_steps="Mend what the exception is for before its last day.",
    url="https://www.pulumi.com/docs/insights/policy/",
)
