"""Death in the middle: whatever is killed wherever, the printed commands lead back, and nothing was open."""

import pytest

from emulator.faults import Match
from tests.engine.death import WHOLE, Death, Moment, Operator, census
from tests.engine.promise import assert_promise_kept
from tests.engine.rehearsal import Rehearsal

pytestmark = pytest.mark.engine

APPLICATION = Moment(Match(method="POST", path="/applications$"))
PRINCIPAL = Moment(Match(method="POST", path="/servicePrincipals$"))
POLICY = Moment(Match(cmdlet="New-ApplicationAccessPolicy"))
THIRD_GRANT = Moment(Match(method="POST", path="/appRoleAssignedTo$"), skip=2)
CREDENTIAL = Moment(Match(method="POST", path="/addPassword$"))
"""The probe's; the slots' follow it."""
FIRST_SLOT = Moment(Match(method="POST", path="/addPassword$"), skip=1)


def assert_whole(rehearsal: Rehearsal) -> None:
    """The next run comes to its end, the tenant is as the code says, and holds nothing twice."""
    done = rehearsal.up()
    assert done.code == 0, done.output
    drift = rehearsal.drift()
    assert drift.code == 0, drift.output
    assert census(rehearsal) == WHOLE
    assert_promise_kept(rehearsal)


def test_one_stack_dies_six_times_and_comes_back(rehearsal: Rehearsal) -> None:
    operator = Operator(rehearsal)

    assert operator.dies("up", APPLICATION, Death.EVERYTHING)
    unlock, look, application = operator.recovers()
    assert unlock == "pulumi cancel --yes --stack rehearsal"
    assert look.startswith("pulumi refresh ")
    assert application.startswith("pulumi import azuread:index/application:Application ")

    assert operator.dies("up", PRINCIPAL, Death.ENGINE)
    assert "azuread:index/servicePrincipal:ServicePrincipal" in operator.recovers()[2]

    assert operator.dies("up", POLICY, Death.PROVIDERS)
    operator.recovers()

    assert operator.dies("up", THIRD_GRANT, Death.EVERYTHING)
    assert any("AppRoleAssignment placeos-consent-" in line for line in operator.recovers())

    assert operator.dies("up", CREDENTIAL, Death.EVERYTHING)
    assert any(line.startswith("roomctl remove-secret ") for line in operator.recovers())

    assert operator.dies("up", FIRST_SLOT, Death.EVERYTHING)
    assert any(line.startswith("roomctl remove-secret ") for line in operator.recovers())

    assert_whole(rehearsal)
