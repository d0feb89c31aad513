"""`roomctl review` with a Pulumi that tells what a test wants told."""

import json
import os
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import review
from tests.in_process import roomctl
from tests.review.stack import Stack, clean

SCHEMA = json.loads(Path(review.__file__).with_name("report.schema.json").read_text(encoding="utf-8"))
SUMMARY: dict[str, Any] = {"summaryEvent": {"resourceChanges": {}}}
REFUSES, ADVISES = "own-resource-types", "owners-set"

# Answers as Pulumi does, from the folder that it is in; a preview writes the log that it is asked for.
_PULUMI = """#!/bin/sh
here=$(dirname "$0")
case "$1 $2" in
  "stack --show-name") cat "$here/name" ;;
  "stack history") cat "$here/history.json" ;;
  "preview --non-interactive")
    echo "$@" > "$here/asked"
    while [ "$1" != --event-log ]; do shift; done
    if [ -e "$here/events.jsonl" ]; then cp "$here/events.jsonl" "$2"; fi
    cat "$here/stderr" >&2
    exit "$(cat "$here/code")" ;;
  *) echo "unexpected: $*" >&2; exit 255 ;;
esac
"""


@dataclass
class Desk:
    """A project, and what its Pulumi says."""

    folder: Path

    def tells(self, file: str, text: str) -> None:
        (self.folder / file).write_text(text, encoding="utf-8")

    def plans(self, after: Stack, before: Stack | None = None, *events: dict[str, Any]) -> None:
        """The engine plans this."""
        old = (before or clean()).states
        steps = [
            {"op": "update", "urn": "", "old": old.get(name), "new": after.states.get(name)}
            for name in [*after.states, *(old.keys() - after.states.keys())]
        ]
        pre = [{"resourcePreEvent": {"metadata": step}} for step in steps]
        self.logs(prelude(), *pre, *events, SUMMARY)

    def logs(self, *events: Any, end: str = "\n") -> None:
        self.tells("events.jsonl", "\n".join(json.dumps(event) for event in events) + end)

    def fails(self, said: str = "", code: int = 255) -> None:
        self.tells("stderr", said)
        self.tells("code", str(code))

    def reviews(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        path = f"{self.folder}{os.pathsep}{os.environ['PATH']}"
        return roomctl("review", *arguments, variables={"PATH": path}, folder=self.folder)


def prelude(**settings: str) -> dict[str, Any]:
    return {"preludeEvent": {"config": {f"placeos-m365:{key}": value for key, value in settings.items()}}}


def history(**entries: dict[str, Any]) -> str:
    config = {f"placeos-m365:{key}": entry for key, entry in entries.items()}
    return json.dumps([
        {"kind": "update", "result": "failed", "config": {}},
        {"kind": "refresh", "result": "succeeded", "config": {}},
        {"kind": "update", "result": "succeeded", "config": config},
    ])  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    pulumi = tmp_path / "pulumi"
    pulumi.write_text(_PULUMI)
    pulumi.chmod(pulumi.stat().st_mode | stat.S_IXUSR)
    config = tmp_path / "policies/config/default.json"
    config.parent.mkdir(parents=True)
    config.write_text(json.dumps({ADVISES: {"enforcementLevel": "advisory"}}))
    (tmp_path / "policies/rules").mkdir()
    for rule in (ADVISES, REFUSES, "single-tenant"):
        (tmp_path / "policies/rules" / f"{rule.replace('-', '_')}.py").touch()
    made = Desk(tmp_path)
    made.tells("name", "organization/placeos-m365/dev\n")
    made.tells("history.json", history())
    made.fails("", 0)
    made.plans(clean())
    return made


def violation(rule: str, message: str, urn: str = "urn:pulumi:dev::p::t::application") -> dict[str, Any]:
    return {"policyEvent": {"policyName": rule, "resourceUrn": urn, "message": message}}


def diagnostic(message: str, severity: str = "error") -> dict[str, Any]:
    return {"diagnosticEvent": {"message": message, "severity": severity}}


def test_nothing_changes(desk):
    done = desk.reviews("--stack", "dev")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("## PlaceOS access: dev\n\nNothing changes.\n")
    assert done.stdout.endswith("Compared with what Pulumi has recorded of the stack.\n")
    asked = (desk.folder / "asked").read_text()
    assert asked.startswith("preview --non-interactive --event-log ")
    assert asked.endswith("--stack dev\n")
    assert f"--policy-pack {desk.folder}/policies --policy-pack-config " in asked


def test_new_access_is_seven_in_every_form(desk):
    desk.plans(clean().grants("Mail.Send"))
    done = desk.reviews("--sarif", "found.sarif")
    assert (done.returncode, "**New access.**" in done.stdout) == (7, True)
    [run] = json.loads((desk.folder / "found.sarif").read_text())["runs"]
    [result] = run["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "Pulumi.dev.yaml"
    done = desk.reviews("--json")
    found = json.loads(done.stdout)
    Draft202012Validator(SCHEMA).validate(found)
    assert (done.returncode, found["verdict"]) == (7, "new access")


def test_less_access_is_fine(desk):
    desk.plans(clean(), clean().grants("Mail.Send"))
    assert desk.reviews().returncode == 0


def test_what_the_pack_says(desk):
    desk.plans(
        clean(),
        None,
        violation(ADVISES, "\nDescription.\n  Advice,\n in two lines.\n"),
        violation(REFUSES, "Only one line."),
        violation(REFUSES, "Only one line."),
        violation(REFUSES, "For all.", urn=""),
    )
    done = desk.reviews("--json")
    assert done.returncode == 7
    found = json.loads(done.stdout)
    assert found["verdict"] == "refused by policy"
    assert [tuple(one.values()) for one in found["policy"]] == [
        (REFUSES, "application", "Only one line.", True),
        (REFUSES, "the stack", "For all.", True),
        (ADVISES, "application", "Advice, in two lines.", False),
    ]


def test_the_settings_of_the_last_update_that_succeeded(desk):
    before: dict[str, Any] = {
        "name": {"value": "a"},
        "password": {"value": "cipher", "secret": True},
        "empty": {},
    }
    desk.tells("history.json", history(**before))
    desk.logs(prelude(name="b", password="[secret]"), SUMMARY)
    done = desk.reviews("--json")
    assert (done.returncode, "cipher" in done.stdout) == (0, False)
    assert json.loads(done.stdout)["settings"] == [{"key": "name", "before": "a", "after": "b"}]


@pytest.mark.parametrize("told", ["[]", "null", '[{"kind": "update", "result": "failed"}]'])
def test_a_stack_without_an_update_that_succeeded(desk, told):
    desk.tells("history.json", told)
    assert "### Not seen\n\n- Which settings differ: the history of the stack" in desk.reviews().stdout
    desk.plans(clean(), Stack())
    assert "Not seen" not in desk.reviews().stdout, "a stack that is new has no history"


@pytest.mark.parametrize(
    ("said", "events", "reason"),
    [
        ("error: no stack named 'dev' found\n", None, "no stack named 'dev' found"),
        ("", None, "pulumi preview ended with 255 and gave no reason."),
        ("error: preview failed", [diagnostic("no right: User.Read.All\n")], "no right: User.Read.All"),
        ("error: preview failed", [diagnostic(" "), diagnostic("just so", "warning")], "preview failed"),
        ("", [diagnostic("twice"), diagnostic("twice"), diagnostic("once")], "twice\nonce"),
    ],
)  # fmt: skip
def test_an_engine_that_fails_says_why_and_no_older_report_stands(desk, said, events, reason):
    desk.fails(said)
    (desk.folder / "events.jsonl").unlink()
    if events:
        desk.logs(*events)
    desk.tells("found.sarif", "of an earlier review")
    done = desk.reviews("--stack", "dev", "--sarif", "found.sarif")
    assert (done.returncode, done.stderr) == (1, f"error: {reason}\n")
    assert done.stdout.startswith("## PlaceOS access: dev\n\n**Could not look**")
    assert not (desk.folder / "found.sarif").exists()
    assert "the selected stack" in desk.reviews().stdout


def test_for_machines_a_failure_prints_nothing_but_the_error(desk):
    desk.fails("error: no right")
    done = desk.reviews("--json")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "error: no right\n")


def test_half_a_line_of_an_engine_that_died(desk):
    desk.logs(diagnostic("out of disk"), prelude(), end='\n{"resourcePre')
    desk.fails("killed", 137)
    assert desk.reviews().stderr == "error: out of disk\n"


@pytest.mark.parametrize("end", ["", '\n{"summaryEv', f'\n{{"half\n{json.dumps(SUMMARY)}\n'])
def test_a_plan_that_is_not_whole_is_no_plan(desk, end):
    desk.logs(prelude(), end=end)
    done = desk.reviews()
    assert done.returncode == 1
    assert "the engine told its plan only in part" in done.stderr
    assert "Nothing changes" not in done.stdout


def test_no_log_at_all_is_no_plan(desk):
    (desk.folder / "events.jsonl").unlink()
    assert desk.reviews().returncode == 1


@pytest.mark.parametrize(
    "event", [{"resourcePreEvent": {}}, {"resourcePreEvent": {"metadata": []}}, {"preludeEvent": None}]
)
def test_events_of_an_engine_that_is_too_new(desk, event):
    desk.logs(event, SUMMARY)
    done = desk.reviews()
    assert done.returncode == 1
    assert "the engine's events are not as this review knows them" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("file", ["no-folder/found.sarif", "policies"])
def test_findings_that_can_not_be_written(desk, file):
    desk.plans(clean().grants("Mail.Send"))
    done = desk.reviews("--sarif", file)
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {file} can't be written: ")
    assert done.stderr.endswith(" Make its folder, or name another file.\n")
    assert "**New access.**" not in done.stdout, "that is told before the look"
    assert "can't be written" in done.stdout


def test_rules_that_are_off_are_told(desk):
    desk.plans(clean(), clean())
    off = {"single-tenant": {"enforcementLevel": "disabled"}, ADVISES: {"enforcementLevel": "remediate"}}
    desk.tells("policies/config/default.json", json.dumps(off))
    done = desk.reviews()
    assert (done.returncode, done.stderr) == (0, "")
    assert "- rules of the policy pack that are off: single-tenant\n" in done.stdout


def test_a_rule_that_the_pack_does_not_have_is_no_rule_that_is_followed(desk):
    desk.tells("policies/config/default.json", json.dumps({"single-tenent": {}}))
    done = desk.reviews()
    assert done.returncode == 1
    assert "has no rule single-tenent; the nearest name is single-tenant" in done.stderr


def test_an_empty_base_is_no_review_against_the_state(desk):
    done = desk.reviews("--stack", "dev", "--base", "")
    assert (done.returncode, done.stdout) == (64, "")
    assert "--base is empty" in done.stderr


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "other.json can't be read: No such file or directory. Name another with --policy-config."),
        ("{", "other.json is not JSON: "),
        ("[]", "other.json must have an object for each rule, as policies/config/default.json has"),
        ('{"owners-set": "advisory"}', "other.json must have an object for each rule"),
    ],
)
def test_a_policy_configuration_that_can_not_be_read(desk, content, reason):
    if content:
        desk.tells("other.json", content)
    done = desk.reviews("--policy-config", "other.json")
    assert done.returncode == 1
    assert reason in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--emulated",),
        ("--base", "main"),
        ("--check-catalogue", "--json"),
        ("--check-catalogue", "--stack", "dev"),
        ("--check-catalogue", "--sarif", "x"),
        ("--check-catalogue", "--emulated"),
        ("--check-catalogue", "--base", "main"),
        ("--nonsense",),
    ],
)
def test_wrong_usage(desk, arguments):
    done = desk.reviews(*arguments)
    assert (done.returncode, done.stdout) == (64, "")
    assert not (desk.folder / "asked").exists()


def test_a_pulumi_that_is_not_there_or_can_not_be_run(desk, monkeypatch):
    (desk.folder / "pulumi").chmod(0o644)
    monkeypatch.setenv("PATH", "/nowhere")
    done = desk.reviews()
    assert done.returncode == 1
    assert "pulumi can't be run: Permission denied" in done.stderr
    (desk.folder / "pulumi").unlink()
    assert "pulumi is not on PATH. Run: python -m toolchain run -- roomctl" in desk.reviews().stderr
