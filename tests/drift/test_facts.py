"""What a finding holds, as an entry of the accepted findings names it."""

from drift.facts import MOST, beyond, facts


def test_of_very_many_the_checksum_is_accepted() -> None:
    few, many = [f"{one:04}" for one in range(MOST)], [f"{one:04}" for one in range(MOST + 1)]
    assert facts(reversed(few)) == tuple(few)
    [said] = facts(many)
    assert said.startswith(f"{MOST + 1} in all, with the checksum ")
    assert facts([*many[1:], "another"]) != facts(many) == facts(reversed(many))
    assert facts([" b\n", "a", "a", ""]) == ("a", "b")


def test_what_is_beyond_is_what_should_not_be_there() -> None:
    assert beyond(("a", "b"), ("a",)) == ("b",)
    assert beyond(["a"], ["a", "b"]) == ()
    assert beyond("Open", "Closed") == ("Open",)
    assert beyond(["a"], None) == ("a",)
