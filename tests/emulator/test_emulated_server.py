import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import certifi
import httpx
import pytest

import emulator
from emulator.coverage import document
from emulator.graph import operations
from emulator.server import EmulatedTenant


def trusting(bundle):
    return ssl.create_default_context(cafile=bundle)


def start(*arguments, **more):
    return subprocess.Popen(
        [sys.executable, "-m", "emulator", *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more,
    )  # fmt: skip


def test_the_environment_is_what_real_clients_read(cloud):
    environment = cloud.served.environment
    assert f"https://{environment['ARM_METADATA_HOSTNAME']}" == cloud.url
    assert environment["ARM_TENANT_ID"] == cloud.tenant.id
    assert environment["ARM_USE_CLI"] == "false"
    assert environment["CLOCK_ENDPOINT"] == f"{cloud.url}/emulator/clock"
    assert "localhost" in environment["NO_PROXY"]
    bundles = {environment[name] for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")}
    assert bundles == {str(cloud.served.ca_bundle)}


def test_the_bundle_keeps_the_machines_roots(seeded_state, tmp_path):
    def roots(path):
        return {c["serialNumber"] for c in ssl.create_default_context(cafile=path).get_ca_certs()}

    machine = os.environ.get("SSL_CERT_FILE") or ssl.get_default_verify_paths().cafile or certifi.where()
    with EmulatedTenant(state=shutil.copy(seeded_state, tmp_path / "contoso.sqlite")) as served:
        assert roots(machine) < roots(served.ca_bundle)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_both_names_of_the_machine_are_certified_and_no_other_authority_is_needed(cloud, host):
    url = f"{cloud.url.replace('localhost', host)}/metadata/endpoints"
    assert httpx.get(url, verify=trusting(cloud.served.ca_bundle), trust_env=False).status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, verify=trusting(certifi.where()), trust_env=False)


def test_an_unknown_call_is_501_and_named_and_logged(cloud):
    for method, path in (("GET", "/nowhere"), ("PUT", "/metadata/endpoints/x")):
        answer = cloud.http.request(method, path)
        assert answer.status_code == 501
        assert f"{method} {path}" in answer.json()["error"]["message"]
    assert [entry["status"] for entry in cloud.log()] == [501, 501]


def test_the_log_has_one_entry_a_request_and_none_for_the_control_plane(cloud):
    cloud.http.get("/emulator/clock")
    caller = cloud.caller("User.Read.All")
    caller("GET", "/v1.0/users", top=1)
    entries = cloud.http.get("/emulator/requests").json()["requests"]
    assert [(entry["method"], entry["status"]) for entry in entries] == [("POST", 200), ("GET", 200)]
    assert entries[1]["path"] == "/v1.0/users"
    assert entries[1]["query"] == "%24top=1"
    assert entries[1]["roles"] == ["User.Read.All"]
    assert entries[1]["milliseconds"] > 0
    assert entries[1]["time"].endswith("Z")
    later = cloud.http.get(f"/emulator/requests?after={entries[0]['position']}").json()["requests"]
    assert later == entries[1:]
    assert cloud.http.get("/emulator/requests?after=x").status_code == 400


def test_the_log_names_the_client_and_what_it_sent_and_no_value(cloud):
    caller = cloud.caller("Application.ReadWrite.All")
    caller.ok("POST", "/v1.0/applications", {"displayName": "Rooms of nobody", "notes": "kept private"})
    [entry] = [one for one in cloud.log() if one["path"] == "/v1.0/applications"]
    assert entry["names"] == ["displayName", "notes"]
    assert entry["agent"].startswith("python-httpx/")
    assert "nobody" not in json.dumps(cloud.log())
    assert "kept private" not in json.dumps(cloud.log())


def test_several_threads_get_their_own_answers(cloud):
    caller = cloud.caller("Application.ReadWrite.All")
    names = [f"app {number}" for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda n: caller.ok("POST", "/v1.0/applications", {"displayName": n}), names))
    assert [app["displayName"] for app in made] == names
    assert len({app["id"] for app in made}) == len(names)


@pytest.mark.parametrize("end", ["stdin", "signal"])
def test_serve_writes_a_private_file_and_ends_when_told(tmp_path, end):
    ready, state = tmp_path / "ready.json", tmp_path / "state.sqlite"
    process = start("serve", "--state", str(state), "--ready", str(ready))
    assert process.stdout.readline().startswith("The tenant contoso.example is served at https://localhost:")
    environment = json.loads(ready.read_text())
    assert ready.stat().st_mode & 0o777 == 0o600
    answer = httpx.get(
        environment["CLOCK_ENDPOINT"], verify=trusting(environment["SSL_CERT_FILE"]), trust_env=False
    )
    assert answer.status_code == 200
    if end == "stdin":
        process.stdin.close()
    else:
        process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    out, err = process.stdout.read(), process.stderr.read()
    assert environment["ARM_CLIENT_SECRET"] not in out + err
    assert err == ""


def test_serve_says_what_is_wrong_with_a_tenant_file(tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("name: x")
    process = start("serve", "--tenant", str(wrong))
    _, err = process.communicate(timeout=30)
    assert process.returncode == 64
    assert str(wrong) in err
    assert "Traceback" not in err


def test_coverage_is_up_to_date_and_the_same_each_time():
    kept = Path(emulator.__file__).with_name("COVERAGE.md")
    assert kept.read_text(encoding="utf-8") == document() == document()


def test_every_operation_says_what_it_does():
    assert all(operation.what.endswith(".") for operation in operations())
    assert len({(o.method, o.template) for o in operations()}) == len(operations())


def test_no_document_of_the_emulator_leaks_what_it_keeps_to_itself(cloud):
    caller = cloud.caller("Directory.Read.All", "Place.Read.All", "Calendars.Read")
    for operation in operations():
        if operation.method == "GET" and "{" not in operation.template:
            text = caller("GET", f"/beta{operation.template}").text
            assert '"_' not in text, operation.template


def test_tenants_beside_each_other_are_strangers():
    with EmulatedTenant() as one, EmulatedTenant() as other:
        assert one.url != other.url
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{one.url}/emulator/clock", verify=trusting(other.ca_bundle), trust_env=False)
