"""The language host's answers to the engine."""

# ruff: noqa: N802 - the names are those of the gRPC service

import json
import os
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto import language_pb2 as wire
from pulumi.runtime.proto.language_pb2_grpc import LanguageRuntimeServicer
from pulumi.runtime.proto.plugin_pb2 import PluginDependency, PluginInfo

from toolchain.language_host.children import Children
from toolchain.language_host.dependencies import NoUvError, install_commands
from toolchain.language_host.interpreter import Interpreter, NoInterpreterError, activated, interpreter_for
from toolchain.language_host.packages import UnreadablePluginError, program_dependencies, required_packages
from toolchain.language_host.relay import relay

VERSION = "0.1.0"
_ERROR_ALREADY_SHOWN = 32
"""Exit code of `pulumi-language-python-exec` after it has shown the program's error itself."""


class LanguageHost(LanguageRuntimeServicer):
    """Answers the engine. What is not answered here (code generation) is `unimplemented` to the engine."""

    def __init__(self, executor: Path, engine_address: str, children: Children) -> None:
        self._executor = executor
        self._engine_address = engine_address
        self._children = children

    def Handshake(
        self, request: wire.LanguageHandshakeRequest, context: grpc.ServicerContext
    ) -> wire.LanguageHandshakeResponse:
        """Take the engine's address."""
        self._engine_address = request.engine_address
        return wire.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Empty, context: grpc.ServicerContext) -> PluginInfo:
        """The version of this host."""
        return PluginInfo(version=VERSION)

    def GetRequiredPackages(
        self, request: wire.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> wire.GetRequiredPackagesResponse:
        """The plugins that the program's packages stand for."""
        try:
            packages = required_packages(self._interpreter(request.info, context).site_packages)
        except UnreadablePluginError as error:
            _fail(context, error)
        return wire.GetRequiredPackagesResponse(packages=packages)

    def GetRequiredPlugins(
        self, request: wire.GetRequiredPluginsRequest, context: grpc.ServicerContext
    ) -> wire.GetRequiredPluginsResponse:
        """The same for older engines."""
        packages = self.GetRequiredPackages(
            wire.GetRequiredPackagesRequest(info=request.info), context
        ).packages
        plugins = [
            PluginDependency(name=p.name, kind=p.kind, version=p.version, server=p.server) for p in packages
        ]
        return wire.GetRequiredPluginsResponse(plugins=plugins)

    def Run(self, request: wire.RunRequest, context: grpc.ServicerContext) -> wire.RunResponse:
        """Run the program to its end."""
        python = self._interpreter(request.info, context)
        environ = activated(python, os.environ) | {
            "PULUMI_CONFIG": json.dumps(dict(request.config)),
            "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
        }
        command = [python.executable, "-u", str(self._executor), *self._program_arguments(request)]
        process = self._start(context, command, environ, None)
        code = self._children.wait(process)
        if code == _ERROR_ALREADY_SHOWN:
            return wire.RunResponse(bail=True)
        return wire.RunResponse(error="" if code == 0 else f"Program exited with non-zero exit code: {code}")

    def RunPlugin(
        self, request: wire.RunPluginRequest, context: grpc.ServicerContext
    ) -> Iterator[wire.RunPluginResponse]:
        """Run a policy pack or a plugin written in Python, and pass on its output, the port included."""
        python = self._interpreter(request.info, context)
        folder = Path(request.info.program_directory)
        asked = dict(entry.split("=", 1) for entry in request.env)
        environ = activated(python, os.environ | asked)
        if request.kind == "analyzer":
            # In its own folder, so that a pack imports its own modules and none of the project's.
            command = [python.executable, "-u", "-m", "pulumi.policy", *request.args, str(folder)]
            cwd = folder
        else:
            command = [python.executable, "-u", *_plugin_start(folder), *request.args]
            cwd = Path(request.pwd or folder)
        process = self._start(context, command, environ, cwd, subprocess.PIPE)
        for name, data in relay(process):
            yield (
                wire.RunPluginResponse(stdout=data)
                if name == "stdout"
                else wire.RunPluginResponse(stderr=data)
            )
        yield wire.RunPluginResponse(exitcode=self._children.wait(process))

    def About(self, request: wire.AboutRequest, context: grpc.ServicerContext) -> wire.AboutResponse:
        """The Python that runs the program."""
        python = self._interpreter(request.info, context)
        return wire.AboutResponse(executable=python.executable, version=python.version)

    def GetProgramDependencies(
        self, request: wire.GetProgramDependenciesRequest, context: grpc.ServicerContext
    ) -> wire.GetProgramDependenciesResponse:
        """The packages that are installed for the program."""
        found = program_dependencies(
            self._interpreter(request.info, context).site_packages, transitive=request.transitiveDependencies
        )
        return wire.GetProgramDependenciesResponse(dependencies=found)

    def InstallDependencies(
        self, request: wire.InstallDependenciesRequest, context: grpc.ServicerContext
    ) -> Iterator[wire.InstallDependenciesResponse]:
        """Install what the program needs with uv, and pass on what uv says."""
        folder = Path(request.info.program_directory)
        try:
            commands = install_commands(folder)
        except NoUvError as error:
            _fail(context, error)
        for command in commands:
            process = self._start(context, command, os.environ, folder, subprocess.PIPE)
            for name, data in relay(process):
                out = {name: data}
                yield wire.InstallDependenciesResponse(**out)
            if (code := self._children.wait(process)) != 0:
                _fail(
                    context,
                    f"`{' '.join(command)}` in {folder} failed with exit code {code}; its output says why.",
                )

    def Cancel(self, request: Empty, context: grpc.ServicerContext) -> Empty:
        """End what runs."""
        self._children.end_all()
        return Empty()

    def _interpreter(self, info: wire.ProgramInfo, context: grpc.ServicerContext) -> Interpreter:
        try:
            return interpreter_for(Path(info.root_directory), MessageToDict(info.options), os.environ)
        except NoInterpreterError as error:
            _fail(context, error)

    def _start(
        self,
        context: grpc.ServicerContext,
        command: list[str],
        environ: Mapping[str, str],
        cwd: Path | None,
        output: int | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a process that ends with the call it belongs to."""
        try:
            process = self._children.start(command, environ, cwd, output)
        except OSError as error:
            _fail(context, f"{command[0]} can't be started: {error}")
        context.add_callback(lambda: self._children.end([process]))
        return process

    def _program_arguments(self, request: wire.RunRequest) -> list[str]:
        options = {
            "monitor": request.monitor_address,
            "engine": self._engine_address,
            "project": request.project,
            "root_directory": request.info.root_directory,
            "stack": request.stack,
            "pwd": request.pwd,
            "dry_run": str(request.dryRun).lower(),
            "parallel": str(request.parallel),
            "organization": request.organization,
        }
        named = [part for name, value in options.items() if value for part in (f"--{name}", value)]
        return [*named, request.info.entry_point or ".", *request.args]


def _plugin_start(folder: Path) -> list[str]:
    """How a plugin's folder is run: by its __main__.py, else as the package that its pyproject.toml names."""
    if (folder / "__main__.py").is_file():
        return [str(folder)]
    with (folder / "pyproject.toml").open("rb") as file:
        return ["-m", "pulumi.run.plugin", tomllib.load(file)["project"]["name"]]


def _fail(context: grpc.ServicerContext, reason: object) -> NoReturn:
    """End the call with a reason for the user."""
    context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(reason))
