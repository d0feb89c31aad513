"""The whole look: what can't be told or is left ends it with 1, and no broken call takes others along."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.emulated import emulated
from tests.roomctl.conftest import Scene, scene
from tests.verify.stacks import ROOM, promise
from tests.verify.test_placeos_graph import DEVICES, Placeos
from tests.verify.test_second_opinion import unasked
from tests.verify.test_taking_away import answering
from verify.mode import Mode
from verify.outcome import Row, Verdict
from verify.promise import Slot
from verify.report import Outcome
from verify.second_opinion import SecondOpinion
from verify.verification import Verification
from wire import WireError

__all__ = ["answering", "emulated", "scene"]
BOTH = ("Calendars.ReadWrite", DEVICES)


@pytest.fixture
def verification(scene: Scene) -> Verification:
    """Of an application that holds what the stack promises, with two secrets; its one mailbox must open.

    People and groups are not asked for: there is no mailbox outside, whose owner would be asked for.
    """
    placeos, deployer = Placeos(scene, "Calendars.ReadWrite", "Place.Read.All"), scene.emulated.deployer
    secret = placeos.slot.secret
    slots = (Slot("slot-0, in use", "key-0", True, secret), Slot("slot-1", "key-1", False, secret))
    made = promise(
        client_id=placeos.promise.client_id, tenant_id=deployer.tenant_id,
        accepted=frozenset({"User.Read.All", "Group.Read.All"}), allowed=(ROOM,), refused=(), slots=slots,
    )  # fmt: skip

    def nobody() -> Any:
        raise AssertionError("neither Exchange nor Entra knows")

    opinions = SecondOpinion(made, nobody, nobody)
    return Verification(made, deployer.cloud, deployer.clock, opinions, lambda _: None)


def looked(verification: Verification, wait: timedelta = timedelta()) -> tuple[int, list[Row]]:
    """The exit code, and what is not as promised."""
    rows = tuple(verification.until_promised(wait))
    outcome = Outcome("prod", "client", Mode.POLICY, rows, "now")
    return outcome.exit_code, list(outcome.open_ones)


def test_all_as_promised(verification):
    assert looked(verification) == (0, [])


def test_what_a_proxy_answers_to_every_call_proves_nothing(scene, verification):
    page = {"status": 200, "text": "<html>", "headers": {"Content-Type": "text/html"}}
    scene.emulated.fault(path=r"^/v1\.0/", times=1000, **page)
    code, rows = looked(verification)
    assert code == 1
    assert {row.verdict for row in rows} == {Verdict.NOT_TOLD, Verdict.LEFT}
    assert {row.call for row in rows if row.verdict is Verdict.LEFT} == {"subscription", "create event"}
    assert {row.seen for row in rows if row.verdict is Verdict.NOT_TOLD} == {"200, text/html that is no JSON"}


@pytest.mark.usefixtures("answering")
def test_what_is_left_ends_it_with_1_and_no_second_look_leaves_another(scene, verification):
    scene.emulated.fault(path="/subscriptions/", status=403, times=1000)
    code, rows = looked(verification, timedelta(hours=2))
    [row] = rows
    [there] = scene.emulated.tenant.store.all("subscription")
    assert (code, row.verdict, row.call) == (1, Verdict.LEFT, "subscription")
    assert there["id"] in row.seen
    assert there["expirationDateTime"].removesuffix("Z") in row.seen
    assert there["id"] in row.advice


def test_a_call_and_a_sign_in_that_break_are_told_beside_the_rest(scene, verification):
    scene.emulated.fault(path="calendarGroups", status="reset", times=20)
    scene.emulated.fault(path="/token", status="reset", skip=1, times=1000)
    code, rows = looked(verification)
    assert code == 1
    assert [(row.slot, row.call, row.seen) for row in rows] == [
        ("slot-0, in use", "calendar groups", "no answer"),
        ("slot-1", "sign-in", "no answer"),
    ]
    assert all("it could not be asked: " in row.why for row in rows)


@pytest.mark.parametrize("wait", [timedelta(), timedelta(minutes=5)], ids=["one look", "until time is up"])
def test_when_nobody_could_be_asked_that_is_told_once(scene, verification, wait):
    started = verification.clock.now()
    scene.emulated.fault(path="/token", status="reset", times=1000)
    with pytest.raises(WireError):
        verification.until_promised(wait)
    assert verification.clock.now() - started >= wait


def test_a_sign_in_that_breaks_does_not_end_the_waiting(scene, verification):
    """Each slot's sign-in breaks for once, with all its repetitions; then it is as promised."""
    told = list[str]()
    scene.emulated.fault(path="/token", status="reset", times=30)
    assert looked(replace(verification, tell=told.append), timedelta(hours=2)) == (0, [])
    assert "0 of 2 as promised; sign-in: no answer; it could not be asked: " in told[0]


def test_a_tenant_without_intune_is_not_waited_for(scene: Scene) -> None:
    """Nobody else is asked about it either."""
    placeos, deployer, told = Placeos(scene, *BOTH), scene.emulated.deployer, list[str]()
    promise = replace(
        placeos.promise,
        tenant_id=deployer.tenant_id, permissions=frozenset(BOTH), slots=(placeos.slot,),
        refused=(),
    )  # fmt: skip
    looking = Verification(
        promise, deployer.cloud, deployer.clock, SecondOpinion(promise, unasked, unasked), told.append
    )
    started = deployer.clock.now()
    rows = looking.until_promised(timedelta(hours=2))
    [found] = [one for one in rows if one.call == "managed devices"]
    assert (found.verdict, found.seen) == (Verdict.NOT_AS_PROMISED, "400 BadRequest")
    assert found.why == "the tenant has no licence for Intune, so no permission opens this call"
    assert f"take {DEVICES} out of the setting permissions" in found.advice
    assert found.lost == "listing Intune's devices"
    assert told == []
    assert deployer.clock.now() - started < timedelta(minutes=1)
