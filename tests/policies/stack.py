"""The stack of this module as a policy pack sees it at a first preview, to break one thing of."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_policy import (
    Policy,
    PolicyCustomTimeouts,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, unknown_checking_proxy

import tokens
from catalogue import GRAPH

UNKNOWN = UNKNOWN_STRING_VALUE
CALENDARS, PLACES = "ef54d2bf-783f-4e0f-bca1-3210c0444d99", "913b9306-0ce1-42b8-9137-6a7df690a760"


@dataclass
class Part:
    """A resource; it depends on others by their names."""

    type: str
    name: str
    props: dict[str, Any] = field(default_factory=dict)
    protect: bool = True
    depends: tuple[str, ...] = ()
    by_property: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def urn(self) -> str:
        return f"urn:pulumi:dev::placeos-m365::{self.type}::{self.name}"

    @property
    def options(self) -> PolicyResourceOptions:
        return PolicyResourceOptions(self.protect, [], None, [], PolicyCustomTimeouts(0, 0, 0), [])


def clean() -> dict[str, Part]:
    """Everything as it should be."""
    parts = (
        Part(tokens.STACK, "placeos-m365-dev", {"clientId": UNKNOWN, "clientSecret": UNKNOWN}),
        Part(
            tokens.APPLICATION,
            "application",
            {
                "displayName": "PlaceOS",
                "signInAudience": "AzureADMyOrg",
                "owners": ["8a4fdb47-926f-5dcf-89c9-146e4bce1820"],
                "web": None,
                "requiredResourceAccesses": [
                    {
                        "resourceAppId": GRAPH,
                        "resourceAccesses": [
                            {"id": CALENDARS, "type": "Role"},
                            {"id": PLACES, "type": "Role"},
                        ],
                    }
                ],
            },
        ),
        Part(
            tokens.SERVICE_PRINCIPAL,
            "principal",
            {"clientId": UNKNOWN, "owners": ["8a4fdb47-926f-5dcf-89c9-146e4bce1820"]},
            depends=("application",),
        ),
        Part(
            tokens.SECURITY_GROUP,
            "group",
            {
                "hiddenFromAddressLists": True,
                "memberJoin": "Closed",
                "memberDepart": "Closed",
                "requireSenderAuthentication": True,
                "owners": ["exchange.admin@contoso.example"],
                "allowedSenders": ["exchange.admin@contoso.example"],
            },
        ),
        Part(
            tokens.ACCESS_POLICIES,
            "policies",
            {"appId": UNKNOWN, "accessRights": ["RestrictAccess"], "groupObjectIds": [UNKNOWN]},
            depends=("application", "group"),
            by_property={"appId": ("application",), "groupObjectIds": ("group",)},
        ),
        Part(
            tokens.APP_ROLE_ASSIGNMENT,
            "consent",
            {"appRoleId": CALENDARS, "principalObjectId": UNKNOWN},
            depends=("principal", "policies"),
            by_property={"principalObjectId": ("principal",)},
        ),
        Part(
            tokens.APPLICATION_PASSWORD,
            "secret",
            {"applicationId": UNKNOWN, "endDate": "2020-01-01T00:00:00Z"},
        ),
    )
    return {part.name: part for part in parts}


def changed(name: str, **props: Any) -> dict[str, Part]:
    """The clean stack, but for these properties of one resource."""
    parts = clean()
    parts[name].props.update(props)
    return parts


@dataclass(frozen=True)
class Said:
    """A finding: the resource's name, "" for none, and the message."""

    name: str
    message: str


def judge(rule: Policy, parts: Mapping[str, Part], config: Mapping[str, Any] | None = None) -> list[Said]:
    """What the rule says of the stack."""
    return list(_judge(rule, copy.deepcopy(dict(parts)), config or {}))


def _judge(rule: Policy, parts: dict[str, Part], config: Mapping[str, Any]) -> Iterator[Said]:
    said: list[tuple[str, str | None]] = []

    def report(message: str, urn: str | None = None) -> None:
        said.append((message, urn))

    if isinstance(rule, ResourceValidationPolicy):
        for part in parts.values():
            args = ResourceValidationArgs(
                part.type, _proxied(part), part.urn, part.name, part.options, None, config
            )
            rule.validate(args, report)
    elif isinstance(rule, StackValidationPolicy):
        rule.validate(StackValidationArgs(_resources(parts), config), report)
    for message, urn in said:
        yield Said((urn or "").rpartition("::")[2], message)


def _proxied(part: Part) -> dict[str, Any]:
    """As pulumi_policy hands it to a rule: unknown values raise."""
    return unknown_checking_proxy(part.props)


def _resources(parts: dict[str, Part]) -> list[PolicyResource]:
    made = {
        part.name: PolicyResource(
            part.type, _proxied(part), part.urn, part.name, part.options, None, None, [], {}
        )
        for part in parts.values()
    }
    for part in parts.values():
        made[part.name].dependencies = [made[name] for name in part.depends if name in made]
        made[part.name].property_dependencies = {
            key: [made[name] for name in names if name in made] for key, names in part.by_property.items()
        }
    return list(made.values())
