"""What import-linter can't see: the single modules at the root, and that it sees every package."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = {path.stem for path in ROOT.glob("*.py")} - {"__main__", "program"}
PACKAGES = {path.parent.name for path in ROOT.glob("*/__init__.py")}
NOT_IMPORTED = {"tests", "benchmarks", "policies"}
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]


def imported(path: Path) -> set[str]:
    """The top-level names that a file imports, wherever in it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    plain = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    parts = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in plain | parts}


def test_every_package_is_under_a_contract():
    assert set(LINTER["root_packages"]) == PACKAGES - NOT_IMPORTED


@pytest.mark.parametrize("id_", ["emulator-alone", "toolchain-alone"])
def test_who_stands_alone_may_import_no_package_and_no_module(id_):
    [contract] = [one for one in LINTER["contracts"] if one["id"] == id_]
    everything = PACKAGES | MODULES | NOT_IMPORTED | {"program"}
    assert set(contract["forbidden_modules"]) == everything - set(contract["source_modules"])


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_at_the_root_stands_on_its_like_and_on_wire_only(module):
    known = PACKAGES | MODULES | {"program", "pulumi", "pulumi_azuread"}
    assert imported(ROOT / f"{module}.py") & known <= MODULES | {"wire"}


@pytest.mark.parametrize("module", sorted(MODULES - {"deployer"}))
def test_only_the_deployer_signs_in(module):
    assert "azure" not in imported(ROOT / f"{module}.py")


def test_the_program_says_what_and_never_how():
    assert not imported(ROOT / "__main__.py") & {"exchange", "graph", "wire", "deployer", "emulator"}
    assert not imported(ROOT / "program.py") & {"graph", "wire", "deployer", "emulator", "roomctl"}
