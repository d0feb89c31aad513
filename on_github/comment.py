"""The one comment: written once, changed in place, and only when its text changes."""

import hashlib
import re
from typing import Any

from on_github.decision import CHECK, Decision
from on_github.github import GitHub
from on_github.looks import Look

MARKER = "<!-- placeos-access -->"
AUTHOR = "github-actions[bot]"
_LONGEST = 60_000
"""Characters of a report that are shown; GitHub takes 65,536 of a comment."""
_GAP = "\N{ZERO WIDTH SPACE}"


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


def harmless(report: str) -> str:
    """The report with headings, lists, tables and emphasis, and nothing that acts or hides.

    HTML, links, images and entities are shown as text; nobody is notified and no issue is referred to. A
    backslash does not keep GitHub from finding a mention, a character in between does.
    """
    shown = "".join(
        one if one.isprintable() or one == "\n" else "\N{REPLACEMENT CHARACTER}" for one in report
    )
    shown = re.sub(r"\\?&", "&amp;", shown)
    shown = re.sub(r"\\?<", "&lt;", shown)
    shown = re.sub(r"\](?=[(:\[])", r"]\\", shown)
    # An underscore is a letter to \w and \b, and nothing at all once it is emphasis.
    shown = re.sub(r"(?i)((?:https?|ftp):/)(?=/)|(www)(?=\.)", rf"\1\2{_GAP}", shown)
    shown = re.sub(
        r"(?<![^\W_])(?<![^\W_]\\)@(?=\w)|(?i:#|(?<![^\W_])gh-|@)(?=\d|[0-9a-f]{7})", rf"\g<0>{_GAP}", shown
    )
    if len(shown) <= _LONGEST:
        return shown
    return f"{shown[:_LONGEST].rpartition(chr(10))[0]}\n\nCut here: the whole report is in the run.\n"


def shows(github: GitHub, number: int, look: Look) -> bool:
    """Whether the comment shows this very report: who approves has to have seen it."""
    found = _own(github, number)
    return found is not None and found["body"].startswith(MARKER + _mark(look))


def _mark(look: Look | None) -> str:
    report = look.report if look else ""
    return f"<!-- report {hashlib.sha256(report.encode()).hexdigest()} -->"


def _own(github: GitHub, number: int) -> dict[str, Any] | None:
    for one in github.pages(f"issues/{number}/comments"):
        if one["user"] and one["user"]["login"] == AUTHOR and one["body"].startswith(MARKER):
            return dict(one)
    return None


def write(github: GitHub, number: int, text: str) -> None:
    """Make the comment of the pull request say this."""
    found = _own(github, number)
    if found is None:
        github.send("POST", f"issues/{number}/comments", {"body": text})
    elif _same(found["body"]) != _same(text):
        github.send("PATCH", f"issues/comments/{found['id']}", {"body": text})


def _same(text: str) -> str:
    """GitHub may give line ends of its own back, and drops the last one."""
    return text.replace("\r\n", "\n").strip()
