"""What goes wrong on a command line is told in words: no traceback, and an exit code that means something."""

import importlib
import os
import resource
import signal
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

import deployer
from exchange.admin_api import current_exchange
from graph.api import current_graph
from tests.fake_service import authority, server, service, trusted

__all__ = ["authority", "server", "service", "trusted"]

ROOT = Path(__file__).parents[1]
TENANT = "0aabbccd-1111-4222-8333-444455556666"
DEPLOYER = {
    "ARM_TENANT_ID": TENANT,
    "ARM_CLIENT_ID": TENANT,
    "ARM_CLIENT_SECRET": "s3cret-of-the-deployer",
    "ARM_USE_CLI": "false",
}
FINISH = ("roomctl", "finish-destroy", "plc:1a2b3c4d", "--group", "rooms@contoso.example")
NOWHERE = {"ARM_METADATA_HOSTNAME": "localhost:1"}


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, and what it printed."""

    code: int
    output: str


Run = Callable[..., Ended]


def in_words(code: int, output: str) -> Ended:
    """The end of a command that printed neither a traceback nor a secret, and found no fault of ours."""
    for never in ("Traceback", "Exception ignored", "fault of ours", DEPLOYER["ARM_CLIENT_SECRET"]):
        assert never not in output, output
    return Ended(code, output)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run a module's command in this process, with an environment that names no tenant but the one given."""
    for name in os.environ:
        if name.startswith(("ARM_", "EXCHANGE_", "CLOCK_")):
            monkeypatch.delenv(name)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def ran(module: str, *arguments: str, **environment: str) -> Ended:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        for cached in (deployer._made, current_exchange, current_graph):
            cached.cache_clear()
        monkeypatch.setattr(sys, "argv", [module, *arguments])
        place = importlib.import_module(module if module.startswith("docs") else f"{module}.__main__")
        try:
            code = place.app() if module == "roomctl" else place.main()
        except SystemExit as ended:
            code = ended.code
        told = capfd.readouterr()
        return in_words(code or 0, told.out + told.err)

    yield ran
    for number, handler in handlers.items():
        signal.signal(number, handler)


