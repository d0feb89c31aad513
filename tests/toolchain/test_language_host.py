"""The language host as the engine sees it: a process that prints a port and answers gRPC."""

import importlib.metadata
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
from google.protobuf import struct_pb2
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import language_pb2 as wire
from pulumi.runtime.proto.language_pb2_grpc import LanguageRuntimeStub

EXECUTOR = """\
import json, os, sys
with open(os.environ["TELL"], "w") as file:
    json.dump([sys.argv[1:], os.environ["PULUMI_CONFIG"], os.environ["PULUMI_CONFIG_SECRET_KEYS"]], file)
sys.exit(int(os.environ["EXIT"]))
"""

HANG = """\
import os, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN if "STUBBORN" in os.environ else signal.SIG_DFL)
alive = open(os.environ["TELL"], "w")
print("up", file=alive, flush=True)
os.read(os.open(os.environ["NEVER"], os.O_RDWR), 1)
"""


@dataclass
class Host:
    process: subprocess.Popen[str]
    stub: LanguageRuntimeStub


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def executor(tmp_path: Path) -> Path:
    file = tmp_path / "executor.py"
    file.write_text(EXECUTOR)
    return file


@pytest.fixture
def alive(tmp_path: Path) -> Path:
    """A pipe that a child of the host holds open for as long as it lives."""
    os.mkfifo(tmp_path / "alive")
    os.mkfifo(tmp_path / "never")
    return tmp_path / "alive"


@pytest.fixture
def start_host(tmp_path: Path, executor: Path) -> Iterator[Callable[..., Host]]:
    started = []

    def start(stdin: int = subprocess.PIPE, **variables: str) -> Host:
        process = subprocess.Popen(
            [
                sys.executable,
                "-P",
                "-m",
                "toolchain.language_host",
                "--executor",
                str(executor),
                "-v=3",
                "engine:1",
            ],
            cwd=tmp_path,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "NEVER": str(tmp_path / "never"), **variables},
            text=True,
        )
        assert process.stdout is not None
        channel = grpc.insecure_channel(f"127.0.0.1:{int(process.stdout.readline())}")
        started.append((process, channel))
        return Host(process, LanguageRuntimeStub(channel))

    yield start
    for process, channel in started:
        channel.close()
        process.kill()
        with process:
            pass


def _info(folder: Path, **options: str) -> wire.ProgramInfo:
    struct = struct_pb2.Struct()
    struct.update(options)
    return wire.ProgramInfo(
        root_directory=str(folder), program_directory=str(folder), entry_point=".", options=struct
    )


def _run(folder: Path, **fields) -> wire.RunRequest:
    return wire.RunRequest(
        project="p", stack="s", pwd=str(folder), monitor_address="monitor:2", info=_info(folder), **fields
    )


def test_it_tells_its_version_and_its_python(start_host, project):
    stub = start_host().stub
    assert stub.GetPluginInfo(Empty()).version == "0.1.0"
    about = stub.About(wire.AboutRequest(info=_info(project)))
    assert (about.executable, about.version) == (sys.executable, sys.version.split()[0])


def test_it_names_the_plugins_of_the_installed_packages(start_host, project):
    stub = start_host().stub
    packages = stub.GetRequiredPackages(wire.GetRequiredPackagesRequest(info=_info(project))).packages
    expected = [("azuread", "resource", importlib.metadata.version("pulumi-azuread"))]
    assert [(p.name, p.kind, p.version) for p in packages] == expected
    plugins = stub.GetRequiredPlugins(wire.GetRequiredPluginsRequest(info=_info(project))).plugins
    assert [(p.name, p.kind, p.version) for p in plugins] == expected


def test_it_lists_the_installed_packages(start_host, project):
    stub = start_host().stub

    def names(transitive: bool) -> set[str]:
        request = wire.GetProgramDependenciesRequest(info=_info(project), transitiveDependencies=transitive)
        return {found.name for found in stub.GetProgramDependencies(request).dependencies}

    assert {"pulumi", "grpcio", "placeos-m365"} <= names(True)
    assert "placeos-m365" in names(False)
    assert "grpcio" not in names(False)


def test_a_program_gets_what_the_engine_says(start_host, project, tmp_path):
    told = tmp_path / "told"
    stub = start_host(TELL=str(told), EXIT="0").stub
    stub.Handshake(wire.LanguageHandshakeRequest(engine_address="engine:9"))
    request = _run(
        project,
        config={"p:rooms": "48", "p:key": "hidden"},
        configSecretKeys=["p:key"],
        dryRun=True,
        parallel=7,
        organization="o",
        args=["--last"],
    )
    response = stub.Run(request)
    assert (response.error, response.bail) == ("", False)
    argv, config, secret_keys = json.loads(told.read_text())
    flags = {"monitor": "monitor:2", "engine": "engine:9", "project": "p", "root_directory": str(project)}
    flags |= {"stack": "s", "pwd": str(project), "dry_run": "true", "parallel": "7", "organization": "o"}
    assert argv == [part for name, value in flags.items() for part in (f"--{name}", value)] + [".", "--last"]
    assert json.loads(config) == {"p:rooms": "48", "p:key": "hidden"}
    assert json.loads(secret_keys) == ["p:key"]


