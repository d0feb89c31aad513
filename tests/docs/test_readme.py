"""The README keeps its word: its commands run or exist, its excerpts are real, its tables are up to date."""

import re
import subprocess
from pathlib import Path

import pytest

from docs.tables import main
from tests.docs.commands import PAGES, README, REHEARSED, ROOT, WALKED, blocks, commands, section
from tests.docs.known_commands import check
from tests.docs.reader import copy_checkout, environment
from toolchain.versions import OLDEST_ENGINE

PROMISE = re.compile(r"No credential leaves the process .*? no policy narrows it\.", re.DOTALL)


def plain(text: str) -> str:
    """The text without what differs from run to run: line breaks, quote marks, times and ids."""
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", "THEN", text)
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", text)
    return " ".join(text.replace("\n> ", "\n").split())


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of this checkout as somebody else gets it."""
    copy_checkout(tmp_path / "checkout")
    return tmp_path / "checkout"


@pytest.mark.engine
@pytest.mark.timeout(900)
def test_a_newcomer_types_the_first_section_and_sees_what_it_shows(checkout):
    typed = commands(section(REHEARSED))
    assert "make test" in typed, "and that one is what runs this test"
    script = "\n".join(["set -euo pipefail", *(line for line in typed if line != "make test")])
    done = subprocess.run(
        ["bash", "-c", script], cwd=checkout, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    shown = [line for block in blocks(section(REHEARSED), "console") for line in block.splitlines() if line]
    assert shown
    for line in shown:
        assert plain(line) in plain(done.stdout), line
    assert not (checkout / ".dev").exists(), "make clean-tenant leaves nothing"


def test_the_review_that_is_shown_is_one_that_was_recorded():
    report = ROOT / "tests/pull_requests/reports/add-a-permission.md"
    [shown] = blocks(README.read_text(encoding="utf-8"), "markdown")
    told = report.read_text(encoding="utf-8").splitlines()
    assert all(line in told for line in shown.splitlines())


@pytest.mark.engine
@pytest.mark.parametrize(
    "command",
    sorted({line for page in PAGES for line in commands(page.read_text())} - set(commands(section(WALKED)))),
)
def test_every_command_exists_with_its_options(command):
    check(command)


@pytest.mark.engine
@pytest.mark.parametrize(
    "command",
    [
        "make everything",
        "pulumi refresh --expect-nothing",
        "pulumi refrehs",
        "pulumi config set allowRemoval 3",
        "roomctl doctor",
        "kubectl get pods",
        ".venv/bin/python -m toolchain run -- pulumi stack outptu",
        "export ARM_CLIENT_SECRETS=x",
    ],
)
def test_a_command_that_does_not_exist_is_noticed(command):
    with pytest.raises(AssertionError):
        check(command)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_tables_are_up_to_date(page):
    assert main(["--check", str(page)]) == 0


def test_the_promise_is_said_in_the_same_words_everywhere():
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "SECURITY.md")]
    said = [plain(promise) for text in texts for promise in PROMISE.findall(text)]
    assert len(said) == len(texts)
    assert len(set(said)) == 1


def test_the_oldest_engine_is_the_one_that_is_accepted():
    assert f"Pulumi {OLDEST_ENGINE.rpartition('.')[0]} or newer" in README.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    headings = {
        path: {
            re.sub(r"[^a-z0-9 -]", "", line.lstrip("# ").lower()).replace(" ", "-")
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.startswith("#")
        }
        for path in PAGES
    }
    for target in re.findall(r"\]\((?!https://)([^)]+)\)", page.read_text(encoding="utf-8")):
        name, _, anchor = target.partition("#")
        found = (page.parent / name).resolve() if name else page
        assert found.exists(), target
        assert not anchor or anchor in headings[found], target
