"""Whether a change touches the code that makes its own report: it is then its author's word."""

import re

from on_github.github import GitHub

_MOST_LISTED = 3000
"""GitHub lists no more files of a pull request than these."""
_TOUCHES_NO_CODE = re.compile(r"Pulumi\.[^/]+\.yaml|.*\.(csv|md)|(benchmarks|docs|tests)/.*")
"""Settings, inventories, pages, and what a review does not run."""


def writes_own_report(github: GitHub, number: int) -> bool:
    """Whether any file of the pull request, or the name one had before, is code that a review runs."""
    files = list(github.pages(f"pulls/{number}/files"))
    names = {one["filename"] for one in files} | {one.get("previous_filename", "README.md") for one in files}
    return len(files) >= _MOST_LISTED or not all(map(_TOUCHES_NO_CODE.fullmatch, names))
