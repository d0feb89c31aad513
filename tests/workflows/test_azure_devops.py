"""The pipelines for Azure DevOps: the same commands as GitHub's workflows, and no secret in them."""

from pathlib import Path
from typing import Any

import yaml

from tests.workflows.test_review import command, step, workflow

ROOT = Path(__file__).parents[2]
PIPELINE = yaml.safe_load((ROOT / "examples/azure_devops/azure-pipelines.yml").read_text())
DRIFT = yaml.safe_load((ROOT / "examples/azure_devops/drift-pipelines.yml").read_text())
STAGES = {one["stage"]: one for one in PIPELINE["stages"]}


def steps(job: dict[str, Any]) -> list[dict[str, Any]]:
    return job["steps"] if "steps" in job else job["strategy"]["runOnce"]["deploy"]["steps"]


def lines(stage: str) -> list[str]:
    [job] = STAGES[stage]["jobs"]
    asked = (one.get("script") or one.get("inputs", {}).get("inlineScript") for one in steps(job))
    return [line for line in asked if line]


def test_it_runs_what_the_workflows_run():
    assert lines("review") == ["make setup", command("review", "review")]
    assert lines("apply") == ["make setup", command("apply", "apply")]


def test_a_pull_request_is_reviewed_and_main_is_applied_behind_the_environment():
    assert "'PullRequest'" in STAGES["review"]["condition"]
    assert "'refs/heads/main'" in STAGES["apply"]["condition"]
    assert "ne(variables['Build.Reason'], 'PullRequest')" in STAGES["apply"]["condition"]
    [job] = STAGES["apply"]["jobs"]
    assert job["environment"] == workflow("apply")["jobs"]["apply"]["environment"]
    [review] = STAGES["review"]["jobs"]
    assert "environment" not in review
    assert all("env" not in one for one in steps(review)), "a review needs no identity"
    for stage in STAGES.values():
        for one in stage["jobs"]:
            [checkout] = [found for found in steps(one) if found.get("checkout")]
            assert checkout["persistCredentials"] is False


def test_it_signs_in_by_the_service_connection_and_holds_no_secret():
    [job] = STAGES["apply"]["jobs"]
    [task] = [one for one in steps(job) if "task" in one]
    assert task["env"].keys() >= {
        "STACK", "PULUMI_BACKEND_URL", "ARM_TENANT_ID", "ARM_CLIENT_ID", "ARM_USE_OIDC", "SYSTEM_ACCESSTOKEN",
        "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID",
    }  # fmt: skip
    assert "ARM_CLIENT_SECRET" not in str(PIPELINE)


def test_there_a_wait_ends_with_issues_and_the_report_is_the_summary(tmp_path: Path) -> None:
    scripts, python = tmp_path / ".ci", tmp_path / ".venv/bin/python"
    scripts.mkdir()
    python.parent.mkdir(parents=True)
    for name in ("apply", "review"):
        (scripts / name).write_bytes((ROOT / ".ci" / name).read_bytes())
        (scripts / name).chmod(0o700)
    python.write_text("#!/bin/sh\necho 'error: Stopped: WAITING for a person (1 of 2)'\nexit 1\n")
    python.chmod(0o700)
    applied = step(tmp_path, lines("apply")[-1], TF_BUILD="True", STACK="prod")
    assert applied.returncode == 0
    assert "##vso[task.complete result=SucceededWithIssues;]" in applied.stdout
    reviewed = step(tmp_path, lines("review")[-1], TF_BUILD="True")
    assert reviewed.returncode == 1
    assert f"##vso[task.uploadsummary]{tmp_path}/access/report.md" in reviewed.stdout


def test_drift_is_looked_for_every_day_and_what_failed_says_which_it_is(tmp_path: Path) -> None:
    [schedule] = DRIFT["schedules"]
    assert schedule["always"] is True, "Azure DevOps leaves a schedule out when nothing was pushed"
    assert DRIFT["trigger"] == DRIFT["pr"] == "none"
    [checkout, setup, look, left, drift] = DRIFT["steps"]
    assert checkout["persistCredentials"] is False
    assert setup["script"] == "make setup"
    assert look["inputs"]["inlineScript"] == command("drift", "look")
    [apply] = [one for one in steps(STAGES["apply"]["jobs"][0]) if "task" in one]
    assert look["env"] == apply["env"]
    assert left["condition"] == "succeededOrFailed()"
    assert "ARM_CLIENT_SECRET" not in str(DRIFT)

    script, python = tmp_path / ".ci/drift", tmp_path / ".venv/bin/python"
    script.parent.mkdir()
    python.parent.mkdir(parents=True)
    script.write_bytes((ROOT / ".ci/drift").read_bytes())
    script.chmod(0o700)
    for code, looked, ended in ((0, 0, 0), (7, 0, 7), (1, 1, 1)):
        python.write_text(f"#!/bin/sh\necho '## PlaceOS drift: prod'\nexit {code}\n")
        python.chmod(0o700)
        done = step(tmp_path, look["inputs"]["inlineScript"], TF_BUILD="True", STACK="prod")
        assert done.returncode == looked
        assert f"##vso[task.uploadsummary]{tmp_path}/{left['publish']}/report.md" in done.stdout
        assert step(tmp_path, drift["script"]).returncode == ended
