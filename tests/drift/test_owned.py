"""What the principal owns: its own application is told with its owners, an existing one's is not compared."""

from tests.drift.made import Made
from tests.drift.tampering import TAMPERINGS


def test_its_own_application_is_told_once(made: Made) -> None:
    itself = {"@odata.id": made.graph.address(f"/v1.0/directoryObjects/{made.code.principal}")}
    made.graph.post(f"{made.application}/owners/$ref", itself)
    assert [one.rule for one in made.reported().findings] == ["owner-not-in-code"]


def test_what_an_existing_application_owns_is_not_compared(made: Made) -> None:
    TAMPERINGS["another application that it owns"].do(made)
    assert "owns-another" not in {one.rule for one in made.reported(existing=True).findings}
