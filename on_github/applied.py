"""What a run that applies a commit leaves at it: a status, pending while the run has to be repeated."""

from on_github.github import GitHub

STATUS = "PlaceOS apply"
_MOST = 140
"""Characters that GitHub takes of a description."""


def tell(github: GitHub, commit: str, state: str, says: str) -> None:
    """Set the status: `state` is success, pending or failure; without one the run did not come to its end."""
    sentence = says or "The run did not come to its end."
    shown = sentence if len(sentence) <= _MOST else f"{sentence[: _MOST - 1]}…"
    body = {"context": STATUS, "state": state or "failure", "description": shown}
    github.send("POST", f"statuses/{commit}", body)


def waits(github: GitHub, commit: str) -> bool:
    """Whether the last run that applied the commit waits."""
    found = github.pages(f"commits/{commit}/status", "statuses")
    return any(one["context"] == STATUS and one["state"] == "pending" for one in found)
