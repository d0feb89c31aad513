"""The file by which `roomctl create-deployer` hands over a secret, and the secrets that nobody must hold."""

import errno
import os
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from roomctl import secret_file
from tests.roomctl.desk import Desk, desk, exported

__all__ = ["desk"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deployer.env"


def run(desk: Desk, path: Path) -> tuple[int, str]:
    return desk.run("--secret-file", str(path), "--yes")


def refused_before_anything(desk: Desk, path: Path, says: str) -> None:
    before = desk.writes()
    code, output = run(desk, path)
    assert code == 7, output
    assert says in output
    assert "Errno" not in output
    assert desk.writes() == before


class TestBeforeAnythingIsMade:
    def test_no_folder(self, desk, path):
        refused_before_anything(desk, path / "x", f"there is no folder {path}: make it")

    def test_a_folder(self, desk, path):
        path.mkdir()
        refused_before_anything(desk, path, "is no ordinary file")

    def test_a_link_to_nowhere(self, desk, path, tmp_path):
        path.symlink_to(tmp_path / "nowhere")
        refused_before_anything(desk, path, "is a symbolic link")
        assert not (tmp_path / "nowhere").exists()

    @pytest.mark.parametrize("content", [b"precious", b"\xff\xfe\x00", b"export ARM_CLIENT_ID=x\n"])
    def test_a_file_of_somebody_else(self, desk, path, content):
        path.write_bytes(content)
        refused_before_anything(desk, path, "was not written by this command: name another file")
        assert path.read_bytes() == content

    def test_a_file_of_another_user(self, desk, path, monkeypatch):
        path.touch(0o600)
        monkeypatch.setattr(os, "getuid", lambda: 4711)
        refused_before_anything(desk, path, "belongs to somebody else")

    def test_a_file_that_others_read(self, desk, path):
        path.touch(0o600)
        path.chmod(0o640)
        refused_before_anything(desk, path, f"others may open {path}: `chmod 600` it")


class TestTheSecretInIt:
    @pytest.fixture
    def made(self, desk, path):
        code, output = run(desk, path)
        assert code == 0, output
        return desk

    def test_it_is_another_application_s(self, made, path):
        path.write_text(path.read_text().replace(made.application()["appId"], "1234"))
        refused_before_anything(made, path, "is another application's (1234): name another file")

    def test_it_is_gone(self, made, path):
        made.change("application", made.application(), passwordCredentials=[])
        refused_before_anything(
            made, path, "is gone from the application: take the file away and run it again"
        )

    def test_it_has_ended(self, made, path):
        made.tenant.clock.advance(timedelta(days=91).total_seconds())
        refused_before_anything(made, path, "ended 2")
        path.unlink()
        assert run(made, path)[0] == 0
        assert len(made.secrets()) == 2

    def test_it_is_not_known_everywhere_yet(self, made, path):
        made.tenant.tenant.replication.slow_down({"passwordCredential": 2})
        path.unlink()
        assert run(made, path)[0] == 0
        code, output = run(made, path)
        assert code == 0, output
        assert "Nothing to do" in output

    def test_a_shell_takes_it_whatever_it_holds(self, desk, path):
        strange = "a'; echo taken; '$(id)"
        desk.fault(path="addPassword$", status=200, body={"keyId": "1", "secretText": strange})
        assert run(desk, path)[0] == 0
        told = f". '{path}'; printf %s \"$ARM_CLIENT_SECRET\""
        assert (
            subprocess.run(["sh", "-c", told], capture_output=True, text=True, check=True).stdout == strange
        )


class TestASecretThatNobodyHolds:
    """There is none in the end, whatever happened."""

    @pytest.mark.parametrize(("status", "when"), [(502, "before"), (502, "after"), ("reset", "after")])
    def test_a_lost_answer_costs_no_secret_in_use(self, desk, path, tmp_path, status, when):
        assert run(desk, path)[0] == 0
        in_use = desk.secrets()
        desk.fault(path="addPassword$", status=status, when=when)
        code, output = run(desk, tmp_path / "next.env")
        assert code == 0, output
        assert len(desk.secrets()) == 2
        assert in_use[0] in desk.secrets()
        assert run(desk, path)[0] == run(desk, tmp_path / "next.env")[0] == 0

    def test_a_full_disk(self, desk, path, monkeypatch):
        kept = []

        def full(file):
            kept.append(file)
            if len(kept) > 1:
                raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(secret_file, "keep", full)
        code, output = run(desk, path)
        assert code == 1
        assert f"{path} can't be written: No space left on device. No secret is left" in output
        assert not path.exists()
        assert not desk.secrets()
        monkeypatch.undo()

    def test_a_refused_secret(self, desk, path):
        desk.fault(path="addPassword$", status=403)
        assert run(desk, path)[0] == 1
        assert not path.exists()
        assert run(desk, path)[0] == 0

    def test_one_that_can_t_be_taken_back_is_named_and_taken_back_by_the_next_run(self, desk, path):
        desk.fault(path="addPassword$", status=502, when="after", times=2)
        desk.fault(path="/applications/[^/]*$", method="GET", skip=2, status=503, times=50)
        code, output = run(desk, path)
        desk.tenant.faults.clear()
        assert code == 1
        assert "may be left, and nobody holds it: run it again, which removes it" in output
        assert path.exists()
        assert desk.secrets()
        code, output = run(desk, path)
        assert code == 0, output
        assert len(desk.secrets()) == 1
        assert exported(path)["ARM_CLIENT_SECRET"]

    def test_a_run_that_was_killed_before_its_first_line(self, desk, path):
        path.touch(0o600)
        assert run(desk, path)[0] == 0
        assert exported(path)["ARM_CLIENT_ID"] == desk.application()["appId"]
