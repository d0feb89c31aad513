"""A look whose service fails is named, with why and what to do; the others tell what they see."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from unittest import mock

import pytest

from deployer import deployer_from_environment
from drift.looks import AT_EVERY_MAILBOX, LOOKS
from drift.report import REACH
from emulator.faults import Fault
from emulator.server import EmulatedTenant
from tests.drift.made import Made
from tests.drift.tampering import TAMPERINGS, TRAVEL
from tests.drift.wide import widened
from tests.emulated import Emulated, trusted_alone

_PRINCIPAL = r"/servicePrincipals/[^/]+"
_APPLICATION = r"/v1\.0/applications/[^/]+"
_CONSENTS = rf"{_PRINCIPAL}/appRoleAssignments$"
[FULL_ACCESS] = AT_EVERY_MAILBOX.keys() - LOOKS
ASKS: dict[str, tuple[str, ...]] = {
    "the application itself": (rf"{_APPLICATION}$", rf"{_PRINCIPAL}$"),
    "the groups themselves": ("Get-DistributionGroupMember",),
    "what the state no longer holds": (),
    "what it is called and asks for": (rf"{_APPLICATION}$", rf"{_PRINCIPAL}$"),
    "application permissions": (_CONSENTS, rf"{_PRINCIPAL}$"),
    "delegated permissions": (r"/oauth2PermissionGrants$",),
    "client secrets": (rf"{_APPLICATION}$",),
    "certificates": (rf"{_APPLICATION}$",),
    "federated credentials": (r"/federatedIdentityCredentials$",),
    "credentials of the service principal": (rf"{_PRINCIPAL}$",),
    "owners": (rf"{_APPLICATION}/owners$", rf"{_PRINCIPAL}/owners$"),
    "roles over the application": (r"/roleManagement/directory/roleAssignments$",),
    "doors of the application": (rf"{_APPLICATION}$",),
    "whether it may sign in": (rf"{_APPLICATION}$", rf"{_PRINCIPAL}$"),
    "what it owns": (r"/ownedObjects$",),
    "directory roles": (r"/roleManagement/directory/roleAssignments$",),
    "groups and roles through them": (r"/transitiveMemberOf$", r"/roleManagement/directory/roleAssignments$"),
    "access policies": ("Get-ApplicationAccessPolicy",),
    "roles in Exchange": ("Get-ManagementRoleAssignment",),
    "role groups of Exchange": ("Get-ServicePrincipal", "Get-RoleGroup", "Get-RoleGroupMember"),
    "members of the scope": ("Get-DistributionGroupMember",),
    "locks of the groups": ("Get-DistributionGroup",),
    "other uses of the groups": (
        r"/groups/[^/]+/memberOf$", "Get-ApplicationAccessPolicy", "Get-RecipientPermission",
        "Get-ManagementRoleAssignment",
    ),
    "join rules of others' groups": ("Get-DistributionGroup",),
    "principals that look like PlaceOS's": (
        r"/servicePrincipals$", _CONSENTS, "Get-ManagementRoleAssignment", "Get-ApplicationAccessPolicy",
        r"/applications$", r"/roleManagement/directory/roleAssignments$",
        r"/oauth2PermissionGrants$",
    ),
    "policies that destroyed stacks kept": (
        "Get-ApplicationAccessPolicy", r"/applications$", r"/deletedItems/microsoft\.graph\.application$",
    ),
    "groups that destroyed stacks kept": ("Get-ApplicationAccessPolicy", "Get-Group"),
    FULL_ACCESS: ("Get-Mailbox", "Get-MailboxPermission"),
    REACH: (
        _CONSENTS, rf"{_PRINCIPAL}$", "Get-ApplicationAccessPolicy", "Get-DistributionGroupMember",
        "Get-ManagementRoleAssignment",
    ),
}  # fmt: skip
"""What each look asks: cmdlets, and paths of Microsoft Graph."""
FAILS: dict[str, dict[str, Any]] = {
    "a right is missing": {"status": 403},
    "it fails": {"status": 500},
    "it says yes and shows no list": {"status": 200, "body": {"id": "x"}},
    "it lists what nobody knows": {"status": 200, "body": {"value": [{"strange": 1}]}},
    "it says yes and nothing": {"status": 200, "text": ""},
    "it is no JSON": {"status": 200, "text": "<html>"},
}
FEW, SOAK = ("a right is missing", "it lists what nobody knows"), pytest.mark.soak
DONE = ("a secret", "a policy more", "an Entra role", "a person in the scope", "delegated to everybody")
"""What was done to the tenant that has drifted, beside a role in Exchange."""


@dataclass(frozen=True)
class Looking:
    """told: rule and subject of what each look tells while nothing fails."""

    made: Made
    drifted: bool
    told: Mapping[str, set[tuple[str, str]]]


@pytest.fixture(scope="module", params=["clean", "drifted"])
def looking(request: pytest.FixtureRequest) -> Iterator[Looking]:
    drifted = request.param == "drifted"
    with trusted_alone(EmulatedTenant()) as tenant, mock.patch.dict(os.environ, tenant.environment):
        made = widened(Emulated(tenant, deployer_from_environment(tenant.environment)))
        for name in DONE if drifted else ():
            TAMPERINGS[name].do(made)
        if drifted:
            role = {"Role": "Application Calendars.Read", "RecipientGroupScope": TRAVEL}
            made.exchange.run("New-ManagementRoleAssignment", App=made.code.principal, **role)
        asking = made.asking()
        told = {about: {(one.rule, one.subject) for one in ask(asking)} for about, ask in LOOKS.items()}
        yield Looking(made, drifted, told)


def failing(made: Made, asked: str, how: dict[str, Any]) -> None:
    """From now on; a batch answers nothing, so that its questions are asked one by one."""
    is_cmdlet = asked.startswith("Get-")
    match = {"cmdlet": asked} if is_cmdlet else {"path": asked}
    plan = [
        {"match": {"path": r"/\$batch$"}, "status": 200, "body": {"responses": []}},
        {"match": match, **how},
    ]
    made.emulated.tenant.faults.clear()
    made.emulated.tenant.faults.add(Fault.model_validate({"times": 10_000, **one}) for one in plan)


def test_every_look_has_its_line() -> None:
    assert set(ASKS) == {*AT_EVERY_MAILBOX, REACH}


def test_nothing_is_missed_where_nothing_fails(looking: Looking) -> None:
    looking.made.emulated.tenant.faults.clear()
    told = looking.made.reported()
    assert told.unseen == ()
    assert told.reach
    assert told.exit_code == (7 if looking.drifted else 0), [one.what for one in told.findings]
    assert sum(map(bool, looking.told.values())) >= (6 if looking.drifted else 0)


@pytest.mark.parametrize("how", [one if one in FEW else pytest.param(one, marks=SOAK) for one in FAILS])
@pytest.mark.parametrize("asked", sorted({one for ones in ASKS.values() for one in ones}))
def test_who_asks_it_is_named_and_the_others_tell(looking: Looking, asked: str, how: str) -> None:
    failing(looking.made, asked, FAILS[how])
    told = looking.made.reported(looks=AT_EVERY_MAILBOX if asked in ASKS[FULL_ACCESS] else LOOKS)
    blind = {one.about for one in told.unseen}
    assert {about for about, ones in ASKS.items() if asked in ones} <= blind
    assert all(one.reason and one.fix for one in told.unseen)
    assert (told.reach is None) == (REACH in blind)
    assert told.exit_code == (7 if looking.drifted else 1)
    seen = {(one.rule, one.subject) for one in told.findings}
    expected = set().union(*(ones for about, ones in looking.told.items() if about not in blind))
    assert expected <= seen
    assert looking.drifted or not seen, "and nothing is made up"
