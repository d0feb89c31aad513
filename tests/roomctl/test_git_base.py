"""Another ref in a work tree of its own: what it holds, what is refused, and that nothing is left of it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from roomctl.git_base import code_changed_since, install, work_tree

LOCK = """version = 1
revision = 3
requires-python = ">=3.11"

[[package]]
name = "rooms"
version = "1"
source = { virtual = "." }
"""
PROJECT = '[project]\nname = "rooms"\nversion = "1"\nrequires-python = ">=3.11"\n'


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@firm.example"]
    return subprocess.check_output(["git", *who, "-C", str(folder), *arguments], text=True).strip()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose first commit, `v1`, has a stack, and whose project is in a folder."""
    folder = tmp_path / "clone" / "rooms"
    folder.mkdir(parents=True)
    git(folder.parent, "init", "--quiet")
    (folder / "Pulumi.prod.yaml").write_text("config: {}\n")
    (folder / "uv.lock").write_text(LOCK)
    (folder / "pyproject.toml").write_text(PROJECT)
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "one")
    git(folder, "tag", "v1")
    (folder / "Pulumi.prod.yaml").unlink()
    git(folder, "commit", "--quiet", "-am", "two")
    monkeypatch.chdir(folder)
    return folder


def told(capsys: pytest.CaptureFixture[str], ended: pytest.ExceptionInfo[typer.Exit]) -> str:
    assert ended.value.exit_code == 1
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return said


def test_a_ref_is_beside_the_checkout_for_as_long_as_it_is_needed(project: Path) -> None:
    (project.parent / ".git/hooks/post-checkout").write_text("#!/bin/sh\ntouch hooked\n")
    (project.parent / ".git/hooks/post-checkout").chmod(0o755)
    with work_tree("v1") as tree:
        assert tree.commit == git(project, "rev-parse", "v1")
        assert not (project / "Pulumi.prod.yaml").exists()
        found = tree.stack_file("firm/rooms/prod")
        assert found == tree.folder / "Pulumi.prod.yaml"
        assert tree.stack_file("test") is None
        assert not list(tree.folder.parent.glob("hooked"))
        (tree.folder / "left.txt").write_text("behind")
    assert not tree.folder.exists()
    assert len(git(project, "worktree", "list").splitlines()) == 1
    with work_tree("HEAD") as now:
        assert now.stack_file("prod") is None


def test_a_failure_inside_leaves_nothing_either(project: Path) -> None:
    with pytest.raises(RuntimeError), work_tree("v1") as tree:
        raise RuntimeError
    assert not tree.folder.parent.exists()
    assert len(git(project, "worktree", "list").splitlines()) == 1


@pytest.mark.parametrize("ref", ["v2", "--all", "HEAD~7", "prod\x1b[31m"])
def test_a_ref_that_is_not_there_is_to_be_fetched(
    project: Path, capsys: pytest.CaptureFixture[str], ref: str
) -> None:
    with pytest.raises(typer.Exit) as ended, work_tree(ref):
        pass
    said = told(capsys, ended)
    assert "Fetch it first" in said
    assert "\x1b" not in said


def test_no_repository_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(typer.Exit) as ended, work_tree("main", tmp_path):
        pass
    assert "is in no git repository" in told(capsys, ended)


def test_packages_are_installed_into_an_environment_of_its_own(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_PROJECT_ENVIRONMENT", str(project / "of-somebody-else"))
    monkeypatch.setenv("VIRTUAL_ENV", str(project / "of-somebody-else"))
    with work_tree("v1") as tree:
        install(tree)
        prefix = subprocess.check_output([tree.python, "-c", "import sys; print(sys.prefix)"], text=True)
        assert Path(prefix.strip()).resolve() == (tree.folder / ".venv").resolve()
    assert not (project / "of-somebody-else").exists()


def test_an_environment_that_git_holds_as_a_link_is_not_installed_into(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "somebodys").mkdir()
    (project / ".venv").symlink_to(tmp_path / "somebodys")
    git(project, "add", "--force", ".venv")
    git(project, "commit", "--quiet", "-m", "three")
    with work_tree("HEAD") as tree, pytest.raises(typer.Exit) as ended:
        install(tree)
    assert "git rm --cached .venv" in told(capsys, ended)
    assert not list((tmp_path / "somebodys").iterdir())


def test_code_that_is_otherwise_is_told_by_its_folder_and_settings_are_no_code(project: Path) -> None:
    (project / "pyproject.toml").write_text(PROJECT.replace('"1"', '"2"'))
    (project / "exchange").mkdir()
    (project / "exchange/new.py").touch()
    (project / "Pulumi.prod.yaml").write_text("config: {a: 1}\n")
    (project / "rooms.csv").touch()
    with work_tree("HEAD") as tree:
        assert code_changed_since(tree, project) == ("exchange", "pyproject.toml")


def test_inside_a_hook_the_index_of_the_caller_stays(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "staged").touch()
    git(project, "add", "staged")
    monkeypatch.setenv("GIT_INDEX_FILE", str(project.parent / ".git/index"))
    with work_tree("v1"):
        pass
    assert git(project, "diff", "--cached", "--name-only", "HEAD") == "rooms/staged"


def test_a_lock_that_does_not_fit_is_told_in_uv_s_words(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with work_tree("v1") as tree:
        (tree.folder / "uv.lock").write_text("version = 99\n")
        with pytest.raises(typer.Exit) as ended:
            install(tree)
    said = told(capsys, ended)
    assert "uv can't install the packages that v1 locks" in said
    assert "99" in said


@pytest.mark.parametrize("missing", ["git", "uv"])
def test_a_tool_that_is_missing_is_told(
    project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    missing: str,
) -> None:
    with work_tree("v1") as tree:
        with monkeypatch.context() as patched:
            patched.setenv("PATH", str(tmp_path))
            patched.setenv("XDG_CACHE_HOME", str(tmp_path))
            with pytest.raises(typer.Exit) as ended:
                install(tree) if missing == "uv" else work_tree("v1").__enter__()
        assert os.environ["PATH"] != str(tmp_path)
    assert missing in told(capsys, ended)


WAITS = """
import sys
from roomctl.git_base import work_tree
with work_tree("v1") as tree:
    print(tree.folder, flush=True)
    sys.stdin.read()
"""


def test_an_end_by_a_signal_leaves_nothing_either(project: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WAITS],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    assert folder.is_dir()
    process.send_signal(signal.SIGTERM)
    assert process.wait() != 0
    process.communicate()
    assert not folder.parent.exists()
    assert len(git(project, "worktree", "list").splitlines()) == 1
