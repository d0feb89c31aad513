"""The workflow that rotates: who may run it, and whom it tells what there is to do."""

import json
import os
import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme
import yaml
from pytest_httpserver import HTTPServer

from tests.docs.test_deployer_rights import only
from tests.emulated import emulated
from tests.roomctl.conftest import scene
from tests.roomctl.test_secrets import Desk, desk
from toolchain.versions import ENGINE

__all__ = ["desk", "emulated", "scene"]
ROOT = Path(__file__).parents[2]
ROTATE = ROOT / ".github/workflows/rotate.yml"
PATH = "/hooks/9f0c2a"

Tell = Callable[..., subprocess.CompletedProcess[str]]


def test_each_job_is_its_own_identity_and_a_fork_stays_quiet():
    workflow = yaml.safe_load(ROTATE.read_text())
    assert workflow["permissions"] == {}
    jobs = workflow["jobs"]
    assert {name: job["environment"] for name, job in jobs.items()} == {
        "rotate": "placeos-rotate",
        "tell": "placeos-read",
    }
    for job in jobs.values():
        assert "vars.PLACEOS_STACK != ''" in job["if"]
        assert job["permissions"] == {"contents": "read", "id-token": "write"}
        assert job["env"]["ARM_USE_OIDC"] == "true"
        assert "ARM_CLIENT_SECRET" not in str(job)
        [engine] = [one["with"]["pulumi-version"] for one in job["steps"] if "pulumi/" in one.get("uses", "")]
        assert engine == ENGINE


@pytest.fixture
def chat(emulated, tmp_path: Path) -> Iterator[HTTPServer]:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "chat.pem")
    with HTTPServer(host="localhost", ssl_context=context) as server:
        yield server


@pytest.fixture
def tell(desk: Desk, chat: HTTPServer, tmp_path: Path) -> Tell:
    """Run the step, with a curl that notes what stands on its command line."""
    curl = desk.scene.folder / "curl"
    curl.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/line\nexec {shutil.which("curl")} "$@"\n')
    curl.chmod(0o700)
    desk.scene.is_told()

    def run(**variables: str) -> subprocess.CompletedProcess[str]:
        own = {"PATH": desk.scene.path, "STACK": "dev", "CURL_CA_BUNDLE": str(tmp_path / "chat.pem")}
        summary = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
        webhook = {"CHAT_WEBHOOK": chat.url_for(PATH)}
        return subprocess.run(
            [".ci/tell-secrets"],
            cwd=ROOT,
            env={**os.environ, **own, **summary, **webhook, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_with_nothing_to_do_the_chat_is_left_alone(tell: Tell, chat: HTTPServer, tmp_path: Path) -> None:
    done = tell()
    assert done.returncode == 0, done.stderr
    assert "nothing to do" in (tmp_path / "summary.md").read_text()
    assert not chat.log


def test_what_there_is_to_do_is_told_and_its_address_stands_nowhere(
    desk: Desk, tell: Tell, chat: HTTPServer, tmp_path: Path
) -> None:
    desk.day(80)
    desk.signs_in(desk.before)
    chat.expect_ordered_request(PATH, method="POST").respond_with_data("ok")
    done = tell()
    assert done.returncode == 0, done.stderr
    [(request, _)] = chat.log
    text = (tmp_path / "summary.md").read_text()
    assert json.loads(request.data) == {"text": text.rstrip("\n")}
    assert "PlaceOS signs in with the secret before" in text
    assert "in less than 14 days" in text
    assert (tmp_path / "line").read_text() == "--config -\n"

    chat.expect_ordered_request(PATH).respond_with_data("no", status=500)
    refused = tell()
    assert refused.returncode == 1
    assert "The chat was not told" in refused.stderr
    unsafe = tell(CHAT_WEBHOOK=chat.url_for(PATH).replace("https:", "http:"))
    assert unsafe.returncode == 1
    untold = tell(CHAT_WEBHOOK="")
    assert untold.returncode == 7
    assert "Nobody was told" in untold.stderr
    for one in (done, refused, unsafe, untold):
        assert PATH not in one.stdout + one.stderr


def test_a_rotation_that_fails_week_after_week_reaches_the_chat(
    desk: Desk, tell: Tell, chat: HTTPServer
) -> None:
    desk.scene.ran()
    desk.scene.is_told()
    desk.day(130)
    chat.expect_ordered_request(PATH, method="POST").respond_with_data("ok")
    done = tell()
    assert done.returncode == 0, done.stderr
    [(request, _)] = chat.log
    text = json.loads(request.data)["text"]
    assert "The current secret ends on" in text
    assert "as after a failed run" in text


def test_a_look_that_failed_is_no_message(desk: Desk, tell: Tell, chat: HTTPServer, tmp_path: Path) -> None:
    only(desk.scene.emulated.tenant.store, [])
    done = tell()
    assert done.returncode == 1
    assert "Application.Read.All" in done.stderr
    assert not (tmp_path / "summary.md").exists()
    assert not chat.log
