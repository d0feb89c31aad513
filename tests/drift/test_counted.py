"""Numbers of things as people say them."""

import pytest

from drift.counted import counted


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 mailboxes"), (1, "1 mailbox"), (2, "2 mailboxes"), (4212, "4,212 mailboxes")]
)
def test_one_is_no_plural(count: int, said: str) -> None:
    assert counted(count, "mailbox", "mailboxes") == said


def test_an_s_is_enough_for_most() -> None:
    assert (counted(1, "member"), counted(2, "member")) == ("1 member", "2 members")
