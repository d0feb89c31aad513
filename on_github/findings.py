"""The findings of a review for code scanning, which shows them at the pull request and nowhere else."""

import base64
import gzip
import json
from collections.abc import Mapping
from typing import Any

from on_github.github import GitHub, GitHubError

TOOL = "roomctl review"


def upload(github: GitHub, number: int, commit: str, sarif: Mapping[str, bytes]) -> list[str]:
    """Give each file to code scanning, for the head of this pull request.

    https://docs.github.com/rest/code-scanning/code-scanning#upload-an-analysis-as-sarif-data . A file that
    speaks for another tool is left out: it would put itself in the place of that tool's findings. What was
    not taken is returned, in sentences; no name in them is the pull request's.
    """
    said = []
    for data in sarif.values():
        if not (log := _own(data)):
            said.append("A file of findings is not what roomctl writes: left out.")
            continue
        packed = base64.b64encode(gzip.compress(json.dumps(log).encode())).decode()
        body = {"commit_sha": commit, "ref": f"refs/pull/{number}/head", "sarif": packed}
        try:
            github.send("POST", "code-scanning/sarifs", body)
        except GitHubError as error:
            if error.status not in {403, 404}:
                raise
            return [*said, f"Code scanning takes no findings here: {error}"]
    return said


def _own(data: bytes) -> dict[str, Any] | None:
    """The log, if it has one run, by roomctl, in the category that roomctl uses."""
    try:
        log = json.loads(data)
        [run] = log["runs"]
        driver, category = run["tool"]["driver"]["name"], str(run["automationDetails"]["id"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    plain = set(run["tool"]) == {"driver"} and driver == TOOL and category.startswith("placeos-access/")
    return dict(log) if plain else None
