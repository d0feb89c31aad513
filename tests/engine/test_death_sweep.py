"""Every write of a stack's life, and any request at random, each with every kind of death."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from emulator.faults import Match
from tests.engine.death import Death, Moment, Operator, assert_whole, census
from tests.engine.rehearsal import Rehearsal, rehearsing

pytestmark = [pytest.mark.engine, pytest.mark.soak, pytest.mark.timeout(900)]

_ID = r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/appRoleAssignedTo/)[^/]+"


@dataclass(frozen=True)
class Chapter:
    """A part of a stack's life: what is before it, the command, how it ends, and how many writes it has."""

    before: Callable[[Rehearsal], None]
    command: str
    ends: Callable[[Rehearsal], None]
    writes: int


def _nothing(_: Rehearsal) -> None:
    pass


def _a_period_later(rehearsal: Rehearsal) -> None:
    clock = rehearsal.tenant.clock
    rehearsal.configure(rotationAnchor=f"{clock.now():%Y-%m-%d}", rotationPeriodDays=90)
    assert rehearsal.up().code == 0
    clock.advance(timedelta(days=90).total_seconds())


def _brought_up(rehearsal: Rehearsal) -> None:
    assert rehearsal.up().code == 0


def _destroyed(rehearsal: Rehearsal) -> None:
    done = rehearsal.destroy()
    assert done.code == 0, done.output
    assert census(rehearsal) == {
        "applications": 0, "principals": 0, "grants": 0, "secrets": 0, "groups": 1, "policies": 1,
    }  # fmt: skip


CHAPTERS = {
    "first run": Chapter(_nothing, "up", assert_whole, 17),
    "rotation": Chapter(_a_period_later, "up", assert_whole, 4),
    "destroy": Chapter(_brought_up, "destroy", _destroyed, 8),
}
_CASES = [(name, number) for name, chapter in CHAPTERS.items() for number in range(chapter.writes)]


@pytest.mark.parametrize("death", Death)
@pytest.mark.parametrize(("chapter", "number"), _CASES)
def test_death_at_every_write(rehearsal: Rehearsal, chapter: str, number: int, death: Death) -> None:
    write = [one for one in _requests(chapter) if _is_write(one)][number]
    _survives(rehearsal, CHAPTERS[chapter], _moment(chapter, write, "after"), death)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_sweep_knows_every_write(chapter: str) -> None:
    assert sum(map(_is_write, _requests(chapter))) == CHAPTERS[chapter].writes


@pytest.mark.parametrize("seed", range(20))
def test_death_at_random(rehearsal: Rehearsal, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 (it has to come the same again)
    chapter = dice.choice(sorted(CHAPTERS))
    requests = [one for one in _requests(chapter) if "/oauth2/" not in one["path"]]
    moment = _moment(chapter, dice.choice(requests), dice.choice(["before", "after"]))
    _survives(rehearsal, CHAPTERS[chapter], moment, dice.choice(sorted(Death)))


def _survives(rehearsal: Rehearsal, chapter: Chapter, moment: Moment, death: Death) -> None:
    chapter.before(rehearsal)
    operator = Operator(rehearsal)
    operator.dies(chapter.command, moment, death)
    if "roomctl handover --stack rehearsal" in operator.recovers():
        operator.recovers()  # a plugin's death looks like an older state: the removals come after that
    assert operator.recovers() == [], "once is enough"
    chapter.ends(rehearsal)


@cache
def _requests(chapter: str) -> list[dict[str, Any]]:
    """What the chapter asks of a tenant when nobody dies."""
    with TemporaryDirectory() as folder, rehearsing(Path(folder)) as rehearsal:
        CHAPTERS[chapter].before(rehearsal)
        begun = max((one["position"] for one in rehearsal.requests()), default=0)
        done = rehearsal.pulumi(CHAPTERS[chapter].command, "--yes", "--skip-preview")
        assert done.code == 0, done.output
        return rehearsal.requests(begun)


def _is_write(request: dict[str, Any]) -> bool:
    if cmdlet := request.get("cmdlet"):
        return not str(cmdlet).startswith(("Get-", "Test-"))
    return request["method"] != "GET" and "/oauth2/" not in request["path"]


def _moment(chapter: str, chosen: dict[str, Any], when: str) -> Moment:
    """The request by what it asks, whatever the ids are this time, and how many like it come first."""
    match = _match(chosen)
    earlier = [one for one in _requests(chapter) if one["position"] < chosen["position"]]
    skip = sum(match.covers(one["method"], one["path"], one.get("cmdlet")) for one in earlier)
    return Moment(match, skip, when)


def _match(request: dict[str, Any]) -> Match:
    if cmdlet := request.get("cmdlet"):
        return Match(cmdlet=str(cmdlet))
    parts = re.split(_ID, request["path"])
    return Match(method=request["method"], path=f"^{'[^/]+'.join(map(re.escape, parts))}$")


def test_an_application_that_was_left_half_made_and_passed_over(rehearsal: Rehearsal) -> None:
    """Its name is not the stack's yet, so the next run makes another beside it."""
    operator = Operator(rehearsal)
    named = Moment(Match(method="PATCH", path="^/v1.0/applications/[^/]+$"))
    assert operator.dies("up", named, Death.EVERYTHING)
    assert operator.types("pulumi cancel --yes --stack rehearsal").code == 0
    assert rehearsal.up().code == 0
    assert census(rehearsal)["applications"] == 2
    *_, removal = operator.recovers()
    assert removal.startswith("roomctl remove-application ")
    assert_whole(rehearsal)
