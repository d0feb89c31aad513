"""What a run of drift.yml found, told: one issue a stack, and one table and one exit code for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from on_github import drift_issue
from on_github.drift_issue import Issue, Run
from on_github.drift_looks import Found, found_in
from on_github.github import GitHub, GitHubError

CLEAN, DRIFT, UNKNOWN, LEFT = "clean", "drift", "could not look", "not in the list"
_CODES = {CLEAN: 0, LEFT: 0, DRIFT: 7, UNKNOWN: 1}


@dataclass(frozen=True)
class Told:
    """What is known of a stack: `state` is one of the four words, `why` sentences, `issue` a page or ""."""

    stack: str
    state: str
    why: str = ""
    issue: str = ""


def tell(github: GitHub, run: int, stacks: list[str]) -> list[Told]:
    """Make the issues of these stacks say what the run found; returns that, in the order of the stacks.

    What GitHub refuses of one stack keeps no other from being told. Issues of other stacks are left alone,
    and returned as LEFT.
    """
    about = github.get(f"actions/runs/{run}")
    this = Run(about["html_url"], about["run_started_at"])
    issues = drift_issue.open_issues(github)
    told = [_tell_one(github, this, one, issues) for one in found_in(github, run, stacks)]
    known = {one.stack for one in told}
    return told + [Told(one.stack, LEFT, issue=one.page) for one in issues if one.stack not in known]


def _tell_one(github: GitHub, run: Run, found: Found, issues: Sequence[Issue]) -> Told:
    own = [one for one in issues if one.stack == found.stack]
    page = own[0].page if own else ""
    try:
        if not found.report:
            drift_issue.unknown(github, own, run)
            return Told(found.stack, UNKNOWN, found.reason, page)
        if found.drifts:
            return Told(found.stack, DRIFT, issue=drift_issue.drifted(github, own, found, run))
        drift_issue.clean(github, own, run)
        return Told(found.stack, CLEAN)
    except GitHubError as error:
        seen = found.reason or ("It has drifted." if found.drifts else "It is clean.")
        return Told(found.stack, UNKNOWN, f"{seen} Its issue was not written: {error}", page)


def exit_code(told: Sequence[Told]) -> int:
    """As `roomctl drift --stacks` has it: 7 when one has drifted, else 1 when one is not known, else 0."""
    return max(_CODES[one.state] for one in told)


def table(told: Sequence[Told]) -> str:
    """All stacks at a glance, in Markdown; it ends with a line feed."""
    rows = ["| Stack | The tenant | Issue |", "| --- | --- | --- |"]
    for one in told:
        state = one.state if one.state in {CLEAN, LEFT} else f"**{one.state}**"
        number = one.issue.rpartition("/")[2]
        why = one.why.replace("|", "\\|").replace("\n", " ")
        rows.append(
            f"| {one.stack} | {f'{state}: {why}' if why else state} "
            f"| {f'[#{number}]({one.issue})' if one.issue else ''} |"
        )
    return "\n".join(rows) + "\n"


def annotations(told: Sequence[Told]) -> list[str]:
    """What the page of the run shows of stacks that are not clean, as lines of a log."""
    return [
        f"::error title=PlaceOS {one.state}: {one.stack}::{_escaped(one.why or f'See {one.issue}')}"
        for one in told
        if _CODES[one.state]
    ]


def _escaped(text: str) -> str:
    """https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands says how."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
