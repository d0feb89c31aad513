"""A tenant that is thrown away: what its environment holds, and that nothing is left of it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from roomctl.emulated_tenant import only, thrown_away

TENANT = """
name: Small
domain: small.example
apps: [{name: Deployer, secret: true, token_lifetime_minutes: 1440}]
deployer: Deployer
"""
LEADS_ELSEWHERE = {
    "ARM_CLIENT_SECRET": "real", "ARM_OIDC_TOKEN": "real", "ARM_USE_OIDC": "true", "AZURE_CLIENT_ID": "real",
    "EXCHANGE_CLIENT_ID": "real", "EXCHANGE_CLIENT_SECRET": "real", "PULUMI_ACCESS_TOKEN": "real",
    "PULUMI_BACKEND_URL": "azblob://real", "PULUMI_CONFIG_PASSPHRASE_FILE": "/real",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "real", "ACTIONS_RUNTIME_TOKEN": "real", "SYSTEM_ACCESSTOKEN": "real",
    "GITHUB_TOKEN": "real", "GH_TOKEN": "real", "SSH_AUTH_SOCK": "real", "IDENTITY_ENDPOINT": "real",
    "AWS_SECRET_ACCESS_KEY": "real", "HTTPS_PROXY": "http://user:real@proxy", "UV_INDEX_X_PASSWORD": "real",
    "PULUMI_DEBUG_PROVIDERS": "azuread:1", "PYTHONPATH": "real", "XDG_CONFIG_HOME": "real",
}  # fmt: skip


@pytest.fixture
def tenant_file(tmp_path: Path) -> Path:
    path = tmp_path / "tenant.yaml"
    path.write_text(TENANT)
    return path


def test_nothing_leads_to_another_tenant_and_nothing_is_left(
    tenant_file: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name, value in LEADS_ELSEWHERE.items():
        monkeypatch.setenv(name, value)
    with thrown_away(tenant_file) as environment:
        assert not [name for name, value in environment.items() if "real" in value]
        assert environment["PULUMI_DEBUG_PROVIDERS"].startswith("azuread:")
        assert environment["ARM_USE_CLI"] == "false"
        assert environment["PATH"] == os.environ["PATH"]
        home = Path(environment["HOME"])
        assert home.is_dir()
        assert list(home.iterdir()) == []
        assert home.parent.stat().st_mode & 0o077 == 0
        assert environment["PULUMI_BACKEND_URL"].startswith(home.parent.as_uri())
        asked = [sys.executable, "-c", "import os; print(len(os.environ['PULUMI_CONFIG_PASSPHRASE']))"]
        assert int(subprocess.check_output(asked, env=environment)) > 30
    assert not home.parent.exists()
    assert not Path(environment["SSL_CERT_FILE"]).exists()
    assert capfd.readouterr().out == ""


def test_variables_are_those_alone_and_then_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "real")
    before = dict(os.environ)
    show = [
        sys.executable,
        "-c",
        "import os; print(os.environ['ARM_TENANT_ID'], 'GITHUB_TOKEN' in os.environ)",
    ]
    with only({"ARM_TENANT_ID": "x"}):
        assert subprocess.check_output(show, text=True) == "x False\n"
        assert dict(os.environ) == {"ARM_TENANT_ID": "x"}
    assert dict(os.environ) == before


WAITS = """
import sys
from pathlib import Path
from roomctl.emulated_tenant import thrown_away
with thrown_away(Path(sys.argv[1])) as environment:
    print(environment["HOME"], environment["SSL_CERT_FILE"], flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_end_by_a_signal_leaves_nothing_either(tenant_file: Path, number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WAITS, str(tenant_file)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    home, bundle = map(Path, process.stdout.readline().split())
    assert home.is_dir()
    process.send_signal(number)
    assert process.wait() != 0
    process.communicate()
    assert not home.parent.exists()
    assert not bundle.exists()
