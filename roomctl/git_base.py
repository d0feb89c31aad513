"""Another git ref of this project, in a work tree of its own with the packages that its own lock names."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from roomctl.console import working
from roomctl.outcome import could_not_look
from roomctl.signals import unwind_on_signals
from stack_files import settings_file

_LAST_LINES = 12
_GIT = ["git", "-c", "core.hooksPath=/dev/null"]
"""Without hooks: a work tree that lives for minutes is nobody's checkout."""
# uv is told where packages come from, and nothing that would lead it to another environment or project.
_FOR_UV = ("UV_", "SSL_", "XDG_", "LC_")
_ALSO_FOR_UV = {
    "PATH", "HOME", "USER", "LANG", "TMPDIR", "NETRC", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "HTTP_PROXY",
    "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
}  # fmt: skip
_NOT_FOR_UV = {
    "UV_PROJECT", "UV_PROJECT_ENVIRONMENT", "UV_WORKING_DIRECTORY", "UV_WORKING_DIR", "UV_NO_SYNC",
    "UV_PUBLISH_TOKEN", "UV_PUBLISH_PASSWORD",
}  # fmt: skip


_NO_CODE = re.compile(r"Pulumi\.[^/]+\.yaml|.*\.(csv|md)|(benchmarks|docs|tests)/.*")
"""Settings, inventories, pages, and what a review does not run."""


@dataclass(frozen=True)
class WorkTree:
    """The project as it was at a ref."""

    ref: str
    commit: str
    folder: Path

    def stack_file(self, stack: str) -> Path | None:
        """The settings of the stack at that ref; None: it had none, so everything is new."""
        path = self.folder / settings_file(stack)
        return path if path.is_file() else None

    @property
    def python(self) -> Path:
        """The Python of its own environment, once it is installed."""
        return self.folder / ".venv/bin/python"


@contextmanager
def work_tree(ref: str, project: Path | None = None) -> Iterator[WorkTree]:
    """Check the ref out beside everything else, and take it away at the end, also one by a signal.

    `project` is the folder of this checkout's Pulumi.yaml; the current one when not given. Ends the command
    with 1 when there is no such ref, or no repository.
    """
    unwind_on_signals()
    project = project or Path.cwd()
    commit = _commit(ref, project)
    prefix = _git(project, "rev-parse", "--show-prefix").stdout.strip()
    with tempfile.TemporaryDirectory(prefix="roomctl-base-", ignore_cleanup_errors=True) as made:
        folder = Path(made, "tree")
        try:
            with working(f"Checking out {ref}"):
                added = _git(project, "worktree", "add", "--quiet", "--detach", str(folder), commit)
            if added.returncode:
                could_not_look(f"git can't check {ref} out: {_last_lines(added.stderr)}")
            yield WorkTree(ref, commit, folder / prefix)
        finally:
            _git(project, "worktree", "remove", "--force", "--force", str(folder))
            _git(project, "worktree", "prune")


def code_changed_since(tree: WorkTree, project: Path) -> tuple[str, ...]:
    """The folders and files at the top with code that is otherwise in the checkout than in the tree."""
    names: set[str] = set()
    for asked in (
        ["diff", "--name-only", "-z", "--relative", tree.commit],
        ["ls-files", "-oz", "--exclude-standard"],
    ):
        answer = _git(project, *asked)
        if answer.returncode:
            could_not_look(f"git can't compare {tree.ref} with the checkout: {_last_lines(answer.stderr)}")
        names |= set(answer.stdout.split("\0")) - {""}
    code = {name for name in names if not _NO_CODE.fullmatch(name)}
    return tuple(sorted({name.partition("/")[0] for name in code}))


def install(tree: WorkTree) -> None:
    """Make the tree's own environment of its own lock: only what its program needs to run.

    The caller's indexes hold, and no other of its variables. Ends the command with 1 when uv can't.
    """
    uv = _uv()
    if (tree.folder / ".venv").is_symlink():  # uv would install into whatever it points to
        could_not_look(f"{tree.ref} has .venv as a symbolic link in git. Take it out: git rm --cached .venv")
    with working(f"Installing the packages of {tree.ref}"):
        done = subprocess.run(
            [uv, "sync", "--frozen", "--no-default-groups", "--quiet"],
            cwd=tree.folder,
            env=_for_uv(os.environ) | {"TMPDIR": str(tree.folder.parent)},  # uv leaves its locks there
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        could_not_look(f"uv can't install the packages that {tree.ref} locks:\n{_last_lines(done.stderr)}")


def _commit(ref: str, project: Path) -> str:
    found = _git(project, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if found.returncode == 0:
        return found.stdout.strip()
    reason = (
        f"There is no {ref} in this repository. Fetch it first: a clone of a pipeline is often shallow, "
        f"and then has one commit only (git fetch origin {ref}; or fetch-depth: 0 in actions/checkout)."
    )
    if _git(project, "rev-parse", "--git-dir").returncode:
        reason = f"{project} is in no git repository, so it has no {ref}. Run this in a clone."
    return could_not_look(reason)


def _git(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*_GIT, "-C", str(project), *arguments]
    # Inside a hook git names the caller's index and repository to whatever runs.
    environ = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    try:
        return subprocess.run(
            command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
    except OSError as error:
        could_not_look(f"git can't be run: {error.strerror}. Install it, or leave --base out.")


def _uv() -> str:
    """The uv of PATH, or the one that `make setup` brought."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "placeos-m365"
    brought = [str(path) for path in sorted(cache.glob("uv-*/bin"), reverse=True)]
    found = shutil.which("uv", path=os.pathsep.join([os.environ.get("PATH", os.defpath), *brought]))
    if found is None:
        could_not_look(
            "uv is not on PATH, and it installs the packages of the base. Run make setup, which brings it, "
            "or install it: https://docs.astral.sh/uv/getting-started/installation/"
        )
    return found


def _for_uv(environ: Mapping[str, str]) -> dict[str, str]:
    return {
        key: value
        for key, value in environ.items()
        if key not in _NOT_FOR_UV and (key in _ALSO_FOR_UV or key.startswith(_FOR_UV))
    }


def _last_lines(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-_LAST_LINES:])
