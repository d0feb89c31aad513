"""Which engine a machine gets, and what it says when it gets none."""

import io
import os
import queue
import signal
import subprocess
import sys
import threading
import urllib.error
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pulumi.automation import PulumiCommand
from pulumi.automation.errors import InvalidVersionError

from toolchain.engine import Engine, NoEngineError, engine_environment, ensure_engine, find_engine
from toolchain.report import Report
from toolchain.versions import ENGINE, OLDEST_ENGINE

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def install(**_: object) -> None:
        raise urllib.error.URLError("no route to host")

    monkeypatch.setattr(PulumiCommand, "install", install)


@pytest.mark.parametrize("version", [OLDEST_ENGINE, "3.300.1", "4.0.0-alpha.1"])
def test_an_engine_on_path_is_taken_as_it_is(machine, report, version):
    machine.install_pulumi(version)
    engine = ensure_engine(report, machine.environ)
    assert engine == Engine(machine.bin, version, "path")
    assert engine_environment(engine, machine.environ) == {
        **machine.environ,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


def test_bytecode_is_kept_even_in_a_container_that_says_not_to(machine, report):
    machine.install_pulumi(ENGINE)
    container = {**machine.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    assert "PYTHONDONTWRITEBYTECODE" not in engine_environment(ensure_engine(report, container), container)


def test_the_language_host_may_lie_beside_the_engine_that_path_links_to(machine, report, new_machine):
    elsewhere = new_machine()
    elsewhere.install_pulumi(ENGINE)
    (machine.bin / "pulumi").symlink_to(elsewhere.bin / "pulumi")
    assert ensure_engine(report, machine.environ).origin == "path"


@pytest.mark.parametrize(
    ("version", "host", "reason"),
    [
        ("3.225.9", True, "is 3.225.9; 3.226.0 or newer is needed"),
        (ENGINE, False, "comes without pulumi-language-python"),
        ("what?", True, "does not tell its version"),
    ],
)
def test_an_engine_on_path_that_cannot_be_used_is_named_with_the_reason(
    machine, report, version, host, reason
):
    machine.install_pulumi(version, host=host)
    with pytest.raises(NoEngineError, match=f"pulumi on PATH: {machine.bin}/pulumi {reason}"):
        ensure_engine(report, machine.environ)


def test_a_machine_with_nothing_is_told_what_was_tried_and_what_to_install(machine, report):
    with pytest.raises(NoEngineError) as error:
        ensure_engine(report, machine.environ)
    *tried, advice = str(error.value).splitlines()
    assert tried == [
        "There is no Pulumi engine on this machine, and none could be made. Tried:",
        "  pulumi on PATH: there is none",
        "  Pulumi's installer: it failed: <urlopen error no route to host>",
        "  a build of its released Go module: there is no go on PATH",
    ]
    assert advice.startswith(
        "Install Pulumi 3.226.0 or newer (https://www.pulumi.com/docs/install/) or Go 1.25"
    )


def test_the_installer_comes_before_the_build(machine, report, go, monkeypatch):
    def install(root: str, version: object) -> None:
        (Path(root) / "bin").mkdir()
        (Path(root) / "bin" / "pulumi").write_text(str(version))

    monkeypatch.setattr(PulumiCommand, "install", install)
    engine = ensure_engine(report, machine.environ)
    assert (engine.origin, engine.version) == ("installer", ENGINE)
    assert (engine.bin_dir / "pulumi").read_text() == ENGINE
    assert not go.exists()
    environ = engine_environment(engine, machine.environ)
    assert environ["PATH"] == f"{engine.bin_dir}{os.pathsep}{machine.bin}"
    assert "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION" not in environ


@pytest.mark.parametrize(
    "error",
    [
        urllib.error.URLError("offline"),
        TimeoutError("timed out"),
        subprocess.CalledProcessError(1, "install.sh", b"fetching\nno such release"),
        InvalidVersionError("too old"),
    ],
)
def test_an_installer_that_fails_leaves_nothing_and_the_build_follows(
    machine, report, go, monkeypatch, error
):
    def install(root: str, version: object) -> None:
        (Path(root) / "half").write_text("")
        raise error

    monkeypatch.setattr(PulumiCommand, "install", install)
    assert ensure_engine(report, machine.environ).origin == "module"
    assert sorted(entry.name for entry in machine.cache.iterdir()) == [
        "engine.lock",
        f"pulumi-{ENGINE}-module",
    ]


def test_a_built_engine_comes_with_its_plugins_and_finds_this_python(machine, report, go):
    engine = ensure_engine(report, machine.environ)
    assert engine == Engine(machine.cache / f"pulumi-{ENGINE}-module", ENGINE, "module")
    plugins = {"pulumi-language-python", "pulumi-language-python-exec", "pulumi-resource-pulumi-python"}
    assert {entry.name for entry in engine.bin_dir.iterdir()} == {"pulumi", *plugins}
    assert all(os.access(engine.bin_dir / name, os.X_OK) for name in plugins)
    environ = engine_environment(engine, machine.environ)
    assert environ["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] == "true"
    assert environ["PULUMI_PYTHON_CMD"] == sys.executable


def test_the_build_uses_the_committed_module_alone(machine, report, go):
    ensure_engine(report, machine.environ)
    build, locate = go.read_text().splitlines()
    module = CHECKOUT / "toolchain" / "engine"
    assert build.startswith(f"{module} off build -mod=readonly -buildvcs=false ")
    assert f"version.Version=v{ENGINE}" in build
    assert locate.startswith(f"{module} off list -mod=readonly ")


def test_the_second_time_nothing_is_made_or_said(machine, report, go, said):
    first = ensure_engine(report, machine.environ)
    calls, words = go.read_text(), said.getvalue()
    assert ensure_engine(report, machine.environ) == find_engine(machine.environ) == first
    assert (go.read_text(), said.getvalue()) == (calls, words)


def test_an_engine_of_the_cache_on_path_stays_what_it_is(machine, report, go):
    engine = ensure_engine(report, machine.environ)
    assert ensure_engine(report, engine_environment(engine, machine.environ)) == engine


def test_a_launcher_of_another_checkout_is_brought_up_to_date(machine, report, go):
    engine = ensure_engine(report, machine.environ)
    (engine.bin_dir / "pulumi-language-python").write_text("old")
    ensure_engine(report, machine.environ)
    assert "old" not in (engine.bin_dir / "pulumi-language-python").read_text()


def test_a_build_that_fails_tells_why_and_leaves_nothing(machine, report):
    machine.install("go", "echo one >&2; echo two >&2; echo three >&2; echo four >&2; exit 7")
    with pytest.raises(NoEngineError, match="`go build` failed with exit code 7: two / three / four"):
        ensure_engine(report, machine.environ)
    assert [entry.name for entry in machine.cache.iterdir()] == ["engine.lock"]


def test_what_a_killed_build_left_is_removed_by_the_next(machine, report, go):
    half = machine.cache / f"pulumi-{ENGINE}-module.part" / "pulumi"
    half.parent.mkdir(parents=True)
    half.write_text("half")
    assert find_engine(machine.environ) is None
    engine = ensure_engine(report, machine.environ)
    assert "half" not in (engine.bin_dir / "pulumi").read_text()
    assert not half.parent.exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_build_ends_go_and_leaves_nothing(machine, tmp_path, number):
    alive = tmp_path / "alive"
    os.mkfifo(alive)
    # The shell holds the pipe open for as long as it lives. `read` waits: nobody writes into its other pipe.
    machine.install(
        "go", f"exec 3> {alive}; mkfifo {tmp_path}/never; echo building >&3; read x < {tmp_path}/never"
    )
    # Proxies that lead nowhere keep Pulumi's installer off the network.
    nowhere = {"https_proxy": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
    setup = subprocess.Popen(
        [sys.executable, "-m", "toolchain", "setup"],
        cwd=CHECKOUT,
        env={**machine.environ, **nowhere},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with alive.open() as building:
        assert building.readline() == "building\n"
        setup.send_signal(number)
        output, _ = setup.communicate()
        assert building.read() == ""
    assert setup.returncode == 130
    assert output.splitlines()[-1] == "Interrupted; nothing half-made is left. Run it again to go on."
    assert "Traceback" not in output
    assert [entry.name for entry in machine.cache.iterdir()] == ["engine.lock"]


def test_a_signal_in_the_moment_in_which_go_starts_ends_it_too(machine, report, tmp_path, monkeypatch):
    alive = tmp_path / "alive"
    os.mkfifo(alive)
    machine.install("go", f"mkfifo {tmp_path}/never; echo building > {alive}; read x < {tmp_path}/never")
    started = []

    class Interrupted(subprocess.Popen):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            started.append(self)
            alive.read_text()
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(subprocess, "Popen", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        ensure_engine(report, machine.environ)
    [go] = started
    assert go.returncode == -signal.SIGTERM
    assert [entry.name for entry in machine.cache.iterdir()] == ["engine.lock"]


def test_two_at_once_build_once(machine, go, tmp_path):
    started, go_on = tmp_path / "started", tmp_path / "go-on"
    os.mkfifo(started)
    os.mkfifo(go_on)
    shim = machine.bin / "go"
    shim.write_text(shim.read_text().replace("build)", f"build) echo > {started}; read x < {go_on};"))
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()

    class Listener(io.StringIO):
        def write(self, text: str) -> int:
            lines.put(text)
            return len(text)

    with ThreadPoolExecutor() as pool:
        first = pool.submit(ensure_engine, Report(io.StringIO()), machine.environ)
        started.read_text()
        second = pool.submit(ensure_engine, Report(Listener()), machine.environ)
        assert lines.get(timeout=60).startswith("Another process is setting up the engine")
        go_on.write_text("\n")
        assert first.result(timeout=60) == second.result(timeout=60)
    assert go.read_text().count(" build ") == 1


def test_a_long_build_shows_that_it_lives(machine, go, tmp_path, monkeypatch):
    go_on = tmp_path / "go-on"
    os.mkfifo(go_on)
    shim = machine.bin / "go"
    shim.write_text(shim.read_text().replace("build)", f"build) read x < {go_on};"))
    monkeypatch.setattr("toolchain.report.LOG_SECONDS", 0.01)
    alive = threading.Event()

    class Listener(io.StringIO):
        def write(self, text: str) -> int:
            if "still running" in text:
                alive.set()
            return super().write(text)

    stream = Listener()
    with ThreadPoolExecutor() as pool:
        built = pool.submit(ensure_engine, Report(stream), machine.environ)
        assert alive.wait(60)
        go_on.write_text("\n")
        built.result(timeout=60)
    words = stream.getvalue().splitlines()
    assert (
        words[1]
        == f"Building the Pulumi engine {ENGINE} from its released module (about 4 minutes, once) ..."
    )
    assert words[-1].startswith("  done in 0 min 0")