@pytest.mark.parametrize(
    ("code", "response"),
    [
        (0, wire.RunResponse()),
        (32, wire.RunResponse(bail=True)),
        (3, wire.RunResponse(error="Program exited with non-zero exit code: 3")),
    ],
)
def test_the_exit_code_of_a_program_decides(start_host, project, tmp_path, code, response):
    assert start_host(TELL=str(tmp_path / "told"), EXIT=str(code)).stub.Run(_run(project)) == response


def test_a_virtual_environment_that_is_not_there_is_named(start_host, project):
    stub = start_host().stub
    with pytest.raises(grpc.RpcError) as error:
        stub.GetRequiredPackages(wire.GetRequiredPackagesRequest(info=_info(project, virtualenv="gone")))
    assert error.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert f"asks for the virtual environment {project}/gone" in str(error.value.details())
    assert "make setup" in str(error.value.details())


def _collect(responses) -> tuple[bytes, bytes, int]:
    stdout, stderr, code = b"", b"", -1
    for response in responses:
        stdout += response.stdout
        stderr += response.stderr
        code = response.exitcode if response.HasField("exitcode") else code
    return stdout, stderr, code


def test_a_plugin_runs_in_the_folder_and_environment_asked_for(start_host, project, tmp_path):
    (project / "__main__.py").write_text(
        "import os, sys\nprint(os.getcwd(), sys.argv[1:], os.environ['A'])\n"
        "print('oops', file=sys.stderr)\nsys.exit(5)"
    )
    request = wire.RunPluginRequest(
        pwd=str(tmp_path), info=_info(project), kind="resource", args=["x"], env=["A=b=c"]
    )
    stdout, stderr, code = _collect(start_host().stub.RunPlugin(request))
    assert (stdout.decode(), stderr.decode(), code) == (f"{tmp_path} ['x'] b=c\n", "oops\n", 5)


def test_a_policy_pack_sees_its_own_folder_only(start_host, project, tmp_path):
    (tmp_path / "foreign.py").write_text("")
    (project / "__main__.py").write_text("import os, sys; print(os.getcwd(), sys.path[0])\nimport foreign")
    request = wire.RunPluginRequest(
        pwd=str(tmp_path), info=_info(project), kind="analyzer", args=["engine:1"]
    )
    stdout, stderr, code = _collect(start_host().stub.RunPlugin(request))
    assert stdout.decode() == f"{project} {project}\n"
    assert code == 1
    assert b"No module named 'foreign'" in stdout + stderr


def test_a_plugin_ends_with_its_call(start_host, project, alive, closes):
    (project / "__main__.py").write_text(HANG)
    call = start_host(TELL=str(alive)).stub.RunPlugin(
        wire.RunPluginRequest(info=_info(project), kind="resource")
    )
    with alive.open() as child:
        assert child.readline() == "up\n"
        call.cancel()
        assert closes(child.fileno())


@pytest.fixture
def hanging(start_host, executor, project, alive):
    """A host whose program runs until it is ended, and the pipe that closes when it is."""
    executor.write_text(HANG)
    pipes = []

    def start(**variables: str):
        host = start_host(TELL=str(alive), **variables)
        run = host.stub.Run.future(_run(project))
        pipes.append(alive.open())
        assert pipes[0].readline() == "up\n"
        return host, run, pipes[0]

    yield start
    for pipe in pipes:
        pipe.close()


def test_cancel_ends_the_program(hanging, closes):
    host, run, child = hanging()
    host.stub.Cancel(Empty())
    assert closes(child.fileno())
    assert run.result().error == "Program exited with non-zero exit code: -15"


@pytest.mark.parametrize("stubborn", [{}, {"STUBBORN": "1"}])
def test_host_and_program_end_when_the_engine_is_gone(hanging, closes, stubborn):
    host, _, child = hanging(**stubborn)
    host.process.stdin.close()
    assert closes(child.fileno())
    assert host.process.wait(30) == 0
    assert host.process.stderr.read() == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_host_and_program_without_a_word(hanging, closes, number):
    host, _, child = hanging()
    host.process.send_signal(number)
    assert closes(child.fileno())
    assert host.process.wait(30) == 0
    assert host.process.stdout.read() + host.process.stderr.read() == ""


def test_without_an_engine_behind_its_input_it_goes_on(start_host):
    host = start_host(stdin=subprocess.DEVNULL)
    assert host.stub.GetPluginInfo(Empty()).version
    assert host.process.poll() is None


def test_nothing_to_install_is_no_error(start_host, project):
    assert (
        list(start_host().stub.InstallDependencies(wire.InstallDependenciesRequest(info=_info(project))))
        == []
    )


def test_installing_passes_on_what_uv_says_and_its_failure(start_host, project, machine):
    machine.install("uv", 'echo "uv $*"; echo no such package >&2; exit 2')
    (project / "pyproject.toml").write_text("")
    responses = start_host(PATH=str(machine.bin)).stub.InstallDependencies(
        wire.InstallDependenciesRequest(info=_info(project))
    )
    seen = []
    with pytest.raises(grpc.RpcError) as error:
        seen.extend(iter(responses))
    assert f"`{machine.bin}/uv sync` in {project} failed with exit code 2" in str(error.value.details())


def test_code_generation_is_not_offered(start_host):
    with pytest.raises(grpc.RpcError) as error:
        start_host().stub.GenerateProgram(wire.GenerateProgramRequest())
    assert error.value.code() is grpc.StatusCode.UNIMPLEMENTED
