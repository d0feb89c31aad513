"""`roomctl emulate`: the command's environment, its exit code, and what survives it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

ROOMCTL = [sys.executable, "-m", "roomctl"]
SHOW = "import json, os; print(json.dumps(dict(os.environ)))"
ASK = """
import os, ssl, urllib.request
bundle = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
host = os.environ["ARM_METADATA_HOSTNAME"]
url = f"https://{host}/metadata/endpoints?api-version=2022-09-01"
print(urllib.request.urlopen(url, context=bundle).status)
"""


def _run(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*ROOMCTL, "emulate", "--state", str(tmp_path / "tenant.sqlite"), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_gets_endpoints_credentials_and_the_stand_in(tmp_path: Path) -> None:
    done = _run(tmp_path, "--", sys.executable, "-c", SHOW)
    assert done.returncode == 0, done.stderr
    environment = json.loads(done.stdout.splitlines()[-1])
    for variable in (
        "ARM_METADATA_HOSTNAME", "ARM_TENANT_ID", "ARM_CLIENT_ID", "ARM_CLIENT_SECRET", "EXCHANGE_ENDPOINT",
        "CLOCK_ENDPOINT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE",
    ):  # fmt: skip
        assert environment[variable]
    assert environment["ARM_USE_CLI"] == "false"
    assert environment["PULUMI_DEBUG_PROVIDERS"].startswith("azuread:")
    assert environment["ARM_CLIENT_SECRET"] not in done.stderr


def test_an_own_azuread_plugin_is_not_replaced(tmp_path: Path) -> None:
    done = _run(tmp_path, "--azuread-plugin", "own", "--", sys.executable, "-c", SHOW)
    assert "PULUMI_DEBUG_PROVIDERS" not in json.loads(done.stdout.splitlines()[-1])


def test_the_tenant_answers_over_verified_tls_and_survives_between_commands(tmp_path: Path) -> None:
    first = _run(tmp_path, "--", sys.executable, "-c", ASK)
    assert first.stdout.splitlines()[-1] == "200", first.stderr
    one = _run(tmp_path, "--", sys.executable, "-c", SHOW)
    other = _run(tmp_path, "--", sys.executable, "-c", SHOW)
    secrets = {json.loads(done.stdout.splitlines()[-1])["ARM_CLIENT_SECRET"] for done in (one, other)}
    assert len(secrets) == 1


def test_another_application_of_the_tenant_can_be_signed_in_as(tmp_path: Path) -> None:
    shown = [
        json.loads(_run(tmp_path, *options, "--", sys.executable, "-c", SHOW).stdout.splitlines()[-1])
        for options in ([], ["--as", "Tenant Administrator"])
    ]
    assert shown[0]["ARM_TENANT_ID"] == shown[1]["ARM_TENANT_ID"]
    assert shown[0]["ARM_CLIENT_ID"] != shown[1]["ARM_CLIENT_ID"]
    done = _run(tmp_path, "--as", "Travel Desk", "--", "true")
    assert done.returncode == 1
    others = "Deployer, PlaceOS Operator, Reader, Tenant Administrator"
    assert f"'Travel Desk' is no application with a secret: {others}" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_exit_code_is_the_commands(tmp_path: Path) -> None:
    assert _run(tmp_path, "--", sys.executable, "-c", "raise SystemExit(7)").returncode == 7


def test_a_command_that_does_not_exist_is_told_in_one_line(tmp_path: Path) -> None:
    done = _run(tmp_path, "--", "no-such-command")
    assert done.returncode == 127
    assert "no-such-command" in done.stderr
    assert "Traceback" not in done.stderr


def test_neither_a_command_nor_serve_is_wrong_usage(tmp_path: Path) -> None:
    assert _run(tmp_path).returncode == 64
    assert _run(tmp_path, "--serve", "--", "true").returncode == 64
    assert subprocess.run([*ROOMCTL, "emulat"], capture_output=True, check=False).returncode == 64


def test_a_tenant_file_with_a_fault_ends_with_its_reason(tmp_path: Path) -> None:
    tenant = tmp_path / "tenant.yaml"
    tenant.write_text("domain: 7\n")
    done = _run(tmp_path, "--tenant", str(tenant), "--", "true")
    assert done.returncode == 1
    assert "tenant.yaml" in done.stderr
    assert "Traceback" not in done.stderr


def test_trouble_is_rehearsed_by_name_and_seed_and_ends_with_the_command(tmp_path: Path) -> None:
    show = ASK.replace("/metadata/endpoints?api-version=2022-09-01", "/emulator/faults").replace(
        "status", "read()"
    )
    done = _run(
        tmp_path, "--faults", "throttled:7", "--faults", "localized", "--", sys.executable, "-c", show
    )
    assert "429" in done.stdout, done.stderr
    assert "de-DE" in done.stdout
    after = _run(tmp_path, "--", sys.executable, "-c", show)
    assert "429" not in after.stdout.splitlines()[-1]  # above it stands a port
    assert "de-DE" not in after.stdout


def test_unknown_trouble_is_wrong_usage_and_lists_what_there_is(tmp_path: Path) -> None:
    done = _run(tmp_path, "--faults", "nonsense", "--", "true")
    assert done.returncode == 64
    assert "throttled" in done.stderr
    assert "Traceback" not in done.stderr


def test_serving_ends_quietly_with_ctrl_c_and_names_a_private_file(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*ROOMCTL, "emulate", "--serve", "--state", str(tmp_path / "tenant.sqlite")],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    line = ""
    while "source" not in line:
        line = process.stderr.readline()
        assert line, "it ended before it served"
    exported = Path(line.split("source")[1].strip())
    assert exported.stat().st_mode & 0o077 == 0
    assert "export ARM_TENANT_ID=" in exported.read_text()
    os.killpg(process.pid, signal.SIGINT)
    rest = process.stderr.read()
    assert process.wait() == 0
    assert "Traceback" not in rest
    assert not exported.exists()
