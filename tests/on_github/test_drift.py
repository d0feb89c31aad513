"""One issue a stack, open while there is drift; a look that failed neither opens, changes nor closes one."""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from werkzeug import Response

from on_github.__main__ import main
from on_github.drift_looks import ARTIFACT, JOB
from tests.fake_service import reply
from tests.on_github.conftest import ROOT
from tests.on_github.fake_github import BOT, LOOKS, FakeGitHub, zipped

WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/drift.yml").read_text())
MARKER = "<!-- placeos-drift: prod -->"
REPAIR = "- Repair:\n  ```\n  az rest --url https://graph.microsoft.com/v1.0\n  ```\n"
GAP = "\N{ZERO WIDTH SPACE}"
[STEP] = [one for one in WORKFLOW["jobs"]["issues"]["steps"] if "run" in one]


@dataclass
class Done:
    code: int
    out: str
    err: str
    summary: str


Tell = Callable[..., Done]


@pytest.fixture
def tell(
    github: FakeGitHub, variables: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Tell:
    """Run what the job runs, with what the workflow and the runner set."""
    words = STEP["run"].split()
    assert words[:3] == ["python3", "-m", "on_github"]
    assert STEP["env"].keys() == {"GITHUB_TOKEN", "STACKS"}
    summary = tmp_path / "summary.md"

    def run(*stacks: str, text: str = "") -> Done:
        summary.write_text("")
        github.written.clear()
        told = {"GITHUB_RUN_ID": str(LOOKS), "GITHUB_STEP_SUMMARY": str(summary)}
        told["STACKS"] = text or json.dumps(stacks or ["prod"])
        code = main(words[3:], {**variables, **told})
        said = capsys.readouterr()
        return Done(code, said.out, said.err, summary.read_text())

    return run


@pytest.fixture
def opened(github: FakeGitHub, tell: Tell) -> int:
    """The number of the issue of the stack prod."""
    github.looked()
    assert tell().code == 7
    github.written.clear()
    return int(github.issues[-1]["number"])


def test_drift_opens_an_issue_and_the_run_is_red(github: FakeGitHub, tell: Tell) -> None:
    github.looked()
    done = tell()
    assert done.code == 7
    [issue] = github.issues
    assert issue["title"] == "PlaceOS drift: prod"
    assert issue["body"].startswith(MARKER)
    assert "## PlaceOS drift: prod\n\n- Mail.Send is consented" in issue["body"]
    assert issue["labels"] == [{"name": "placeos-drift"}]
    assert github.known_labels["placeos-drift"]["description"], "made before, not by the way"
    assert f"| prod | **drift** | [#100]({issue['html_url']}) |" in done.summary
    assert f"::error title=PlaceOS drift: prod::See {issue['html_url']}\n" in done.out
    assert not github.comments


def test_the_same_text_changes_nothing_and_tells_nobody(github: FakeGitHub, tell: Tell, opened: int) -> None:
    github.issues[0]["body"] = github.issues[0]["body"].strip().replace("\n", "\r\n")
    github.issues[0]["labels"] = []
    github.issues[0]["title"] = "Somebody gave it another title"
    done = tell()
    assert done.code == 7
    assert not github.written


def test_what_changed_is_told_to_who_watches(github: FakeGitHub, tell: Tell, opened: int) -> None:
    github.looked(
        "7", f"### 1. high: a-rule\n\n- Mail.Send is consented\n- Room A is gone\n\n{REPAIR}", minute=20
    )
    assert tell().code == 7
    [issue] = github.issues
    assert f"- Room A is gone\n\n{REPAIR.strip()}" in issue["body"], "a command that can be copied"
    [said] = github.comments_on(opened)
    assert said.endswith("**New**:\n- Room A is gone\n- Repair:\n")
    assert f"runs/{LOOKS}" in said
    assert github.written == [f"POST issues/{opened}/comments", f"PATCH issues/{opened}"]
    accepted = "| What | Until |\n|---|---|\n| Mail.Send is consented | 2026-03-01 |\n"
    github.looked("7", f"### 1. high: a-rule\n\n- Room A is gone\n\n{REPAIR}\n{accepted}", minute=30)
    tell()
    assert github.comments_on(opened)[-1].endswith(
        "**New**:\n- What | Until\n- Mail.Send is consented | 2026-03-01\n\n"
        "**Gone**:\n- Mail.Send is consented\n"
    )


def test_what_was_not_looked_at_is_not_told_as_gone(github: FakeGitHub, tell: Tell, opened: int) -> None:
    github.looked("7", "- Another\n\n### Not looked at\n\n- **Exchange**: no route\n", minute=20)
    assert tell().code == 7
    [said] = github.comments_on(opened)
    assert "**Gone**" not in said
    assert "**Not told any more, but not everything could be looked at**:\n- Mail.Send is consented\n" in said


@pytest.mark.parametrize(
    ("unseen", "gone"),
    [
        ("", "Not shown any more"),
        ("### Not looked at\n\n- x\n\n", "Not shown any more, but not everything could be looked at"),
    ],
)
def test_what_falls_below_the_cut_is_not_told_as_gone(
    github: FakeGitHub, tell: Tell, opened: int, unseen: str, gone: str
) -> None:
    others = "".join(f"- {'y' * 400} {one}\n" for one in range(200))
    github.looked("7", f"{unseen}{others}- Mail.Send is consented\n", minute=20)
    tell()
    said = github.comments_on(opened)[-1]
    assert said.endswith(f"**{gone}**:\n- Mail.Send is consented\n")
    assert "**Shown now**" in said
    github.looked(minute=30)
    tell()
    said = github.comments_on(opened)[-1]
    assert "**Shown now**:\n- Mail.Send is consented\n" in said, "it was there, below the cut"


def test_what_is_not_named_any_more_is_not_told_as_gone(github: FakeGitHub, tell: Tell, opened: int) -> None:
    github.looked("7", "- Another\n- and 1 more like these (checksum 0123abcd)\n", minute=20)
    tell()
    assert github.comments_on(opened)[-1].endswith("**Not shown any more**:\n- Mail.Send is consented\n")


def test_a_change_beyond_the_cut_and_a_long_one_are_told(github: FakeGitHub, tell: Tell) -> None:
    lines = "".join(f"- finding {one} @ada {'&' * 20}\n" for one in range(3000))
    github.looked("7", lines)
    tell()
    github.looked("7", f"{lines}- another\n", minute=20)
    tell()
    [said] = github.comments_on(100)
    assert "The report changed" in said
    github.looked("7", "".join(f"- other {one} {'x' * 400}\n" for one in range(3000)), minute=30)
    tell()
    said = github.comments_on(100)[-1]
    assert "more lines" in said
    assert len(said) < 20_000


def test_when_it_is_clean_the_issue_is_closed_and_the_next_drift_is_a_new_one(
    github: FakeGitHub, tell: Tell, opened: int
) -> None:
    github.looked("0", "Clean.\n", minute=20)
    done = tell()
    assert done.code == 0
    assert (github.issues[0]["state"], github.issues[0]["state_reason"]) == ("closed", "completed")
    assert "Clean: the tenant is as the code says." in github.comments_on(opened)[-1]
    assert "| prod | clean |  |" in done.summary
    assert "::error" not in done.out
    assert tell().code == 0
    assert not github.written
    github.looked(minute=30)
    tell()
    assert [one["state"] for one in github.issues] == ["closed", "open"]


LEFT = {
    "its job failed": {"code": "7", "conclusion": "failure"},
    "its job failed, and it says clean": {"code": "0", "conclusion": "failure"},
    "it was cancelled": {"code": "0", "conclusion": "cancelled"},
    "nothing": {"code": None},
    "could not look": {"code": "1"},
    "usage": {"code": "64"},
    "no report": {"code": "0", "report": ""},
    "no archive": {"code": "0", "archive": b"PK no archive"},
    "made to hurt": {
        "code": "0",
        "archive": zipped({"report.md": "## PlaceOS drift: prod\n", "code": "0", "x": " " * 3_000_000}),
    },
    "another stack": {"code": "0", "of": "prod-contoso"},
    "no code": {"code": "0\n0"},
}


@pytest.mark.parametrize("left", LEFT.values(), ids=LEFT)
def test_a_look_that_failed_leaves_the_issue_as_it_is_with_one_note(
    github: FakeGitHub, tell: Tell, opened: int, left
) -> None:
    before = github.issues[0]["body"]
    github.looked(**left, minute=20)
    done = tell()
    assert done.code == 1
    assert "::error title=PlaceOS could not look: prod::" in done.out
    assert "| prod | **could not look**: " in done.summary
    [issue] = github.issues
    assert issue["state"] == "open"
    begin, _, rest = before.partition("\n\n")
    assert issue["body"].startswith(f"{begin}\n\n")
    assert issue["body"].endswith(rest)
    assert issue["body"].count("**Could not look since 2026-01-05T04:47:00Z.**") == 1
    assert not github.comments, "a comment would be a mail"
    github.day = 6
    github.issues[0]["body"] = github.issues[0]["body"].strip().replace("\n", "\r\n")
    assert tell().code == 1
    assert not github.written


@pytest.mark.parametrize("left", LEFT.values(), ids=LEFT)
def test_a_look_that_failed_opens_none(github: FakeGitHub, tell: Tell, left) -> None:
    github.looked(**left)
    assert tell().code == 1
    assert not github.written


def test_after_it_the_note_goes_and_only_another_text_is_told(
    github: FakeGitHub, tell: Tell, opened: int
) -> None:
    before = github.issues[0]["body"]
    github.looked("1", minute=20)
    tell()
    github.looked(minute=30)
    assert tell().code == 7
    assert github.issues[0]["body"] == before
    assert not github.comments
    github.looked("1", minute=40)
    tell()
    github.looked("7", "- Another\n", minute=45)
    tell()
    assert "Could not look" not in github.issues[0]["body"]
    [said] = github.comments_on(opened)
    assert said.endswith("**New**:\n- Another\n\n**Gone**:\n- Mail.Send is consented\n")


def test_a_job_that_is_not_in_the_run_was_no_look(github: FakeGitHub, tell: Tell, opened: int) -> None:
    github.jobs.clear()
    done = tell()
    assert done.code == 1
    assert "the run has no job for it" in done.summary


def test_what_an_earlier_attempt_left_stands_only_for_a_job_that_was_not_repeated(
    github: FakeGitHub, tell: Tell
) -> None:
    github.looked("0", stack="a", minute=10)
    github.looked("0", stack="b", minute=10)
    github.looked(None, stack="b", minute=30)
    done = tell("a", "b")
    assert done.code == 1
    assert "| a | clean |" in done.summary
    assert "| b | **could not look**" in done.summary


def test_an_old_run_that_is_repeated_tells_nothing(github: FakeGitHub, tell: Tell, opened: int) -> None:
    github.looked("0", minute=20)
    github.ended_looks = [LOOKS + 1, LOOKS - 1]
    done = tell()
    assert done.code == 1
    assert "A later run has looked since" in done.err
    assert not github.written
    github.ended_looks = [LOOKS - 1]
    assert tell().code == 0


class TestWhose:
    @pytest.mark.parametrize(
        "found",
        [
            {"login": "eve", "body": f"{MARKER}\nmine"},
            {"body": f"see {MARKER}"},
            {"body": "<!-- placeos-drift: prod-contoso -->"},
            {"body": None},
            {"body": MARKER, "pull_request": {"url": "https://github.example/pulls/100"}},
        ],
        ids=["a person's", "marker elsewhere", "another stack's", "no body", "a pull request"],
    )
    def test_another_of_the_same_title_is_not_touched(self, github: FakeGitHub, tell: Tell, found) -> None:
        github.has_issue(**found)
        before = dict(github.issues[0])
        github.looked("0")
        assert tell().code == 0
        github.looked("7", minute=20)
        assert tell().code == 7
        assert github.issues[0] == before
        assert len(github.issues) == 2

    def test_it_is_found_behind_many_others(self, github: FakeGitHub, tell: Tell) -> None:
        for _ in range(130):
            github.has_issue("Another workflow's.")
        github.looked()
        tell()
        tell()
        assert len(github.issues) == 131
        assert not github.written

    def test_of_two_the_older_is_kept(self, github: FakeGitHub, tell: Tell, opened: int) -> None:
        other = github.has_issue(github.issues[0]["body"])
        assert tell().code == 7
        assert [one["state"] for one in github.issues] == ["open", "closed"]
        assert github.comments_on(other) == [f"The same as #{opened}."]
        github.has_issue(github.issues[0]["body"])
        github.looked("0", minute=20)
        tell()
        assert {one["state"] for one in github.issues} == {"closed"}


class TestReport:
    def test_it_is_made_harmless(self, github: FakeGitHub, tell: Tell) -> None:
        github.looked("7", "- @ada <!-- could not look --> [x](https://evil.example) #12\n")
        tell()
        github.looked("7", "- @eve <b>\n", minute=20)
        tell()
        shown = github.issues[0]["body"] + github.comments_on(100)[0]
        for bad in ("@ada", "@eve", "https://evil", "#12", "<!-- could", "<b>"):
            assert bad not in shown
        assert f"@{GAP}eve &lt;b>" in shown

    def test_code_is_not_repeated_in_the_comment(self, github: FakeGitHub, tell: Tell) -> None:
        github.looked("7", "- One\n")
        tell()
        github.looked("7", "- Two\n\n```\n- @ada\n```\n", minute=20)
        tell()
        assert "```\n- @ada\n```" in github.issues[0]["body"], "there it acts on nothing"
        assert "@ada" not in github.comments_on(100)[0]

    def test_a_long_one_is_cut(self, github: FakeGitHub, tell: Tell) -> None:
        github.looked("7", "- @ada & <b>\n" * 40_000)
        assert tell().code == 7
        assert "Cut here" in github.issues[0]["body"]
        github.looked("1", minute=20)
        tell()
        assert "Could not look since" in github.issues[0]["body"]

    def test_a_name_with_an_underscore_is_escaped_in_it(self, github: FakeGitHub, tell: Tell) -> None:
        github.looked("0", stack="contoso/rooms/prod_1", of="contoso/rooms/prod\\_1")
        github.looked("0", stack="prod_2", of="prod\\_2")
        assert tell("contoso/rooms/prod_1", "prod_2").code == 0


class TestManyStacks:
    def test_each_has_its_issue_and_all_are_in_one_table(self, github: FakeGitHub, tell: Tell) -> None:
        stacks = [f"prod-{one:03}" for one in range(110)]
        for one in stacks:
            github.looked("0", stack=one)
        github.looked("7", stack="prod-007", minute=20)
        github.looked("7", stack="prod-108", minute=20)
        done = tell(*stacks)
        assert done.code == 7
        assert [one["title"][-8:] for one in github.issues] == ["prod-007", "prod-108"]
        assert done.summary.count("| clean |") == 108
        assert done.summary.count("**drift**") == 2
        github.looked("1", stack="prod-000", minute=30)
        done = tell(*stacks)
        assert done.code == 7, "what was found outranks what could not be looked at"
        assert done.summary.count("**could not look**") == 1

    def test_one_that_left_the_list_keeps_its_issue_and_is_named(
        self, github: FakeGitHub, tell: Tell, opened: int
    ) -> None:
        github.looked("0", stack="test")
        done = tell("test")
        assert done.code == 0
        assert "| prod | not in the list | [#100]" in done.summary
        assert not github.written

    @pytest.mark.parametrize(
        "text",
        ["", "prod", "[]", "{}", '"prod"', "[1]", '["a b"]', '["a", "org/a"]', '["-->"]', "[" * 100_000],
    )
    def test_a_list_that_is_none_is_no_clean_run(self, github: FakeGitHub, tell: Tell, text: str) -> None:
        done = tell(text=text or " ")
        assert done.code == 1
        assert "error: " in done.err
        assert not github.written


class TestRefusals:
    def test_when_github_says_after_how_long_it_is_asked_again(self, github: FakeGitHub, tell: Tell) -> None:
        slow = {"message": "You have exceeded a secondary rate limit."}
        github.refusals["POST issues"] = deque([reply(slow, 403, {"Retry-After": "0"})] * 3)
        github.looked()
        assert tell().code == 7
        assert len(github.issues) == 1

    @pytest.mark.parametrize(
        "refusal",
        [
            reply({"message": "API rate limit exceeded"}, 403, {"X-RateLimit-Remaining": "0"}),
            reply({"message": "slow down"}, 429, {"Retry-After": "4000"}),
            reply({"message": "boom"}, 502, {"Retry-After": "0"}),
        ],
    )
    def test_one_stack_that_can_t_be_told_keeps_no_other_from_it(
        self, github: FakeGitHub, tell: Tell, refusal: Response
    ) -> None:
        for one in ("a", "b"):
            github.looked(stack=one)
        github.refusals["POST issues"] = deque([refusal])
        done = tell("a", "b")
        assert done.code == 7, "b has drifted"
        assert [one["title"] for one in github.issues] == ["PlaceOS drift: b"]
        assert (
            "| a | **could not look**: It has drifted. Its issue was not written: POST issues: "
            in done.summary
        )
        assert "Traceback" not in done.err
        tell("a", "b")
        assert [one["title"][-1] for one in github.issues] == ["b", "a"]

    def test_a_repository_without_issues_is_told(self, github: FakeGitHub, tell: Tell) -> None:
        off = reply({"message": "Issues has been disabled in this repository."}, 410)
        github.refusals["GET issues"] = deque([off])
        github.looked()
        done = tell()
        assert done.code == 1
        assert "410 Issues has been disabled" in done.err

    def test_a_comment_that_is_refused_is_made_up_for(
        self, github: FakeGitHub, tell: Tell, opened: int
    ) -> None:
        github.refusals[f"POST issues/{opened}/comments"] = deque([reply({"message": "boom"}, 500)])
        github.looked("7", "- Another\n", minute=20)
        assert tell().code == 1
        assert tell().code == 7
        [said] = github.comments_on(opened)
        assert "Another" in said
        assert "Another" in github.issues[0]["body"]


def test_the_workflow_and_the_code_name_the_same_job_and_artifact() -> None:
    look = WORKFLOW["jobs"]["look"]
    assert look["name"] == f"{JOB}${{{{ matrix.stack }}}}"
    [upload] = [one["with"] for one in look["steps"] if "upload-artifact" in one.get("uses", "")]
    assert upload["name"] == f"{ARTIFACT}${{{{ steps.drift.outputs.name }}}}"
    assert BOT == "github-actions[bot]"
