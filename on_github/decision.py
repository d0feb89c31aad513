"""What the required check says of a pull request."""

from dataclasses import dataclass

from on_github.approval import LABEL
from on_github.looks import Look

CHECK = "PlaceOS access"
"""The name of the status, which the branch protection requires."""


@dataclass(frozen=True)
class Decision:
    """A status of a commit: `state` is GitHub's word, `says` a sentence of at most 140 characters."""

    state: str
    says: str


RUNNING = Decision("pending", "The review is running.")


def decide(look: Look | None, *, own_report: bool, approved_by: str) -> Decision:
    """Nothing new passes; new access, and a report by changed code, pass when approved; the rest does not."""
    if look is None or not look.looked:
        return Decision("failure", "Could not look, so nothing is known of what this change does.")
    wants = "New access" if look.finds else "The code that makes the report is changed" if own_report else ""
    if not wants:
        return Decision("success", "Nothing new.")
    if approved_by:
        return Decision("success", f"{wants}; approved by {approved_by}.")
    return Decision("failure", f"{wants}: wants the label {LABEL}, put on after reading the report.")
