"""What a step of a workflow writes to GitHub, or asks it: `python3 -m on_github TASK`.

comment, findings: about the pull request whose head the event names (HEAD_OWNER, HEAD_BRANCH, HEAD_SHA,
BASE_BRANCH); which one that is, GitHub is asked. applied: tells the commit GITHUB_SHA what became of it
(STATE, SAYS). waits: writes waits=true or waits=false to GITHUB_OUTPUT. drift: opens, changes and closes the
issues of the stacks (STACKS, a JSON list) by what the run GITHUB_RUN_ID found of them, and writes a table to
GITHUB_STEP_SUMMARY; ends with 7 when one has drifted, else with 1 when one is not known.

All read GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN, and end with 1 when they could not ask or write.
"""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from on_github import applied, comment, drift, findings
from on_github.approval import NEVER, approver
from on_github.decision import CHECK, RUNNING, Decision, decide
from on_github.drift_looks import UnusableError, stacks_in
from on_github.github import GitHub, GitHubError
from on_github.looks import Run
from on_github.own_report import writes_own_report
from on_github.reviewed import reviewed

Environ = Mapping[str, str]
Task = Callable[[GitHub, Environ], int]
"""Does something and returns the exit code."""


def pull_requests(github: GitHub, environ: Environ) -> list[int]:
    """The numbers of the open pull requests of which this commit is the head now; mostly one."""
    head = f"{environ['HEAD_OWNER']}:{environ['HEAD_BRANCH']}"
    found: list[dict[str, Any]] = list(
        github.pages("pulls", state="open", head=head, base=environ["BASE_BRANCH"])
    )
    return [one["number"] for one in found if one["head"]["sha"] == environ["HEAD_SHA"]]


def tell(github: GitHub, number: int, commit: str) -> None:
    """Comment on the pull request, and set the status of its head."""
    known = reviewed(github, commit)
    if known.run is None or not known.run.ended:
        set_status(github, commit, RUNNING, known.run)
        return
    own_report = writes_own_report(github, number)
    by = ""
    if known.look:
        seen = comment.shows(github, number, known.look)
        by = approver(github, number, known.look.made if seen else NEVER)
    if github.get(f"pulls/{number}")["head"]["sha"] != commit:
        print(f"Pull request {number} has a new head: the files just listed were not this commit's.")
        return
    decision = decide(known.look, own_report=own_report, approved_by=by)
    text = comment.body(decision, known.look, own_report=own_report, preview_failed=known.preview_failed)
    set_status(github, commit, decision, known.run)
    comment.write(github, number, text)
    print(f"Pull request {number}: {decision.says}")


def set_status(github: GitHub, commit: str, decision: Decision, run: Run | None) -> None:
    """Set the required check."""
    body = {"context": CHECK, "state": decision.state, "description": decision.says}
    github.send("POST", f"statuses/{commit}", {**body, "target_url": run.page} if run else body)


def give_findings(github: GitHub, number: int, commit: str) -> None:
    """Give the findings of the look that stands to code scanning."""
    known = reviewed(github, commit)
    if known.look and known.look.looked:
        for sentence in findings.upload(github, number, commit, known.look.sarif):
            print(sentence, file=sys.stderr)


def for_each(task: Callable[[GitHub, int, str], None]) -> Task:
    """The task, for every pull request of which the commit is the head."""

    def run(github: GitHub, environ: Environ) -> int:
        numbers = pull_requests(github, environ)
        for number in numbers:
            task(github, number, environ["HEAD_SHA"])
        if not numbers:
            print("This commit is no longer the head of an open pull request: nothing to do.")
        return 0

    return run


def tell_applied(github: GitHub, environ: Environ) -> int:
    """Set the status of the commit that was applied."""
    applied.tell(github, environ["GITHUB_SHA"], environ["STATE"], environ["SAYS"])
    return 0


def ask_waits(github: GitHub, environ: Environ) -> int:
    """Whether this commit has to be applied again, as an output of the step."""
    answer = "true" if applied.waits(github, environ["GITHUB_SHA"]) else "false"
    with Path(environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as output:
        output.write(f"waits={answer}\n")
    return 0


def tell_drift(github: GitHub, environ: Environ) -> int:
    """Make the issues say what the looks found."""
    told = drift.tell(github, int(environ["GITHUB_RUN_ID"]), stacks_in(environ["STACKS"]))
    table = drift.table(told)
    print(table, *drift.annotations(told), sep="\n")
    with Path(environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as summary:
        summary.write(table)
    return drift.exit_code(told)


TASKS: dict[str, Task] = {
    "comment": for_each(tell),
    "findings": for_each(give_findings),
    "applied": tell_applied,
    "waits": ask_waits,
    "drift": tell_drift,
}


def main(arguments: list[str], environ: Environ) -> int:
    """Do one task, and return the exit code."""
    if len(arguments) != 1 or arguments[0] not in TASKS:
        print(f"usage: python3 -m on_github {'|'.join(TASKS)}", file=sys.stderr)
        return 64
    try:
        github = GitHub(environ["GITHUB_API_URL"], environ["GITHUB_REPOSITORY"], environ["GITHUB_TOKEN"])
        return TASKS[arguments[0]](github, environ)
    except KeyError as missing:
        print(f"error: there is no {missing} in the environment or in GitHub's answer", file=sys.stderr)
        return 1
    except (GitHubError, UnusableError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
