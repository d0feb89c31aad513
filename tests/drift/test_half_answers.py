"""Answers that say yes and tell less than was asked, or of something else: so it is not clean."""

import gc
import os
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest

from deployer import deployer_from_environment
from drift.report import Report
from emulator.faults import Fault
from emulator.server import EmulatedTenant
from graph.api import Document
from permissions import Level
from tests.drift.made import Made, make
from tests.emulated import Emulated, trusted_alone

_BY_ITSELF = {"match": {"path": r"/\$batch$"}, "status": 200, "body": {"responses": []}}
_INCOMPLETE = "The operation could not be completed, results may be incomplete"
_HARMLESS = "The object rooms has been corrupted, and it's in an inconsistent state."


@pytest.fixture(scope="module")
def shared() -> Iterator[Made]:
    with trusted_alone(EmulatedTenant()) as tenant, mock.patch.dict(os.environ, tenant.environment):
        yield make(Emulated(tenant, deployer_from_environment(tenant.environment)))


def told(made: Made, match: dict[str, str], **how: Any) -> Report:
    """What is told while whatever matches is answered so."""
    faults = made.emulated.tenant.faults
    faults.clear()
    plan = (_BY_ITSELF, {"match": match, "status": 200, **how})
    faults.add(Fault.model_validate({"times": 10_000, **one}) for one in plan)
    report = made.reported()
    faults.clear()
    return report


def blind(report: Report) -> set[str]:
    """What was not looked at; nothing is made up beside it."""
    assert report.findings == ()
    assert report.exit_code == (1 if report.unseen else 0)
    return {one.about for one in report.unseen}


def rows(*of: Document, warnings: object = ()) -> Document:
    return {"value": list(of), "@adminapi.warnings": warnings}


@pytest.mark.parametrize(
    "cmdlet",
    [
        "Get-ApplicationAccessPolicy", "Get-DistributionGroup", "Get-DistributionGroupMember",
        "Get-ManagementRoleAssignment", "Get-Recipient", "Get-RecipientPermission", "Get-ServicePrincipal",
    ],
)  # fmt: skip
def test_an_answer_that_says_it_is_incomplete_is_none(shared: Made, cmdlet: str) -> None:
    report = told(shared, {"cmdlet": cmdlet}, body=rows(warnings=[_INCOMPLETE]))
    assert blind(report)
    assert any(_INCOMPLETE.lower() in one.reason.lower() for one in report.unseen)


def test_a_warning_about_something_else_is_no_gap(shared: Made) -> None:
    report = told(shared, {"cmdlet": "Get-RecipientPermission"}, body=rows(warnings=[_HARMLESS]))
    assert blind(report) == set()


@pytest.mark.parametrize(
    "how",
    [
        {"body": {"value": []}},
        {"status": 404, "body": {"error": {"code": "NotFound", "message": "x couldn't be found"}}},
    ],
)
def test_a_group_that_lists_its_members_and_does_not_show_itself_was_not_looked_at(
    shared: Made, how: dict[str, Any]
) -> None:
    assert blind(told(shared, {"cmdlet": "Get-DistributionGroup"}, **how)) == {"locks of the groups"}


def test_the_door_of_somebody_elses_group_neither(shared: Made) -> None:
    faults, [ours] = shared.emulated.tenant.faults, shared.code.groups
    theirs = type(ours)(ours.object_id, ours.address, ours.kind, None)
    plan = {"times": 10_000, "match": {"cmdlet": "Get-DistributionGroup"}, "status": 200}
    faults.add([Fault.model_validate({**plan, "body": {"value": []}})])
    report = shared.reported(groups=(theirs,))
    faults.clear()
    assert blind(report) == {"join rules of others' groups"}


def _application(made: Made) -> dict[str, str]:
    return {"path": rf"/applications/{made.code.application}$"}


def _principal(made: Made) -> dict[str, str]:
    return {"path": rf"/servicePrincipals/{made.code.principal}$"}


_NULLS: dict[str, Document] = {
    **{
        name: {name: None}
        for name in (
            "id", "appId", "keyCredentials", "passwordCredentials", "web", "spa", "publicClient", "api",
            "identifierUris", "signInAudience",
        )
    },
    "redirect addresses": {"web": {"redirectUris": None}},
    "scopes": {"api": {"oauth2PermissionScopes": None, "preAuthorizedApplications": []}},
    "text for a list": {"keyCredentials": "x"},
    "number for a flag": {"isFallbackPublicClient": 1},
    "another object": {"id": "00000000-0000-0000-0000-000000000000"},
    "another client": {"appId": "00000000-0000-0000-0000-000000000000"},
}  # fmt: skip


@pytest.mark.parametrize("name", _NULLS)
def test_an_application_that_is_told_otherwise_than_graph_tells_one_was_not_looked_at(
    shared: Made, name: str
) -> None:
    body = shared.graph.get(shared.application) | _NULLS[name]
    assert {"client secrets", "certificates", "doors of the application"} <= blind(
        told(shared, _application(shared), body=body)
    )


def test_what_graph_tells_as_null_is_nothing_there(shared: Made) -> None:
    body = shared.graph.get(shared.application) | {"isFallbackPublicClient": None}
    assert blind(told(shared, _application(shared), body=body)) == set()


@pytest.mark.parametrize("name", ["accountEnabled", "keyCredentials", "passwordCredentials", "appId"])
def test_a_principal_neither(shared: Made, name: str) -> None:
    body = shared.graph.get(shared.principal) | {name: None}
    expected = {"whether it may sign in", "credentials of the service principal"}
    assert expected <= blind(told(shared, _principal(shared), body=body))


@pytest.fixture
def uncollected() -> Iterator[None]:
    """What is collected where no more calls fit fails there, and pytest with it."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
def test_an_answer_nested_without_end_is_unreadable_where_it_was_asked(shared: Made) -> None:
    report = told(shared, {"cmdlet": "Get-RecipientPermission"}, text="[" * 200_000)
    assert blind(report) == {"other uses of the groups"}
    report = told(shared, {"path": "/owners$"}, text='{"value":' + "[" * 200_000)
    assert blind(report) == {"owners"}


@pytest.mark.parametrize("key", ["RoleAssigneeName", "RoleAssignee"])
def test_a_role_is_ours_by_either_name_of_its_holder(shared: Made, key: str) -> None:
    row = {
        "Role": "Application Mail.Read",
        "RoleAssigneeName": "PlaceOS",
        "RoleAssignee": None,
        "Identity": "x",
    }
    body = rows(row | {key: shared.code.principal.upper()})
    [found] = told(shared, {"cmdlet": "Get-ManagementRoleAssignment"}, body=body).findings
    assert (found.rule, found.level) == ("exchange-role", Level.CRITICAL)


def test_a_role_that_nobody_holds_was_not_looked_at(shared: Made) -> None:
    row = {"Role": "Application Mail.Read", "RoleAssigneeName": None, "Identity": "x"}
    report = told(shared, {"cmdlet": "Get-ManagementRoleAssignment"}, body=rows(row))
    assert "roles in Exchange" in blind(report)


def test_one_right_that_is_told_as_a_text_is_one(shared: Made) -> None:
    row = {"Identity": "Ada", "AccessRights": "SendAs"}
    [found] = told(shared, {"cmdlet": "Get-RecipientPermission"}, body=rows(row)).findings
    assert found.subject.startswith("SendAs on Ada for ")
    assert "'SendAs'" in found.repair
