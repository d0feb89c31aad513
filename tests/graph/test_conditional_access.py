"""Which policies refuse an application its token."""

from typing import Any

import pytest

from emulator.conditional_access import EVERYONE, policy
from graph.conditional_access import WorkloadPolicy, blocking
from wire import Invalid


def of(**who: Any) -> WorkloadPolicy:
    document = policy("P", [], exclude=[])
    document["conditions"]["clientApplications"] = {"includeServicePrincipals": [], **who}
    return WorkloadPolicy.of(document)


@pytest.mark.parametrize(
    ("who", "new", "known"),
    [
        ({"includeServicePrincipals": [EVERYONE]}, True, True),
        ({"includeServicePrincipals": [EVERYONE], "excludeServicePrincipals": ["ID"]}, True, False),
        ({"includeServicePrincipals": ["ID"]}, False, True),
        ({"includeServicePrincipals": ["another"]}, False, False),
        ({"servicePrincipalFilter": {"mode": "include", "rule": "x"}}, True, True),
    ],
)
def test_whom_a_policy_is_about(who: dict[str, Any], new: bool, known: bool) -> None:
    assert (of(**who).blocks(""), of(**who).blocks("id")) == (new, known)


def test_only_those_in_force_that_block_applications_are_told(emulated: Any) -> None:
    store = emulated.tenant.store
    people = policy("people", [], exclude=[])
    people["conditions"]["clientApplications"] = None
    demanding = policy("mfa", [EVERYONE], exclude=[]) | {"grantControls": {"builtInControls": ["mfa"]}}
    for one in (
        policy("block", ["another"], exclude=[]),
        policy("off", [EVERYONE], exclude=[], state="disabled"),
        policy("report", [EVERYONE], exclude=[], state="enabledForReportingButNotEnforced"),
        people,
        demanding,
    ):
        store.put("conditionalAccessPolicy", one["id"], one)
    assert [one.name for one in blocking(emulated.graph)] == ["block"]


@pytest.mark.parametrize("conditions", [{}, {"clientApplications": {}}, {"clientApplications": ["x"]}])
def test_a_shape_that_is_not_known_is_refused(conditions: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        WorkloadPolicy.of({"id": "x", "conditions": conditions})
