"""Some of the drill in every run of the tests, all of it at night: `make drill` shows it to a person."""

import pytest

from tests.drill.cases import CASES, SAMPLE, Case
from tests.drill.drill import drill
from tests.engine.rehearsal import Rehearsal, brought_up

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]


@brought_up
@pytest.mark.parametrize(
    "case",
    [pytest.param(one, id=one.name, marks=() if one.done in SAMPLE else pytest.mark.soak) for one in CASES],
)
def test_it_is_found_named_rightly_and_gone_after_the_proposed_repair(
    rehearsal: Rehearsal, case: Case
) -> None:
    drill(case, rehearsal)
