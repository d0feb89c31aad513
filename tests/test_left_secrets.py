"""Whoever looks for secrets that were left finds them where they were left."""

import base64
import pickle
import subprocess
import sys

import pytest

from emulator.issued import forget, issued, issued_here, new_secret, remembered
from emulator.store import Store
from tests import left_secrets
from tests.emulated import Emulated, emulated

__all__ = ["emulated"]
SECRET = "emu~not-of-any-tenant"


@pytest.mark.parametrize(
    "content",
    [
        SECRET.encode(),
        f'{{"value": "{SECRET}"}}'.encode(),
        base64.b64encode(pickle.dumps({"credential": f"{SECRET} and more"})),
        b'{"__provider": "' + base64.b64encode(pickle.dumps([SECRET] * 3)) + b'"}',
    ],
    ids=["plain", "json", "pickle", "pickle in the state"],
)
def test_a_file_that_holds_one_is_found(tmp_path, content):
    file = tmp_path / "deep" / "file"
    file.parent.mkdir()
    file.write_bytes(content)
    (tmp_path / "other").write_text("nothing")
    assert left_secrets.left_in_files([SECRET], tmp_path) == [file]


def test_a_file_that_is_to_keep_it_is_nobody_else_s(tmp_path):
    asked_for = tmp_path / "deployer.env"
    asked_for.write_text(SECRET)
    asked_for.chmod(0o600)
    assert left_secrets.left_in_files([SECRET], tmp_path) == []
    asked_for.chmod(0o640)
    assert left_secrets.left_in_files([SECRET], tmp_path) == [asked_for]


def test_what_was_printed_and_logged_is_found():
    texts = {"Captured stdout call": "all is well", "Captured log call": f"DEBUG sent {SECRET}"}
    assert left_secrets.left_in_text([SECRET], texts) == ["Captured log call"]


def test_a_command_line_is_seen():
    subprocess.run([sys.executable, "-c", "", "of", "this"], check=True)
    assert "of this" in left_secrets.command_lines()


def test_a_tenant_remembers_all_that_it_handed_out(emulated: Emulated):
    store = emulated.tenant.store
    made = emulated.graph.post("/v1.0/applications", {"displayName": "PlaceOS"})
    path = f"/v1.0/applications/{made['id']}"
    secret = emulated.graph.post(f"{path}/addPassword", {"passwordCredential": {}})
    emulated.graph.post(f"{path}/removePassword", {"keyId": secret["keyId"]})
    emulated.graph.delete(path)
    token = emulated.deployer.credential.get_token(f"{emulated.tenant.url}/.default").token
    assert {secret["secretText"], token} <= set(issued(store))
    assert set(issued(store)) <= set(issued_here())


def test_another_process_s_tenant_tells_by_its_file(tmp_path):
    store = Store(tmp_path / "tenant.sqlite")
    text = remembered(store, new_secret(store, "emu"))
    store.close()
    forget()
    assert list(left_secrets.issued_by_stores(tmp_path)) == [text]
