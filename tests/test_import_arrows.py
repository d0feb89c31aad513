"""What import-linter can't see: the single modules at the root, and that it sees every package."""

import ast
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROGRAM = {"__main__", "program", "recorded_state"}
"""What runs inside the engine and nowhere else."""
MODULES = {path.stem for path in ROOT.glob("*.py")} - PROGRAM
PACKAGES = {path.parent.name for path in ROOT.glob("*/__init__.py")}
NOT_IMPORTED = {"tests", "benchmarks", "policies"}
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]


def imported(path: Path) -> set[str]:
    """The top-level names that a file imports, wherever in it."""
    return {name.split(".")[0] for name in imported_modules(path)}


def imported_modules(path: Path) -> set[str]:
    """The modules that a file imports, or imports from."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    plain = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    return plain | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def test_every_package_is_under_a_contract():
    assert set(LINTER["root_packages"]) == PACKAGES - NOT_IMPORTED


@pytest.mark.parametrize("id_", ["emulator-alone", "on-github-alone", "toolchain-alone"])
def test_who_stands_alone_may_import_no_package_and_no_module(id_):
    [contract] = [one for one in LINTER["contracts"] if one["id"] == id_]
    everything = PACKAGES | MODULES | NOT_IMPORTED | PROGRAM - {"__main__"}
    assert set(contract["forbidden_modules"]) == everything - set(contract["source_modules"])


PACK = sorted((ROOT / "policies").rglob("*.py"))


@pytest.mark.parametrize("path", PACK, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_policy_pack_stands_on_its_own_folder_and_pulumi_policy(path):
    siblings = {one.stem for one in (ROOT / "policies").iterdir() if one.suffix == ".py" or one.is_dir()}
    assert imported(path) <= siblings | {"pulumi_policy"} | set(sys.stdlib_module_names)


def test_no_module_of_the_policy_pack_takes_a_name_of_the_product_or_of_python():
    own = {one.stem for one in (ROOT / "policies").iterdir() if one.suffix == ".py" or one.is_dir()}
    assert not own & (
        PACKAGES | MODULES | {"program", "recorded_state"} | set(sys.stdlib_module_names) - {"__main__"}
    )


def test_every_module_of_exchange_is_a_provider_s_or_free_of_pulumi():
    [contract] = [one for one in LINTER["contracts"] if one["id"] == "no-pulumi"]
    of_providers = {"pulumi", "pulumi.dynamic", "exchange.provider"}
    free = {
        f"exchange.{path.stem}"
        for path in ROOT.glob("exchange/*.py")
        if path.stem != "__init__" and not imported_modules(path) & of_providers
    }
    assert {name for name in contract["source_modules"] if name.startswith("exchange.")} == free


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_at_the_root_stands_on_its_like_the_deployer_and_wire_only(module):
    known = PACKAGES | MODULES | PROGRAM | {"pulumi", "pulumi_azuread"}
    assert imported(ROOT / f"{module}.py") & known <= MODULES | {"deployer", "wire"}


@pytest.mark.parametrize("module", sorted(MODULES))
def test_only_the_deployer_signs_in(module):
    assert "azure" not in imported(ROOT / f"{module}.py")


def test_the_program_says_what_and_never_how():
    assert not imported(ROOT / "__main__.py") & {"exchange", "graph", "wire", "deployer", "emulator"}
    assert not imported(ROOT / "program.py") & {"emulator", "roomctl", "toolchain"}


@pytest.mark.parametrize("path", sorted((ROOT / "on_github").glob("*.py")), ids=lambda path: path.name)
def test_what_writes_to_github_needs_python_and_nothing_else(path):
    assert imported(path) <= {"on_github"} | set(sys.stdlib_module_names)
