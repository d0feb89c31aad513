"""Death in the middle: whatever is killed wherever, the printed commands lead back, and nothing was open."""

import pytest

from emulator.faults import Match
from tests.engine.death import WHOLE, Death, Moment, Operator, assert_whole, census
from tests.engine.rehearsal import Rehearsal, brought_up

pytestmark = [pytest.mark.engine, pytest.mark.timeout(900)]
"""Many runs each: minutes on a busy machine."""

APPLICATION = Moment(Match(method="POST", path="/applications$"))
PRINCIPAL = Moment(Match(method="POST", path="/servicePrincipals$"))
THIRD_GRANT = Moment(Match(method="POST", path="/appRoleAssignedTo$"), skip=2)
PROBE = Moment(Match(method="POST", path="/addPassword$"))
FIRST_SLOT = Moment(Match(method="POST", path="/addPassword$"), skip=1)


def test_one_stack_dies_five_times_and_comes_back(rehearsal: Rehearsal) -> None:
    """Each list of commands is whole: what an earlier one left would stand in the next."""
    operator = Operator(rehearsal)

    assert operator.dies("up", APPLICATION, Death.EVERYTHING)
    unlock, look, application = operator.recovers()
    assert unlock == "pulumi cancel --yes --stack rehearsal"
    assert look.startswith("pulumi refresh ")
    assert application.startswith("pulumi import azuread:index/application:Application ")

    assert operator.dies("up", PRINCIPAL, Death.ENGINE)
    _, _, principal = operator.recovers()
    assert "azuread:index/servicePrincipal:ServicePrincipal" in principal

    assert operator.dies("up", THIRD_GRANT, Death.PLUGIN)
    consents = operator.recovers()  # those at whose answers the plugin died: they are asked for side by side
    assert consents
    for consent in consents:
        assert "azuread:index/appRoleAssignment:AppRoleAssignment placeos-consent-" in consent

    assert operator.dies("up", PROBE, Death.PROVIDERS)
    [removal] = operator.recovers()
    assert removal.startswith("roomctl remove-secret ")

    assert operator.dies("up", FIRST_SLOT, Death.EVERYTHING)
    _, _, removal = operator.recovers()
    assert removal.startswith("roomctl remove-secret ")

    assert_whole(rehearsal)


@brought_up
def test_a_lost_state_is_found_again_in_the_tenant(rehearsal: Rehearsal) -> None:
    before = rehearsal.outputs()
    operator = Operator(rehearsal)
    assert operator.types("pulumi stack rm --yes --force --preserve-config rehearsal").code == 0
    assert operator.types("pulumi stack init rehearsal").code == 0

    done = operator.types("roomctl recover --stack rehearsal --apply --yes")
    assert done.code == 0, done.output
    assert "which PlaceOS may be using" in done.output
    assert rehearsal.up().code == 0
    after = rehearsal.outputs()
    for key in ("clientId", "servicePrincipalObjectId", "roomGroupObjectId", "accessPolicyIds"):
        assert after[key] == before[key], key
    assert census(rehearsal) == {**WHOLE, "secrets": 4}, "what PlaceOS may be using is kept"

    looked = operator.types("roomctl recover --stack rehearsal")
    assert looked.code == 7
    assert looked.output.count("\nroomctl remove-secret ") == 2, "once the new secret was handed over"
