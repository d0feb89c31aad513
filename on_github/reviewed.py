"""Which of a commit's two looks stands for it."""

from dataclasses import dataclass

from on_github.github import GitHub
from on_github.looks import PREVIEW, REVIEW, Look, Run, look_of, newest_run


@dataclass(frozen=True)
class Reviewed:
    """What is known of a commit: the look that stands for it, and the run of which it is.

    The preview against the stack's own state takes the place of the review on an emulated tenant, once it
    could look.
    """

    run: Run | None
    look: Look | None
    preview_failed: bool


def reviewed(github: GitHub, commit: str) -> Reviewed:
    """Ask for the newest runs of both workflows."""
    preview = newest_run(github, PREVIEW, commit)
    failed = False
    if preview and preview.ended and not preview.skipped:
        look = look_of(github, preview)
        if look and look.looked:
            return Reviewed(preview, look, preview_failed=False)
        failed = True
    run = newest_run(github, REVIEW, commit)
    return Reviewed(run, look_of(github, run) if run and run.ended else None, failed)
