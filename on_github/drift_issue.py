"""The issue of a stack: open as long as its tenant has drifted, and changed only with the report.

One that was closed stays closed, by whomever: the next drift opens a new one. So an issue is one drift, from
its beginning to its end, and only open ones have to be looked for.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from on_github.drift_looks import Found
from on_github.github import GitHub, GitHubError
from on_github.report_text import AUTHOR, harmless, is_cut, is_own, mark, plain, same, without_code

LABEL = "placeos-drift"
_BEGIN = "<!-- placeos-drift: "
_NAMED = re.compile(rf"{_BEGIN}(\S+) -->")
_NOTE = "<!-- could not look -->"
_NOTED = re.compile(rf"{_NOTE}\n.*\n\n")
_UNSEEN = "\n### Not looked at\n"
"""What `roomctl drift` writes above the things that it could not see."""
_UNNAMED = " more like these (checksum "
"""What it writes in the place of the names of very many."""
_MOST_LINES = 20
_LONGEST_LINE = 300


@dataclass(frozen=True)
class Issue:
    """An open issue that was written here."""

    number: int
    stack: str
    body: str
    page: str


@dataclass(frozen=True)
class Run:
    """The run that looked: its page, and when it began, in UTC as GitHub writes it."""

    page: str
    began: str


def open_issues(github: GitHub) -> list[Issue]:
    """Every open issue that was written here, the oldest first; a title or a label makes none."""
    found = github.pages("issues", state="open", creator=AUTHOR, sort="created", direction="asc")
    ours = (one for one in found if "pull_request" not in one and is_own(one, _BEGIN))
    return [
        Issue(one["number"], named[1], plain(one["body"]), one["html_url"])
        for one in ours
        if (named := _NAMED.match(one["body"]))
    ]


def drifted(github: GitHub, issues: Sequence[Issue], found: Found, run: Run) -> str:
    """There is one issue, and it says this; returns its page. Who watches it hears of what changed."""
    text = _body(found)
    if not issues:
        return _opened(github, found.stack, text)
    issue, *others = issues
    for one in others:
        _close(github, one, f"The same as #{issue.number}.")
    before = _NOTED.sub("", issue.body)
    if not same(before, text):
        said = _changed(before, text, run, unseen=_UNSEEN in found.report)
        _comment(github, issue, said)  # first: else nobody hears of it if this fails
    if not same(issue.body, text):
        github.send("PATCH", f"issues/{issue.number}", {"body": text})
    return issue.page


def clean(github: GitHub, issues: Sequence[Issue], run: Run) -> None:
    """There is none any more."""
    for one in issues:
        _close(github, one, f"Clean: the tenant is as the code says. Seen by [this run]({run.page}).")


def unknown(github: GitHub, issues: Sequence[Issue], run: Run) -> None:
    """Each stays as it is, and says since when nobody could look. No comment: that would be one every day."""
    for one in issues:
        if _NOTE not in one.body:
            begin, _, rest = one.body.partition("\n")
            note = (
                f"> **Could not look since {run.began}.** What follows is older. The first run that failed: "
                f"[its log]({run.page}) says why."
            )
            body = f"{begin}\n\n{_NOTE}\n{note}\n\n{rest.lstrip()}"
            github.send("PATCH", f"issues/{one.number}", {"body": body})


def _opened(github: GitHub, stack: str, text: str) -> str:
    _make_label(github)
    about = {"title": f"PlaceOS drift: {stack}", "body": text, "labels": [LABEL]}
    return str(github.send("POST", "issues", about)["html_url"])


def _body(found: Found) -> str:
    stack = found.stack
    return (
        f"{_BEGIN}{stack} -->{mark(found.report)}\n\n"
        f"The tenant of the stack {stack} is not as the code says. The look that finds nothing closes this "
        "issue; closed by hand, the next look opens another.\n\n"
        f"{harmless(found.report).strip()}"
    )


def _changed(before: str, after: str, run: Run, *, unseen: bool) -> str:
    old, new = list(_lines(before)), list(_lines(after))
    parts = [f"The report changed, as [this run]({run.page}) saw."]
    for word, these, others in zip(_words(before, after, unseen=unseen), (new, old), (old, new), strict=True):
        lines = [f"- {one[:_LONGEST_LINE]}" for one in dict.fromkeys(these) if one not in others]
        if len(lines) > _MOST_LINES:
            lines = [*lines[:_MOST_LINES], f"- and {len(lines) - _MOST_LINES} more lines"]
        if lines:
            parts.append(f"**{word}**:\n" + "\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _words(before: str, after: str, *, unseen: bool) -> tuple[str, str]:
    """What comes and what goes, in words that say no more than is known."""
    part = any(is_cut(one) or _UNNAMED in one for one in (before, after))
    new, gone = ("Shown now", "Not shown any more") if part else ("New", "Gone")
    if unseen:
        gone = f"{gone if part else 'Not told any more'}, but not everything could be looked at"
    return new, gone


def _lines(body: str) -> Iterator[str]:
    """What the lists and tables of a report say: headings are counted, and code follows from the rest."""
    for line in without_code(body).splitlines():
        if line.startswith(("- ", "| ")) and set(line) - set("|-: "):
            yield line.strip("-| ")


def _make_label(github: GitHub) -> None:
    try:
        github.get(f"labels/{LABEL}")
    except GitHubError as error:
        if error.status != 404:
            raise
        about = {"name": LABEL, "color": "b60205", "description": "A tenant is not as the code says"}
        github.send("POST", "labels", about)


def _comment(github: GitHub, issue: Issue, text: str) -> None:
    github.send("POST", f"issues/{issue.number}/comments", {"body": text})


def _close(github: GitHub, issue: Issue, why: str) -> None:
    _comment(github, issue, why)
    github.send("PATCH", f"issues/{issue.number}", {"state": "closed", "state_reason": "completed"})
