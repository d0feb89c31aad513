"""A report as text on GitHub: made harmless, cut to what a comment takes, and told from an earlier one."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

AUTHOR = "github-actions[bot]"
_LONGEST = 60_000
"""Characters of a report that are shown; GitHub takes 65,536 of a comment or an issue."""
_CUT_HERE = "Cut here: the whole report is in the run."
_GAP = "\N{ZERO WIDTH SPACE}"


_FENCED = re.compile(
    r"^( {0,3})(`{3,})(?:sh|powershell)?\n(?:(?![ ]*\2)(?:\1(?=.).*|)\n)*\1\2$", re.MULTILINE
)
"""A block of code that GitHub surely takes for one: no line further left, one way to end, and no language but
those of our commands. Of others, such as math, GitHub makes more than code."""


def harmless(report: str) -> str:
    """The report with headings, lists, tables, emphasis and code, and nothing that acts or hides.

    HTML, links, images and entities are shown as text; nobody is notified and no issue is referred to. A
    backslash does not keep GitHub from finding a mention, a character in between does. Code acts by itself on
    nothing, and is to be copied: in a block of it nothing is put in between. Whatever else looks like the
    beginning of such a block is none.
    """
    shown = "".join(
        one if one.isprintable() or one == "\n" else "\N{REPLACEMENT CHARACTER}"
        for one in report[: 2 * _LONGEST]  # more is never shown, and the end of a block may be searched for
    )
    parts, end = [], 0
    for block in _FENCED.finditer(shown):
        parts += [_harmless_text(shown[end : block.start()]), block[0]]
        end = block.end()
    return _cut("".join([*parts, _harmless_text(shown[end:])]))


def _harmless_text(text: str) -> str:
    shown = re.sub(r"\\?&", "&amp;", text)
    shown = re.sub(r"\\?<", "&lt;", shown)
    shown = re.sub(r"\](?=[(:\[])", r"]\\", shown)
    shown = re.sub(r"([`~])(?=\1\1)", rf"\1{_GAP}", shown)
    # An underscore is a letter to \w and \b, and nothing at all once it is emphasis.
    shown = re.sub(r"(?i)((?:https?|ftp):/)(?=/)|(www)(?=\.)", rf"\1\2{_GAP}", shown)
    return re.sub(
        r"(?<![^\W_])(?<![^\W_]\\)@(?=\w)|(?i:#|(?<![^\W_])gh-|@)(?=\d|[0-9a-f]{7})", rf"\g<0>{_GAP}", shown
    )


def _cut(shown: str) -> str:
    if len(shown) <= _LONGEST:
        return shown
    end = shown.rfind("\n", 0, _LONGEST)
    blocks = (one.span() for one in _FENCED.finditer(shown))
    end = next((begins for begins, ends in blocks if begins < end < ends), end)
    return f"{shown[:end].rstrip()}\n\n{_CUT_HERE}\n"


def is_cut(shown: str) -> bool:
    """Whether more was reported than this text shows."""
    return plain(shown).endswith(_CUT_HERE)


def without_code(text: str) -> str:
    """The text without its blocks of code."""
    return _FENCED.sub("", text)


def mark(report: str) -> str:
    """What no reader sees and what differs with every character of the report, cut or not."""
    return f"<!-- report {hashlib.sha256(report.encode()).hexdigest()} -->"


def is_own(found: Mapping[str, Any], marker: str) -> bool:
    """Whether a comment or an issue was written here, with this marker at its beginning."""
    by_us = bool(found["user"]) and found["user"]["login"] == AUTHOR
    return by_us and (found["body"] or "").startswith(marker)


def same(one: str, other: str) -> bool:
    """Whether both are the same to who reads them."""
    return plain(one) == plain(other)


def plain(text: str) -> str:
    """The text as it was sent: GitHub may give line ends of its own back, and drops the last one."""
    return text.replace("\r\n", "\n").strip()
