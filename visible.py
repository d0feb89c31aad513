"""Text that came from outside, shown so that a terminal or a log prints it and obeys none of it."""

import re

_LONGEST = 100
_MARKDOWN = "\\`*_[]<>|#@!&~$"
_MENTION = re.compile(r"(?<![A-Za-z0-9_])\\@")
_ADDRESS = re.compile(r"(https?|ftp|www)([:.])", re.IGNORECASE)
"""What GitHub makes a link of by itself (https://github.github.com/gfm/#autolinks-extension-)."""
_BLOCK = re.compile(r"^( *\d+(?=[.)])| *(?=[-+=]))")
"""What would begin a list or a heading at the start of a line."""


def visible(text: str) -> str:
    """The text on one line; what nobody sees, or what a terminal obeys, is written as Python's escapes."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text
    )


def quoted(text: str) -> str:
    """The text in quotes, visible; of a long one its beginning, and how long it is."""
    if len(text) <= _LONGEST:
        return f'"{visible(text)}"'
    return f'"{visible(text[:_LONGEST])}…" ({len(text):,} characters)'


def in_markdown(text: str) -> str:
    """The text in a page of ours: names in Entra are free text, and none may end a cell or begin a link.

    GitHub looks for mentions when the escapes are gone (https://github.com/github/cmark-gfm/issues/181), so
    an @ that could begin one is followed by a space of no width.
    """
    shown = "".join(f"\\{letter}" if letter in _MARKDOWN else letter for letter in visible(text))
    shown = _MENTION.sub("\\\\@\u200b", shown)
    return _BLOCK.sub(r"\1\\", _ADDRESS.sub(r"\1\\\2", shown))
