"""Text of others in a page of ours."""

from visible import visible


def cell(text: str) -> str:
    """Names in Entra are free text: none may end a cell or begin a link."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>|#@!" else letter for letter in visible(text))
