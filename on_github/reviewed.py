"""Which of a commit's two looks stands for it."""

from dataclasses import dataclass

from on_github.github import GitHub
from on_github.looks import PREVIEW, REVIEW, Look, Run, look_of, newest_run, together


@dataclass(frozen=True)
class Reviewed:
    """What is known of a commit: the look that stands for it, and the run of which it is.

    The preview against the stack's own state takes the place of the review on an emulated tenant, once it
    could look; where that looked at other stacks too, both stand.
    """

    run: Run | None
    look: Look | None
    preview_failed: bool


def reviewed(github: GitHub, commit: str) -> Reviewed:
    """Ask for the newest runs of both workflows."""
    run, preview = newest_run(github, REVIEW, commit), newest_run(github, PREVIEW, commit)
    look = look_of(github, run) if run and run.ended else None
    if preview is None or not preview.ended or preview.skipped:
        return Reviewed(run, look, preview_failed=False)
    previewed = look_of(github, preview)
    if previewed is None or not previewed.looked:
        return Reviewed(run, look, preview_failed=True)
    if run and not run.ended:  # it may look at stacks that the preview does not know
        return Reviewed(run, None, preview_failed=False)
    if look and look.stacks - previewed.stacks:
        return Reviewed(run, together(previewed, look), preview_failed=False)
    return Reviewed(preview, previewed, preview_failed=False)
