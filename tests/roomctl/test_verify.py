"""`roomctl verify` before it asks anything: its options, and a stack that has nothing yet."""

import pytest

from tests.roomctl.conftest import Scene
from tests.roomctl.test_secrets import Desk, desk

__all__ = ["desk"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--wait", "2"], "'2' is no duration: write it as 90s, 30m or 2h"),
        (["--wait", "2 days"], "is no duration"),
        (["--wait", "25h"], "longer than a day"),
        (["--rooms", "some"], "write all, or how many rooms"),
        (["--rooms", "0"], "write all, or how many rooms"),
        (["--json", "--markdown"], "one of them"),
    ],
)
def test_wrong_usage(scene: Scene, options: list[str], says: str) -> None:
    done = scene.roomctl("verify", *options)
    assert done.returncode == 64
    assert says in done.stderr


def test_a_stack_without_credentials_has_nothing_to_verify(scene: Scene) -> None:
    done = scene.roomctl("verify")
    assert done.returncode == 1
    assert "there is nothing to verify. Run: pulumi up --stack dev" in done.stderr


def test_a_stack_whose_last_run_failed_has_nothing_to_verify(desk: Desk) -> None:
    done = desk.scene.roomctl("verify")
    assert done.returncode == 1
    assert "its last run failed" in done.stderr
