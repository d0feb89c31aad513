"""What `roomctl review` looks like on a terminal."""

import sys

from tests.terminal.snapshots import looks_as_recorded


def test_a_review_in_which_everything_changes():
    shown = looks_as_recorded("roomctl-review", [sys.executable, "-m", "tests.terminal.shown_review"])
    assert {one.code for one in shown} == {0}
