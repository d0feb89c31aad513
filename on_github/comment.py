"""The one comment: written once, changed in place, and only when its text changes."""

from typing import Any

from on_github.decision import CHECK, Decision
from on_github.github import GitHub
from on_github.looks import Look
from on_github.report_text import harmless, is_own, mark, same

MARKER = "<!-- placeos-access -->"


def body(decision: Decision, look: Look | None, *, own_report: bool, preview_failed: bool) -> str:
    """The comment: what is decided, in our words, then the report, made harmless."""
    parts = [MARKER + _mark(look), f"**{CHECK}**: {decision.says}"]
    if own_report:
        parts.append(
            "This pull request changes the code that makes the report below. Read that code: the report is "
            "what it says of itself."
        )
    if preview_failed:
        parts.append(
            "The preview against the stack's own state could not look. Below is what the change does on an "
            "emulated tenant."
        )
    if look and look.report.strip():
        parts.append(harmless(look.report).strip())
    return "\n\n".join(parts) + "\n"


def shows(github: GitHub, number: int, look: Look) -> bool:
    """Whether the comment shows this very report: who approves has to have seen it."""
    found = _own(github, number)
    return found is not None and found["body"].startswith(MARKER + _mark(look))


def _mark(look: Look | None) -> str:
    return mark(look.report if look else "")


def _own(github: GitHub, number: int) -> dict[str, Any] | None:
    for one in github.pages(f"issues/{number}/comments"):
        if is_own(one, MARKER):
            return dict(one)
    return None


def write(github: GitHub, number: int, text: str) -> None:
    """Make the comment of the pull request say this."""
    found = _own(github, number)
    if found is None:
        github.send("POST", f"issues/{number}/comments", {"body": text})
    elif not same(found["body"], text):
        github.send("PATCH", f"issues/comments/{found['id']}", {"body": text})
