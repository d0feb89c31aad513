"""Which Python, which packages, how they are installed."""

import base64
import json
import os
import sys
from pathlib import Path

import pytest

from toolchain.language_host.dependencies import NoUvError, install_commands
from toolchain.language_host.interpreter import NoInterpreterError, activated, describe, interpreter_for
from toolchain.language_host.packages import UnreadablePluginError, program_dependencies, required_packages


def _venv(folder: Path) -> str:
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    (folder / "pyvenv.cfg").write_text("")
    return str(python)


def test_the_virtualenv_option_counts_from_the_project(tmp_path):
    python = _venv(tmp_path / "other")
    (tmp_path / "project").mkdir()
    found = interpreter_for(tmp_path / "project", {"virtualenv": "../other", "toolchain": "uv"}, {})
    assert Path(found.executable).resolve() == Path(python).resolve()


def test_uv_keeps_its_environment_beside_the_lock(tmp_path):
    python = _venv(tmp_path / ".venv")
    (tmp_path / "uv.lock").write_text("")
    (tmp_path / "policies").mkdir()
    assert interpreter_for(tmp_path / "policies", {"toolchain": "uv"}, {}).executable == python


def test_a_project_with_a_venv_runs_on_it(tmp_path):
    python = _venv(tmp_path / ".venv")
    assert interpreter_for(tmp_path, {}, {"PULUMI_PYTHON_CMD": "/never"}).executable == python


def test_without_one_the_environment_decides_and_then_this_python(tmp_path):
    python = _venv(tmp_path / "elsewhere")
    assert interpreter_for(tmp_path, {}, {"PULUMI_PYTHON_CMD": python}).executable == python
    assert interpreter_for(tmp_path, {}, {}).executable == sys.executable


def test_a_python_that_does_not_run_is_an_error():
    with pytest.raises(NoInterpreterError, match="/no/python does not run"):
        describe("/no/python")


def test_another_python_is_asked_for_the_same_facts(tmp_path):
    mine, other = describe(sys.executable), describe(_venv(tmp_path / "venv"))
    assert (other.version, other.site_packages) == (mine.version, mine.site_packages)


def test_a_virtual_environment_is_activated(tmp_path):
    python = describe(_venv(tmp_path / "venv"))
    environ = activated(python, {"PATH": "/bin", "PYTHONHOME": "/wrong"})
    assert environ == {"PATH": f"{tmp_path}/venv/bin{os.pathsep}/bin", "VIRTUAL_ENV": f"{tmp_path}/venv"}


def _package(site_packages: Path, name: str, plugin: object) -> Path:
    file = site_packages / name / "pulumi-plugin.json"
    file.parent.mkdir()
    file.write_text(plugin if isinstance(plugin, str) else json.dumps(plugin))
    return file


def test_packages_stand_for_plugins(tmp_path):
    _package(tmp_path, "pulumi_a", {"resource": True, "name": "a", "version": "1.2.3", "server": "https://x"})
    _package(tmp_path, "pulumi_b_c", {"resource": True})
    _package(tmp_path, "pulumi_policy", {"resource": False})
    parameter = {"name": "p", "version": "2.0.0", "value": base64.b64encode(b"v").decode()}
    _package(tmp_path, "pulumi_t", {"resource": True, "name": "t", "parameterization": parameter})
    found = required_packages(tmp_path)
    assert [(p.name, p.kind, p.version, p.server) for p in found] == [
        ("a", "resource", "1.2.3", "https://x"),
        ("b-c", "resource", "", ""),
        ("t", "resource", "", ""),
    ]
    assert found[2].parameterization.value == b"v"
    assert not found[0].HasField("parameterization")


@pytest.mark.parametrize("text", ["{", "[]", '{"resource": true, "parameterization": {}}'])
def test_a_plugin_description_that_cannot_be_read_is_named(tmp_path, text):
    file = _package(tmp_path, "pulumi_a", text)
    with pytest.raises(UnreadablePluginError, match=str(file)):
        required_packages(tmp_path)


def test_what_others_require_is_hidden_unless_asked_for(tmp_path):
    for name, requires in {
        "App": ["Some_Lib >=2 ; python_version > '3'", "extra-only ; extra == 'x'"],
        "some.lib": [],
    }.items():
        folder = tmp_path / f"{name}-1.0.dist-info"
        folder.mkdir()
        lines = [
            f"Name: {name}",
            "Version: 1.0",
            *(f"Requires-Dist: {requirement}" for requirement in requires),
        ]
        (folder / "METADATA").write_text("\n".join(lines) + "\n")
    assert [found.name for found in program_dependencies(tmp_path, transitive=False)] == ["App"]
    assert [found.name for found in program_dependencies(tmp_path, transitive=True)] == ["App", "some.lib"]


@pytest.fixture
def uv(machine, monkeypatch) -> str:
    monkeypatch.setenv("PATH", str(machine.bin))
    return str(machine.install("uv", ""))


def test_uv_installs_a_project_or_a_list_of_requirements(uv, tmp_path):
    assert install_commands(tmp_path) == []
    (tmp_path / "requirements.txt").write_text("")
    python = str(tmp_path / ".venv/bin/python")
    install = [uv, "pip", "install", "--python", python, "-r", f"{tmp_path}/requirements.txt"]
    assert install_commands(tmp_path) == [[uv, "venv", f"{tmp_path}/.venv"], install]
    _venv(tmp_path / ".venv")
    assert install_commands(tmp_path) == [install]
    (tmp_path / "pyproject.toml").write_text("")
    assert install_commands(tmp_path) == [[uv, "sync"]]


def test_without_uv_the_message_says_how_to_get_it(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NoUvError, match="Run `make setup`"):
        install_commands(tmp_path)
