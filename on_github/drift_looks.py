"""What a run of drift.yml found of each stack, read as data; or why nothing is known of it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from on_github.github import GitHub, GitHubError
from on_github.looks import Look, left_in

WORKFLOW = "drift.yml"
JOB, ARTIFACT = "Look at ", "drift-"
"""How drift.yml calls the job of a stack, and what that leaves: before the stack's name."""
_STACK = re.compile(r"(?:[\w.-]{1,100}/){0,2}[\w.-]{1,100}", re.ASCII)


class UnusableError(Exception):
    """The list of stacks, or the run, can't be used, and why."""


@dataclass(frozen=True)
class Found:
    """What is known of a stack, by its name; without a report that is nothing, for this reason."""

    stack: str
    drifts: bool = False
    report: str = ""
    reason: str = ""


def stacks_in(text: str) -> list[str]:
    """The stacks of a JSON list, as drift.yml takes them; UnusableError when that is no such list."""
    try:
        names = json.loads(text)
    except (ValueError, RecursionError):
        names = None
    if not isinstance(names, list) or not names or not all(map(_is_a_stack, names)):
        raise UnusableError('The stacks are no list of names such as ["prod-contoso", "prod-fabrikam"].')
    if len(set(map(_short, names))) < len(names):
        raise UnusableError("A stack is twice in the list: each has one environment and one issue.")
    return names


def found_in(github: GitHub, run: int, stacks: list[str]) -> list[Found]:
    """What the newest attempt of a run found of each, in their order. What it did not repeat stands.

    UnusableError when a later run has looked: an old run that is repeated knows less.
    """
    ended = github.get(f"actions/workflows/{WORKFLOW}/runs", branch="main", status="completed", per_page="1")
    if any(one["id"] > run for one in ended["workflow_runs"]):
        raise UnusableError("A later run has looked since. Don't repeat this one: run the workflow anew.")
    jobs = {one["name"]: one for one in github.pages(f"actions/runs/{run}/jobs", "jobs", filter="latest")}
    return [_found(github, run, stack, jobs.get(f"{JOB}{stack}")) for stack in stacks]


def _found(github: GitHub, run: int, stack: str, job: Mapping[str, Any] | None) -> Found:
    name = _short(stack)
    if job is None:
        return Found(name, reason="There was no look: the run has no job for it.")
    if job["conclusion"] != "success":
        return Found(name, reason=f"Its look ended with {job['conclusion']}: the log of its job says why.")
    try:
        look = left_in(github, run, f"{ARTIFACT}{name}", since=job["started_at"])
    except GitHubError as error:
        return Found(name, reason=f"What its look left was not read: {error}")
    if look is None or not look.looked:
        return Found(name, reason="What its look left is no report that can be read.")
    if _speaks_of(look) not in {stack, name}:
        return Found(name, reason="What its look left is the report of another stack.")
    return Found(name, look.finds, look.report)


def _speaks_of(look: Look) -> str:
    heading = look.report.lstrip().partition("\n")[0].replace("\\", "")
    return heading.removeprefix("## PlaceOS drift:").strip()


def _is_a_stack(name: object) -> bool:
    return isinstance(name, str) and bool(_STACK.fullmatch(name))


def _short(stack: str) -> str:
    """Without organization and project."""
    return stack.rpartition("/")[2]
