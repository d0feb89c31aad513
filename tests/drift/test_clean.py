"""What is as the code says is clean, and what could not be looked at never is."""

from tests.drift.made import Made


def test_a_tenant_that_is_as_the_code_says_is_clean(made: Made) -> None:
    told = made.reported()
    assert [one.what for one in told.findings] == []
    assert [(one.about, one.reason) for one in told.unseen] == []
    assert told.exit_code == 0
    assert told.reach
    assert (told.reach.can, told.reach.should, told.reach.everything) == (48, 48, False)
