"""When it stops waiting: what no time brings is told at once."""

from dataclasses import replace
from datetime import timedelta

from tests.emulated import emulated
from tests.roomctl.conftest import Scene, scene
from tests.verify.test_placeos_graph import DEVICES, Placeos
from tests.verify.test_second_opinion import unasked
from verify.outcome import Verdict
from verify.second_opinion import SecondOpinion
from verify.verification import Verification

__all__ = ["emulated", "scene"]
BOTH = ("Calendars.ReadWrite", DEVICES)


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
