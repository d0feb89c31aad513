"""What a look holds against the code is not told against the state, which a refresh may have changed."""

import pytest

from drift.finding import Managed
from drift.looks import HELD, LOOKS
from drift.managed import Changed, managed
from drift.report import Report, report
from emulator.faults import Fault
from review.types import APPLICATION, CLIENT_SECRET, SECURITY_GROUP, VAULT_SECRET
from tests.components.recording import declare
from tests.drift.made import Made

RENAMED = Changed(APPLICATION, "placeos-identity-application", {"displayName": ("Rooms", "PlaceOS")})
DESCRIBED = Changed(APPLICATION, "placeos-identity-application", {"description": ("", "ours")})
INPUTS_OF_RUNS = {"preventDuplicateNames", "clientId", "adopted"}
"""What the program declares of these types and nobody can change in the tenant."""


def told(made: Made, *pulumi: Changed, who: str = "Reader", **code: object) -> Report:
    today = made.emulated.tenant.clock.now().date()
    return report(made.asking(who, **code), list(managed(pulumi, "dev")), (), today)


def test_the_state_has_no_say_where_the_code_has_one(made: Made) -> None:
    assert [one.subject for one in told(made, RENAMED, DESCRIBED).findings] == [
        "placeos-identity-application description"
    ]


def test_but_where_the_look_could_not_see_it_is_told(made: Made) -> None:
    path = {"path": rf"{made.application}$"}
    made.emulated.tenant.faults.add(
        [
            Fault.model_validate(
                {"match": {"path": r"/\$batch$"}, "status": 200, "body": {"responses": []}, "times": 99}
            ),
            Fault.model_validate({"match": path, "status": 403, "times": 99}),
        ]
    )
    assert "placeos-identity-application displayName" in [one.subject for one in told(made, RENAMED).findings]


def test_every_look_that_holds_something_is_one() -> None:
    assert HELD.keys() <= LOOKS.keys()


@pytest.mark.parametrize("kind", [APPLICATION, SECURITY_GROUP])
def test_whatever_the_program_declares_is_held_against_the_code(kind: str) -> None:
    [one] = declare().of(kind)
    held = frozenset().union(*HELD.values())
    loose = {name for name in one.inputs if Managed(kind, name) not in held and not name.startswith("__")}
    assert loose <= INPUTS_OF_RUNS


def test_what_left_the_state_is_told_unless_the_application_is_gone(made: Made) -> None:
    left = {"placeos-secret-slot-1": CLIENT_SECRET, "placeos-key-vault-value": VAULT_SECRET}
    found = told(made, unrecorded=left).findings
    assert [(one.rule, one.subject) for one in found] == [
        ("managed-gone", "placeos-key-vault-value"),
        ("secret-missing", "placeos-secret-slot-1"),
    ]
    assert [one.repair.splitlines() for one in found] == [
        ["pulumi up --refresh --stack dev"],
        ["pulumi up --refresh --stack dev", "roomctl handover --stack dev"],
    ]
    made.graph.delete(made.application)
    assert [one.rule for one in told(made, unrecorded=left).findings] == ["application-gone"]
