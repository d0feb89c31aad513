"""What all rules have in common: what they are told by, what they see, how they say no."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)

import exemptions
from exemptions import Exemption, InForce, MalformedError
from known import known
from tokens import STACK

Config = Mapping[str, Any]


@dataclass(frozen=True)
class About:
    """How a rule is told: in the pack, in its messages and in the documentation."""

    name: str
    refuses: str
    """What it refuses, one sentence."""
    severity: Severity
    why: str
    """Why that matters, one sentence."""
    mend: str
    """What to do, one sentence."""
    url: str
    """Where the reason can be read."""
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Configuration keys and their JSON schemas, each with a default and a description."""

    @property
    def schema(self) -> dict[str, dict[str, Any]]:
        """All configuration keys."""
        return {**self.settings, "exceptions": exemptions.SCHEMA}

    def config(self, given: Config) -> dict[str, Any]:
        """The configuration with its defaults."""
        return {key: part["default"] for key, part in self.schema.items()} | {
            key: value for key, value in given.items() if value is not None
        }

    def policy(self) -> dict[str, Any]:
        """What pulumi_policy wants to know of it. The level is the strict one; a configuration relaxes it."""
        return {
            "name": self.name,
            "description": self.refuses,
            "severity": self.severity,
            "enforcement_level": EnforcementLevel.MANDATORY,
            "remediation_steps": self.mend,
            "url": self.url,
            "config_schema": PolicyConfigSchema(self.schema),
        }


@dataclass(frozen=True)
class Seen:
    """A resource as a rule sees it: its inputs, or, in a stack, its outputs. Dependencies are URNs."""

    type: str
    name: str
    urn: str
    props: dict[str, Any]
    protected: bool
    dependencies: frozenset[str] = frozenset()
    by_property: Mapping[str, frozenset[str]] = field(default_factory=dict)


Stack = Mapping[str, Seen]
"""The resources of a stack by URN."""
ResourceCheck = Callable[[Seen, Config], Iterable[str]]
"""What is wrong with a resource, each as half a sentence that follows its name."""
StackCheck = Callable[[Stack, Config], Iterable[tuple[Seen, str]]]
"""The same for a whole stack, each with its resource."""


def resource_rule(about: About, check: ResourceCheck) -> ResourceValidationPolicy:
    """A rule that judges one resource by its inputs."""

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        seen = Seen(args.resource_type, args.name, args.urn, known(args.props), args.opts.protect)
        judge = _Judge(about, about.config(args.get_config()), report)
        if seen.type == STACK:  # of which there is one
            judge.configuration()
        for what in check(seen, judge.config):
            judge.finding(seen, what)

    return ResourceValidationPolicy(validate=validate, **about.policy())


def stack_rule(about: About, check: StackCheck) -> StackValidationPolicy:
    """A rule that judges the resources of a stack together, by their outputs."""

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        judge = _Judge(about, about.config(args.get_config()), report)
        judge.configuration()
        for seen, what in check({one.urn: _seen(one) for one in args.resources}, judge.config):
            judge.finding(seen, what)

    return StackValidationPolicy(validate=validate, **about.policy())


def _seen(resource: PolicyResource) -> Seen:
    return Seen(
        resource.resource_type,
        resource.name,
        resource.urn,
        known(resource.props),
        resource.opts.protect,
        frozenset(one.urn for one in resource.dependencies),
        {key: frozenset(one.urn for one in found) for key, found in resource.property_dependencies.items()},
    )


@dataclass
class _Judge:
    about: About
    config: dict[str, Any]
    report: ReportViolation

    def configuration(self) -> None:
        """Say what of the rule's configuration nobody reads; the engine checks the rest by the schema."""
        for wrong in self._misread():
            self.report(one_line(f"The configuration of {self.about.name} is wrong: {wrong}."), None)

    def _misread(self) -> Iterator[str]:
        for key in sorted(set(self.config) - set(self.about.schema)):
            yield f"it has no {key}, only {', '.join(sorted(self.about.schema))}"
        try:
            exemptions.read(self.config)
        except MalformedError as error:
            yield str(error)

    def finding(self, seen: Seen, what: str) -> None:
        """Report it, unless an exception lets it pass."""
        over = ""
        for one in self._exemptions():
            if not one.covers(seen.name):
                continue
            if not one.expired():
                exemptions.remember(InForce(self.about.name, seen.urn, seen.name, one))
                return
            over = f" Its exception, for which {one.owner} answers, expired on {one.expires}."
        self.report(one_line(f"{seen.name} {what}. {self.about.why} {self.about.mend}{over}"), seen.urn)

    def _exemptions(self) -> list[Exemption]:
        try:
            return exemptions.read(self.config)
        except MalformedError:
            return []


def one_line(text: str) -> str:
    """The text without what would break a line or a terminal; names and values come from the program."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
