"""One comment and one status, whoever wrote the report."""

import io
import json
import zipfile
from typing import ClassVar

import pytest

from on_github.comment import MARKER
from on_github.looks import ARTIFACT
from tests.on_github.conftest import ROOT, Step
from tests.on_github.fake_github import NUMBER, SHA, FakeGitHub, at, zipped

WANTED = (
    "failure",
    "New access: wants the label access-approved, put on after reading the report.",
)
MISSING = ("failure", "Could not look, so nothing is known of what this change does.")


def ran(step: Step, *arguments: str, **variables: str) -> str:
    done = step(*arguments, **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_nothing_new_passes(github: FakeGitHub, step: Step) -> None:
    github.ran("0", "## PlaceOS access: prod\n\nNothing changes.\n")
    ran(step)
    assert github.status == ("success", "Nothing new.")
    assert github.statuses[-1]["context"] == "PlaceOS access"
    assert github.statuses[-1]["target_url"] == "https://github.example/runs/1"
    [text] = github.own_comments
    assert text.startswith(MARKER)
    assert "Nothing changes." in text


def test_the_comment_is_written_again_only_when_its_text_changes(github: FakeGitHub, step: Step) -> None:
    github.comments += [
        {"id": 1 + one, "user": {"login": "eve"}, "body": f"{MARKER}\nmine"} for one in range(100)
    ]
    github.ran("0", "Nothing changes.")
    ran(step)
    github.comments[-1]["body"] = github.comments[-1]["body"].strip().replace("\n", "\r\n")
    github.written.clear()
    github.ran("0", "Nothing changes.", minute=20)
    ran(step)
    assert github.written == [f"POST statuses/{SHA}"]
    github.ran("7", "New access.", minute=30)
    ran(step)
    [text] = github.own_comments
    assert "New access." in text
    assert "Nothing changes." not in text
    assert len(github.comments) == 101


@pytest.mark.parametrize(
    "left",
    [
        {"code": None},
        {"code": "1", "report": "**Could not look**"},
        {"code": "64"},
        {"code": "0", "report": " \n"},
        {"code": "0 ", "archive": b"PK no archive"},
        {"code": "0\n0"},
    ],
    ids=["nothing", "could not look", "usage", "no report", "no archive", "no code"],
)
def test_a_stale_comment_is_replaced_when_nobody_could_look(github: FakeGitHub, step: Step, left) -> None:
    github.ran("0", "Nothing changes.")
    ran(step)
    github.ran(**left, minute=20, conclusion="failure")
    ran(step)
    assert github.status == MISSING
    [text] = github.own_comments
    assert "Could not look" in text
    assert "Nothing changes." not in text


def test_what_an_earlier_attempt_left_does_not_stand_for_the_last(github: FakeGitHub, step: Step) -> None:
    github.ran("0")
    github.runs["review.yml"][0]["run_started_at"] = at(30)
    ran(step)
    assert github.status == MISSING


@pytest.mark.parametrize("files", [1, 3])
def test_an_archive_that_is_made_to_hurt_is_not_unpacked(github: FakeGitHub, step: Step, files: int) -> None:
    large = {f"{one}.sarif": " " * (3_000_000 // files) for one in range(files)}
    github.ran("0", archive=zipped({"report.md": "Nothing changes.", "code": "0", **large}))
    ran(step)
    assert github.status == MISSING


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_archive_is_no_answer(github: FakeGitHub, step: Step, method: int) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        archive.writestr("code", "0" * 200)
    data = bytearray(packed.getvalue())
    data[34:48] = b"\xff" * 14  # in the middle of what is compressed
    github.ran("0", archive=bytes(data))
    ran(step)
    assert github.status == MISSING


def test_a_review_that_runs_is_waited_for(github: FakeGitHub, step: Step) -> None:
    github.ran(None)
    github.runs["review.yml"][0] |= {"status": "in_progress", "conclusion": None}
    github.labels_it("ada", "write", 5)
    ran(step)
    assert github.status[0] == "pending"
    assert not github.comments
    assert github.labels


class TestLabel:
    def test_new_access_wants_it_from_somebody_who_may_write_after_the_report(
        self, github: FakeGitHub, step: Step
    ) -> None:
        github.ran("7")
        ran(step)
        assert github.status == WANTED
        github.labels_it("ada", "maintain", 20)
        ran(step)
        assert github.status == ("success", "New access; approved by ada.")
        assert "approved by ada" in github.own_comments[0]
        github.labels.clear()
        ran(step)
        assert github.status == WANTED

    def test_one_that_was_put_on_while_an_older_report_was_shown_approves_nothing(
        self, github: FakeGitHub, step: Step
    ) -> None:
        github.ran("7", "Report A.")
        ran(step)
        github.ran("7", "Report B.", minute=20)  # it is there, and not yet in the comment
        github.labels_it("ada", "write", 40)
        ran(step)
        assert github.status == WANTED
        assert not github.labels
        assert "Report B." in github.own_comments[0]
        github.labels_it("ada", "write", 50)
        ran(step)
        assert github.status == ("success", "New access; approved by ada.")

    @pytest.mark.parametrize(
        ("role", "minute"), [("write", 10), ("write", 11), ("triage", 20), ("read", 20), ("", 20)]
    )
    def test_another_is_taken_off(self, github: FakeGitHub, step: Step, role: str, minute: int) -> None:
        github.ran("7", minute=10)
        github.labels_it("eve", role, minute)
        ran(step)
        assert github.status == WANTED
        assert not github.labels

    def test_after_a_push_it_is_asked_for_again(self, github: FakeGitHub, step: Step) -> None:
        github.ran("7")
        github.labels_it("ada", "admin", 20)
        ran(step)
        github.ran("7", minute=30)
        ran(step)
        assert github.status == WANTED
        assert not github.labels

    def test_the_last_who_put_it_on_counts_and_other_labels_do_not(
        self, github: FakeGitHub, step: Step
    ) -> None:
        github.ran("7")
        github.events += [{"event": "labeled", "label": {"name": "bug"}, "actor": None}] * 120
        github.labels_it("ada", "write", 20)
        github.labels_it("eve", "read", 21)
        github.labels_it("ada", "write", 22, label="good first issue")
        ran(step)
        assert github.status == WANTED

    def test_it_is_no_answer_where_nobody_could_look(self, github: FakeGitHub, step: Step) -> None:
        github.ran("1")
        github.labels_it("ada", "write", 20)
        ran(step)
        assert github.status == MISSING


class TestOwnReport:
    @pytest.mark.parametrize(
        "file",
        [
            {"filename": "review/markdown.py"},
            {"filename": ".github/workflows/review.yml"},
            {"filename": "uv.lock"},
            {"filename": "rooms/Pulumi.prod.yaml"},
            {"filename": "policies/config/production.json"},
            {"filename": "docs/marks.py", "previous_filename": "marks.py"},
        ],
        ids=lambda file: file["filename"],
    )
    def test_who_changes_the_code_of_the_report_needs_somebody_who_read_it(
        self, github: FakeGitHub, step: Step, file
    ) -> None:
        github.files = [{"filename": "README.md"}] * 100 + [file]
        github.ran("0", "Nothing changes.")
        ran(step)
        assert github.status[0] == "failure"
        assert github.status[1].startswith("The code that makes the report is changed: wants the label")
        assert "Read that code" in github.own_comments[0]
        github.labels_it("ada", "write", 20)
        ran(step)
        assert github.status[0] == "success"

    @pytest.mark.parametrize("file", ["Pulumi.prod.yaml", "rooms/prod/rooms.csv", "docs/a.md", "tests/a.py"])
    def test_data_and_pages_do_not(self, github: FakeGitHub, step: Step, file: str) -> None:
        github.files = [{"filename": file}]
        github.ran("0")
        ran(step)
        assert github.status[0] == "success"

    def test_a_list_that_github_cut_is_not_trusted(self, github: FakeGitHub, step: Step) -> None:
        github.files = [{"filename": f"docs/{one}.md"} for one in range(3000)]
        github.ran("0")
        ran(step)
        assert github.status[0] == "failure"


class TestPreview:
    def test_it_takes_the_place_of_the_emulated_review(self, github: FakeGitHub, step: Step) -> None:
        github.ran("0", "Emulated.")
        github.ran("7", "Real.", workflow="preview.yml", minute=12)
        ran(step)
        assert github.status == WANTED
        [text] = github.own_comments
        assert "Real." in text
        assert "Emulated." not in text

    @pytest.mark.parametrize("code", ["1", None])
    def test_one_that_could_not_look_is_told_beside_the_emulated_review(
        self, github: FakeGitHub, step: Step, code
    ) -> None:
        github.ran("0", "Emulated.")
        github.ran(code, "Could not look.", workflow="preview.yml", conclusion="failure")
        ran(step)
        assert github.status == ("success", "Nothing new.")
        [text] = github.own_comments
        assert "Emulated." in text
        assert "preview against the stack's own state could not look" in text

    @pytest.mark.parametrize(
        ("code", "status"), [("7", WANTED), ("0", ("success", "Nothing new.")), ("1", MISSING)]
    )
    def test_it_does_not_hide_the_other_stacks(self, github: FakeGitHub, step: Step, code, status) -> None:
        github.ran(code, "Both, emulated.", stacks="prod test")
        github.ran("0", "Real prod.", workflow="preview.yml", minute=12)
        ran(step)
        assert github.status == status
        [text] = github.own_comments
        assert "Real prod." in text
        assert "Both, emulated." in text

    def test_it_waits_for_a_review_that_may_look_at_more(self, github: FakeGitHub, step: Step) -> None:
        github.ran(None)
        github.runs["review.yml"][0] |= {"status": "in_progress", "conclusion": None}
        github.ran("0", "Real.", workflow="preview.yml", minute=12)
        ran(step)
        assert github.status[0] == "pending"

    def test_one_that_was_skipped_or_waits_is_not_spoken_of(self, github: FakeGitHub, step: Step) -> None:
        github.ran("0", "Emulated.")
        github.ran(None, workflow="preview.yml", conclusion="skipped")
        ran(step)
        before = github.own_comments
        assert "preview" not in before[0]
        github.runs["preview.yml"][0] |= {"status": "waiting", "conclusion": None}
        ran(step)
        assert github.own_comments == before

    def test_a_label_from_before_it_does_not_approve_what_it_found(
        self, github: FakeGitHub, step: Step
    ) -> None:
        github.ran("7", "Emulated.", minute=10)
        github.labels_it("ada", "write", 20)
        github.ran("7", "Real.", workflow="preview.yml", minute=30)
        ran(step)
        assert github.status == WANTED


@pytest.mark.parametrize("head", [{"HEAD_SHA": "f" * 40}, {"HEAD_OWNER": "eve"}, {"BASE_BRANCH": "release"}])
def test_a_commit_that_is_no_head_any_more_is_left_alone(github: FakeGitHub, step: Step, head) -> None:
    github.ran("0")
    assert "nothing to do" in ran(step, **head)
    assert not github.written


def test_a_push_while_it_looks_gets_no_status_for_another_commit_s_files(
    github: FakeGitHub, step: Step
) -> None:
    github.ran("0")
    github.pushed_meanwhile = "f" * 40
    assert "has a new head" in ran(step)
    assert not github.written


def test_a_branch_may_be_called_as_it_likes(github: FakeGitHub, typed: Step, tmp_path) -> None:
    name = f"$(touch {tmp_path}/x)&state=closed;\"'`id`"
    github.pulls[0]["head"]["label"] = f"ada:{name}"
    github.ran("0")
    ran(typed, HEAD_BRANCH=name)
    assert github.status[0] == "success"
    assert not list(tmp_path.glob("x"))


def test_what_github_refuses_is_told_and_fails(github: FakeGitHub, step: Step, typed: Step) -> None:
    github.ran("0")
    done = typed(GITHUB_TOKEN="another")
    assert done.returncode == 1
    assert "401 Bad credentials" in done.stderr
    assert "Traceback" not in done.stderr
    assert "another" not in done.stderr
    unsafe = step(GITHUB_API_URL="http://localhost:1")
    assert unsafe.returncode == 1
    assert "is no https address" in unsafe.stderr
    nobody = step(GITHUB_API_URL="https://localhost:1")
    assert nobody.returncode == 1
    assert "Traceback" not in nobody.stderr


class TestReport:
    def test_a_long_one_is_cut_at_a_line(self, github: FakeGitHub, step: Step) -> None:
        github.ran("7", "## Head\n" + "- @ada & <b>\n" * 40_000)
        ran(step)
        [text] = github.own_comments
        assert "Cut here" in text
        assert len(text) <= 65_536


class TestFindings:
    OURS: ClassVar = {
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "roomctl review", "rules": []}},
                "automationDetails": {"id": "placeos-access/prod/"},
                "results": [],
            }
        ],
    }

    def test_they_go_to_the_head_of_this_pull_request(self, github: FakeGitHub, step: Step) -> None:
        github.ran("7", sarif=json.dumps(self.OURS).encode())
        ran(step, "findings")
        ref = f"refs/pull/{NUMBER}/head"
        assert github.findings == [{"commit_sha": SHA, "ref": ref, "log": self.OURS}]
        assert github.written == ["POST code-scanning/sarifs"]

    @pytest.mark.parametrize(
        ("ours", "theirs"),
        [("roomctl review", "CodeQL"), ("placeos-access/prod", "/language:python"), ("{", "[")],
    )
    def test_another_tool_s_are_left_out(
        self, github: FakeGitHub, step: Step, ours: str, theirs: str
    ) -> None:
        github.ran("7", sarif=json.dumps(self.OURS).replace(ours, theirs).encode())
        done = step("findings")
        assert done.returncode == 0, done.stderr
        assert "left out" in done.stderr
        assert not github.findings

    def test_where_code_scanning_is_off_that_is_told(self, github: FakeGitHub, step: Step) -> None:
        github.ran("7", sarif=json.dumps(self.OURS).encode())
        github.scanning = 403
        done = step("findings")
        assert done.returncode == 0
        assert "Code scanning is not enabled" in done.stderr
        github.scanning = 500
        assert step("findings").returncode == 1

    def test_what_could_not_look_has_none(self, github: FakeGitHub, step: Step) -> None:
        github.ran("1", sarif=json.dumps(self.OURS).encode())
        ran(step, "findings")
        assert not github.findings


def test_the_workflows_and_the_code_name_the_same_artifact() -> None:
    for name in ("review.yml", "preview.yml"):
        assert f"name: {ARTIFACT}\n" in (ROOT / ".github/workflows" / name).read_text()
