"""The comparison of the azuread plugins: what it takes for equal, what it notices, and how it ends."""

import io
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from emulator.seeding import seed
from emulator.store import Store
from emulator.tenants import CONTOSO, read_tenant_file
from tests.engine.plugin_comparison.__main__ import (
    COULD_NOT_COMPARE,
    DIFFERENT,
    EQUAL,
    ended_well,
    main,
    report,
)
from tests.engine.plugin_comparison.conversation import conversation, known_objects
from tests.engine.plugin_comparison.differences import Accepted, Difference, compare
from tests.engine.plugin_comparison.life_cycle import LIFE, Operation
from tests.engine.rehearsal import Run

A, B = "f1d2d2f9-24e9-4d5a-8a0e-0d6e2a0a5d11", "0cf1e7b0-5f7d-4f05-8b2b-8f1a0b5d7e22"
GRANT = "f1d2d2f924e94d5a8a0e0d6e2a0a5d110cf1e7b0-_x"
UP = [step for step in LIFE if step.name == "up"]
OWN_PLUGIN = """#!{python}
import os, signal
from emulator.azuread_plugin.graph import Graph
from emulator.azuread_plugin.servicer import AzureadServicer
from emulator.plugin.server import PluginServer
post = Graph.post
Graph.post = lambda self, path, body, **rest: post(self, path, {{**body, {extra}}}, **rest)
plugin = PluginServer(AzureadServicer({{**os.environ, "STANDIN_POLL_SECONDS": "0"}}))
print(plugin.start(), flush=True)
signal.pause()
"""


def asked(method: str, path: str, **more: Any) -> dict[str, Any]:
    return {"agent": "azuread-stand-in", "method": method, "path": path, "status": 200, **more}


def lived(*words: str, code: int = 0) -> list[Operation]:
    return [Operation("up", Run(code, f"output of {code}"), 0, Counter(words))]


def test_new_ids_become_roles_and_what_was_there_has_its_name():
    log = [
        asked(
            "POST",
            f"/v1.0/servicePrincipals/{B.upper()}/appRoleAssignedTo",
            names=["appRoleId", "principalId"],
        ),
        asked("DELETE", f"/v1.0/servicePrincipals/{A}/appRoleAssignedTo/{GRANT}"),
        asked("GET", "/v1.0/servicePrincipals", query=f"%24select=id&%24filter=appId+eq+%27{A}%27"),
    ]
    assert conversation(log, {B: "{Microsoft Graph}"}) == {
        "POST /v1.0/servicePrincipals/{Microsoft Graph}/appRoleAssignedTo (appRoleId, principalId): 200": 1,
        "DELETE /v1.0/servicePrincipals/{servicePrincipal}/appRoleAssignedTo/{appRoleAssignedTo}: 200": 1,
        "GET /v1.0/servicePrincipals?$filter=appId eq '{id}'&$select=id: 200": 1,
    }


def test_a_tenant_names_its_objects_by_object_id_and_client_id():
    store = Store()
    seed(store, read_tenant_file(CONTOSO))
    graph = next(one for one in store.all("servicePrincipal") if one["displayName"] == "Microsoft Graph")
    known = known_objects(store)
    assert known[graph["id"]] == known[graph["appId"]] == "{Microsoft Graph}"


def test_polls_and_order_are_equal_and_a_change_more_is_not():
    read, change = asked("GET", f"/v1.0/applications/{A}"), asked("PATCH", f"/v1.0/applications/{A}")
    token = asked("POST", f"/{B}/oauth2/v2.0/token")
    assert conversation([token, read, change, read], {}) == conversation([change, read, token, token], {})
    assert conversation([read, change], {}) != conversation([read, change, change], {})


@pytest.mark.parametrize(
    "other",
    [
        {"status": 404},
        {"names": ["displayName"]},
        {"query": "%24select=id"},
        {"path": f"/beta/applications/{A}"},
        {"method": "PUT"},
    ],
)
def test_every_part_of_a_request_counts(other):
    request = asked("PATCH", f"/v1.0/applications/{A}", names=["notes"])
    assert conversation([request], {}) != conversation([request | other], {})


@pytest.mark.parametrize(
    "agent", ["placeos-m365 azsdk-python-core/1.41.0", "azsdk-python-identity/1.27", None]
)
def test_other_clients_are_not_the_plugin(agent):
    assert not conversation([asked("GET", "/v1.0/users") | {"agent": agent}], {})


def test_the_official_plugin_is_known_by_its_name():
    signing_in = asked("POST", "/t/oauth2/v2.0/token") | {"agent": "Go-http-client/1.1"}
    calling = asked("GET", "/v1.0/users") | {
        "agent": "HashiCorp Terraform/ (+https://www.terraform.io) pid-1"
    }
    assert conversation([signing_in, calling], {}).total() == 2


def test_a_difference_is_accepted_with_its_reason_until_it_is_gone():
    reads, changes = "GET /v1.0/users: 200", "PATCH /v1.0/users/{user}: 200"
    expected = [Difference("up", reads, 1, 0), Difference("up", changes, 1, 2)]
    known = Accepted(expected[0], "the official plugin remembers it")

    new = compare(lived(reads, changes), lived(changes, changes), [])
    assert new.unexplained == expected
    assert not new.equal
    explained = compare(lived(reads, changes), lived(changes), [known])
    assert explained.explained == [known]
    assert explained.equal
    gone = compare(lived(reads), lived(reads), [known])
    assert gone.outdated == [known]
    assert not gone.equal
    for comparison, shown in ((new, "not accepted"), (explained, known.reason), (gone, "take it out")):
        assert shown in printed(lambda console, it=comparison: report(it, lived(reads), console))


def test_another_exit_code_is_a_difference_and_its_output_is_shown():
    ends = compare(lived("GET /: 200"), lived("GET /: 200", code=255), [])
    assert ends.unexplained == [
        Difference("up", "exit code 0", 1, 0),
        Difference("up", "exit code 255", 0, 1),
    ]
    assert "output of 255" in printed(lambda console: report(ends, lived(code=255), console))
    with pytest.raises(Exception, match=r"(?s)`up` ended with exit code 255 instead of 0.*output of 255"):
        ended_well(lived(code=255))


def test_without_the_official_plugin_there_is_nothing_to_compare(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path))
    out = io.StringIO()
    assert main(Console(file=out)) == COULD_NOT_COMPARE
    assert "pulumi plugin install resource azuread " in out.getvalue()


@pytest.mark.engine
@pytest.mark.parametrize(
    ("extra", "code"),
    [
        pytest.param("", EQUAL, id="the same", marks=pytest.mark.soak),
        pytest.param('**({"description": ""} if "addPassword" in path else {})', DIFFERENT, id="a name more"),
    ],
)
def test_the_engine_uses_the_own_plugin_and_a_name_more_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extra: str, code: int
) -> None:
    plugin = tmp_path / "pulumi-resource-azuread"
    plugin.write_text(OWN_PLUGIN.format(python=sys.executable, extra=extra))
    plugin.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("PULUMI_DEBUG_PROVIDERS", "azuread:1")  # of a tenant around this run; nobody is there
    out = io.StringIO()
    assert main(Console(file=out, width=200), life=UP) == code, out.getvalue()
    assert ("(description, passwordCredential): 200" in " ".join(out.getvalue().split())) == (
        code == DIFFERENT
    )


def printed(show: Any) -> str:
    out = io.StringIO()
    show(Console(file=out, width=200))
    return out.getvalue()
