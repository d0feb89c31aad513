"""What pull requests say of themselves: each report was read when it was recorded.

`RECORD_REVIEWS=1` writes the reports anew; read every line of `git diff` then.
"""

import os
import re
from pathlib import Path

import pytest
import yaml

from tests.in_process import roomctl
from tests.pull_requests.checkout import apply, merged
from tests.pull_requests.conftest import Applied

pytestmark = pytest.mark.engine

_HERE = Path(__file__).parent
REQUESTS = sorted((_HERE / "requests").glob("*.yaml"))
_RECORD = "RECORD_REVIEWS"
_SLOT = re.compile("secret-slot-[01]")
"""Which of the two is the older one depends on the day."""


@pytest.mark.parametrize("request_file", REQUESTS, ids=lambda file: file.stem)
def test_a_pull_request_tells_what_it_does(request_file: Path, applied: Applied, tmp_path: Path) -> None:
    asked = yaml.safe_load(request_file.read_text(encoding="utf-8"))
    tree = merged(tmp_path / "checkout")
    apply(asked["edits"], tree)
    variables = {**applied.variables, "PYTHONPATH": str(tree)}
    said = roomctl("review", "--stack", "dev", variables=variables, folder=tree)
    told = _SLOT.sub("secret-slot-*", said.stdout)
    recorded = _HERE / "reports" / f"{request_file.stem}.md"
    if os.environ.get(_RECORD):
        recorded.write_text(told, encoding="utf-8")
    assert told == recorded.read_text(encoding="utf-8"), said.stderr
    assert said.returncode == asked["exit"], said.stderr


def test_there_are_twenty_and_no_report_without_one():
    reports = {file.stem for file in (_HERE / "reports").glob("*.md")}
    assert reports == {file.stem for file in REQUESTS}
    assert len(reports) >= 20