def apart(*command: str, environment: dict[str, str] | None = None, stdout: int = subprocess.PIPE) -> Ended:
    """Run a module in a process of its own, where it is about the process itself."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
    )
    return in_words(done.returncode, ((done.stdout or b"") + done.stderr).decode(errors="replace"))


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        (("roomctl",), 64, "Usage: "),
        (("roomctl", "handovr"), 64, "No such command"),
        (("roomctl", "handover", "--nope"), 64, "No such option"),
        (("roomctl", "finish-destroy"), 64, "Missing argument"),
        (
            ("roomctl", "finish-destroy", "plc:", "--group", "a@b.example"),
            64,
            "a mark is plc: and eight",
        ),
        (("roomctl", "emulate"), 64, "give a command after --, or --serve"),
        (("emulator",), 2, "the following arguments are required"),
        (("emulator", "serve", "--tenants"), 2, "unrecognized arguments"),
        (("toolchain",), 2, "the following arguments are required"),
        (("toolchain", "run"), 2, "the following arguments are required"),
        (("docs.tables",), 2, "one of the arguments --check --write is required"),
        (("docs.tables", "--check", "nothing.md"), 1, "nothing.md: No such file or directory."),
        (("docs.tables", "--check", "docs"), 1, "docs: Is a directory."),
        (("docs.messages",), 2, "one of the arguments --check --write is required"),
        (("benchmarks", "quickly"), 2, "unrecognized arguments: quickly"),
    ],
)
def test_wrong_usage(run: Run, command: Sequence[str], code: int, words: str) -> None:
    ended = run(*command)
    assert ended.code == code
    assert words in ended.output


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "ARM_TENANT_ID"),
        ({"ARM_TENANT_ID": TENANT, "ARM_USE_CLI": "false"}, "No identity to deploy with"),
        ({**DEPLOYER, **NOWHERE}, "Connection refused; check ARM_METADATA_HOSTNAME"),
        ({**DEPLOYER, "ARM_METADATA_HOSTNAME": "a\x1b[31mb"}, "HOSTNAME must be a plain https:// address"),
        ({**DEPLOYER, "ARM_METADATA_HOSTNAME": "[::1"}, "HOSTNAME must be a plain https:// address"),
        ({**DEPLOYER, "ARM_METADATA_HOSTNAME": "localhost:door"}, "must be a plain https:// address"),
        ({**DEPLOYER, "EXCHANGE_ENDPOINT": "https://ada:pa55word@localhost"}, "ENDPOINT must be a plain"),
        ({**DEPLOYER, **NOWHERE, "REQUESTS_CA_BUNDLE": "nothing.pem"}, "nothing.pem can't be read"),
        ({**DEPLOYER, "ARM_CLIENT_CERTIFICATE_PATH": "nothing.pfx"}, "nothing.pfx"),
        ({**DEPLOYER, "ARM_CLIENT_CERTIFICATE_PATH": "README.md"}, "PASSWORD is not its password"),
        ({**DEPLOYER, "CLOCK_ENDPOINT": "https://localhost:1"}, "check CLOCK_ENDPOINT"),
    ],
)  # fmt: skip
def test_roomctl_without_a_tenant_it_can_reach(run: Run, environment: dict[str, str], words: str) -> None:
    ended = run(*FINISH, **environment)
    assert ended.code == 1
    assert words in ended.output
    assert ended.output.count("\n") == 1
    assert "\x1b" not in ended.output
    assert "pa55word" not in ended.output


@pytest.mark.parametrize("answer", ["<html>\x1b[31mhello", "[1]", "\0\0", '{"name": 1}'])
def test_roomctl_and_a_service_that_answers_nonsense(run: Run, service: HTTPServer, answer: str) -> None:
    service.expect_request("/metadata/endpoints").respond_with_data(answer)
    ended = run(*FINISH, **DEPLOYER, ARM_METADATA_HOSTNAME=f"localhost:{service.port}")
    assert ended.code == 1
    assert "check ARM_METADATA_HOSTNAME" in ended.output
    assert "\x1b" not in ended.output


@pytest.fixture
def pulumi(tmp_path: Path) -> dict[str, str]:
    """The PATH of a `pulumi` that does what $TOLD says, in shell."""
    stub = tmp_path / "pulumi"
    stub.write_text('#!/bin/sh\neval "$TOLD"\n')
    stub.chmod(0o755)
    return {"PATH": f"{tmp_path}:{os.environ['PATH']}"}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("echo '{'", "did not answer JSON"),
        ("echo '{}'", "nothing to hand over yet, or its last run failed"),
        ("""echo '{"clientId": "x"}'""", "nothing to hand over yet"),
        ("echo 'error: no stack [/red] selected' >&2; exit 255", "no stack [/red] selected"),
        (r"printf 'one\ntwo \033[31m' >&2; exit 255", r"two \x1b[31m"),
        ("exit 3", "pulumi ended with 3 and gave no reason"),
    ],
)
def test_roomctl_and_an_engine_that_fails(run: Run, pulumi: dict[str, str], told: str, words: str) -> None:
    ended = run("roomctl", "handover", **pulumi, TOLD=told)
    assert ended.code == 1
    assert words in ended.output


def test_roomctl_without_an_engine_names_the_command(run: Run, tmp_path: Path) -> None:
    ended = run("roomctl", "handover", PATH=str(tmp_path))
    assert ended.code == 1
    assert "python -m toolchain run -- roomctl handover" in ended.output
    (tmp_path / "pulumi").write_text("no program")
    (tmp_path / "pulumi").chmod(0o755)
    assert "can't be run: Exec format error" in run("roomctl", "handover").output


def test_ctrl_c_ends_roomctl_quietly(pulumi: dict[str, str]) -> None:
    told = "kill -INT $PPID; tail -f /dev/null --pid=$PPID"
    ended = apart("roomctl", "handover", environment={**pulumi, "TOLD": told})
    assert ended.code == 130


def test_an_answer_that_nobody_reads_is_no_fault(pulumi: dict[str, str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    keys = ("clientId", "clientSecretExpires", "nextRotation", "roomGroupAddress", "tenantId")
    shown = ", ".join(f'"{key}": ""' for key in keys)
    told = (
        f"""echo '{{{shown}, "grantedPermissions": [], "configuredAccess": {{"members": 1}},"""
        """ "enforcedAccess": {"allowed": [], "refused": [], "since": ""}}'"""
    )
    try:
        for command in (("roomctl", "handover"), ("roomctl", "handover", "--json")):
            assert apart(*command, environment={**pulumi, "TOLD": told}, stdout=writing).code == 141
        assert apart("toolchain", "where", stdout=writing).code == 1
        assert apart("emulator", "coverage", stdout=writing).code == 1
    finally:
        os.close(writing)


def test_a_disk_that_is_full_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        for command in (("roomctl", "--help"), ("toolchain", "where")):
            ended = apart(*command, stdout=full.fileno())
            assert ended.code == 1
            assert "No space left on device" in ended.output


