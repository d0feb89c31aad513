"""What the engine shows when the program or a provider can't go on: a message, no traceback."""

import pytest

from emulator.faults import Fault
from tests.engine.rehearsal import Rehearsal

pytestmark = pytest.mark.engine

HOSTILE = "no\x1b[2J\u202e\nstill no\x9b"


def test_the_program_and_a_provider_that_fail_are_told_in_words(rehearsal: Rehearsal) -> None:
    clock = rehearsal.environment["CLOCK_ENDPOINT"]
    rehearsal.environment["CLOCK_ENDPOINT"] = "https://localhost:1"
    program = rehearsal.pulumi("preview")
    assert program.code != 0
    assert "Connection refused; check CLOCK_ENDPOINT." in program.output
    assert "Traceback" not in program.output
    assert "Program failed" not in program.output
    assert "fault of ours" not in program.output

    rehearsal.environment["CLOCK_ENDPOINT"] = clock
    refusal = {"error": {"code": "BadRequest", "message": HOSTILE}}
    match = {"cmdlet": "New-DistributionGroup"}
    rehearsal.tenant.faults.add([Fault.model_validate({"match": match, "status": 400, "body": refusal})])
    provider = rehearsal.up()
    assert provider.code != 0
    assert "Stopped: Exchange: New-DistributionGroup: no [2J still no." in provider.output
    for never in ("Traceback", "\x1b", "\u202e", "\x9b"):
        assert never not in provider.output
