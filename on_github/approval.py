"""Who agreed to a change: by a label that counts only if it came after the report that is shown."""

from dataclasses import dataclass

from on_github.github import GitHub, GitHubError

LABEL = "access-approved"
NEVER = "9999-12-31T23:59:59Z"
"""When a report was made that nobody can have seen yet."""
_MAY_WRITE = {"admin", "write"}  # GitHub tells maintain as write, and triage as read


@dataclass(frozen=True)
class Labelling:
    """Who put the label on, and when, in UTC as GitHub writes it."""

    login: str
    at: str


def approver(github: GitHub, number: int, report_made: str) -> str:
    """The login of who approved the pull request after the report was there; "" when nobody did.

    A label that is older, or of somebody without write access, approves nothing, and is taken off.
    """
    if LABEL not in {one["name"] for one in github.get(f"issues/{number}")["labels"]}:
        return ""
    last = _last_labelling(github, number)
    if last and last.at > report_made and _may_write(github, last.login):
        return last.login
    _take_off(github, number)
    return ""


def _last_labelling(github: GitHub, number: int) -> Labelling | None:
    found = None
    for event in github.pages(f"issues/{number}/events"):
        # The account of an actor may be gone.
        if event["event"] == "labeled" and event["label"]["name"] == LABEL and event["actor"]:
            found = Labelling(event["actor"]["login"], event["created_at"])
    return found


def _may_write(github: GitHub, login: str) -> bool:
    try:
        return github.get(f"collaborators/{login}/permission")["permission"] in _MAY_WRITE
    except GitHubError as error:
        if error.status == 404:
            return False
        raise


def _take_off(github: GitHub, number: int) -> None:
    try:
        github.send("DELETE", f"issues/{number}/labels/{LABEL}")
    except GitHubError as error:
        if error.status != 404:  # somebody was faster
            raise
