"""Text that came from outside, shown so that a terminal or a log prints it and obeys none of it."""

_LONGEST = 100


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
    """The text in a page of ours: names in Entra are free text, and none may end a cell or begin a link."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>|#@!" else letter for letter in visible(text))