def test_a_fault_of_ours_is_one_line_and_more_on_demand(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from roomctl import __main__ as roomctl

    def breaks(**_: object) -> None:
        raise KeyError("first\nsecond \x1b[31m")

    monkeypatch.setattr(roomctl, "cli", breaks)
    with pytest.raises(SystemExit) as ended:
        roomctl.app()
    told = capsys.readouterr().err
    assert ended.value.code == 1
    assert told.count("\n") == 1
    assert "KeyError" in told
    assert "This is a fault of ours" in told
    assert "Traceback" not in told
    monkeypatch.setenv("ROOMCTL_DEBUG", "1")
    with pytest.raises(SystemExit):
        roomctl.app()
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        ("no-such-command", 127, "no-such-command: there is no such command on PATH."),
        ("[/red]", 127, "[/red]: there is no such command on PATH."),
        ("./README.md", 126, "./README.md can't be run: Permission denied."),
    ],
)
def test_a_command_that_can_not_be_run(tmp_path: Path, command: str, code: int, words: str) -> None:
    state = str(tmp_path / "tenant.sqlite")
    # It forks, which a process with threads of gRPC, as that of other tests, may not do safely.
    ended = apart("roomctl", "emulate", "--state", state, "--azuread-plugin", "own", "--", command)
    assert (ended.code, ended.output.splitlines()[-1]) == (code, f"error: {words}")


def test_the_toolchain_and_a_command_that_can_not_be_run(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("no program")
    broken.chmod(0o755)
    assert run("toolchain", "run", "no-such-command").code == 127
    ended = run("toolchain", "run", str(broken))
    assert ended.code == 126
    assert "broken can't be run: Exec format error." in ended.output


BROKEN_TENANTS = {
    "no file": (None, "can't be read: No such file"),
    "not text": (b"\xff\xfe\x00", "is not text in UTF-8"),
    "no YAML": (b"a: [", "is no YAML: while parsing"),
    "too deep": (b"[" * 5000, "nests too deeply"),
    "a number": (b"3", "the whole file: "),
    "half a tenant": (b"domain: 7", "deployer: Field required"),
}


@pytest.mark.parametrize("fault", BROKEN_TENANTS)
def test_a_tenant_file_that_is_broken(run: Run, tmp_path: Path, fault: str) -> None:
    content, words = BROKEN_TENANTS[fault]
    file = tmp_path / "tenant.yaml"
    if content is not None:
        file.write_bytes(content)
    ended = run("emulator", "serve", "--tenant", str(file))
    assert ended.code == 64
    assert words in ended.output
    assert ended.output.count("\n") == 1


@pytest.mark.parametrize(
    ("option", "place", "words"),
    [
        ("--state", "folder", "unable to open database file"),
        ("--state", "notes.txt", "file is not a database"),
        ("--state", "notes.txt/tenant.sqlite", "notes.txt: File exists"),
        ("--state", "/dev/full", "database or disk is full"),
        ("--ready", "nowhere/ready.json", "No such file or directory"),
    ],
)
def test_a_state_or_ready_file_that_can_not_be_used(
    run: Run, tmp_path: Path, option: str, place: str, words: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "notes.txt").write_text("not a database, but long enough to be looked at by SQLite " * 40)
    ended = run("emulator", "serve", option, str(tmp_path / place))
    assert ended.code == 1
    assert words in ended.output
    assert ended.output.count("\n") == 1


def test_a_disk_that_fills_up_while_a_tenant_is_served(tmp_path: Path) -> None:
    state, ready = tmp_path / "tenant.sqlite", tmp_path / "ready.json"
    command = [sys.executable, "-m", "emulator", "serve", "--state", str(state), "--ready", str(ready)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as served:
        assert served.stdout is not None
        url = served.stdout.readline().split()[-1]
        resource.prlimit(served.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        here = ssl.create_default_context()
        here.check_hostname, here.verify_mode = False, ssl.CERT_NONE
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{url}/metadata/endpoints", context=here)  # noqa: S310 - it is https
        _, told = served.communicate()
    assert refused.value.code == 507
    assert "can't use its state" in told
    assert "Traceback" not in told


def test_an_engine_that_can_not_be_cached_is_told_with_the_folder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = run("toolchain", "setup", XDG_CACHE_HOME=str(tmp_path / "file"), PATH=str(tmp_path))
    assert ended.code == 1
    assert "engine's cache" in ended.output
    assert "set XDG_CACHE_HOME" in ended.output
    assert run("toolchain", "where").code == 1


def test_an_interrupted_toolchain_says_so(tmp_path: Path) -> None:
    go = tmp_path / "go"
    go.write_text("#!/bin/sh\nkill -INT $PPID; tail -f /dev/null --pid=$PPID\n")
    go.chmod(0o755)
    offline = dict.fromkeys(("HTTPS_PROXY", "https_proxy"), "http://localhost:1")
    places = {"XDG_CACHE_HOME": str(tmp_path), "PATH": f"{tmp_path}:/usr/bin:/bin"}
    ended = apart("toolchain", "setup", environment={**places, **offline})
    assert ended.code == 130
    assert "Interrupted" in ended.output
