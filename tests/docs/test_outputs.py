"""One list of outputs: what the program exports, what the README says, what the engine's test expects."""

import ast
from pathlib import Path

from docs.outputs import OUTPUTS
from tests.engine import test_up

ROOT = Path(__file__).parents[2]


def exported():
    """The names that `__main__.py` exports, without running it."""
    tree = ast.parse((ROOT / "__main__.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [ast.literal_eval(call.args[0]) for call in calls if ast.unparse(call.func) == "pulumi.export"]


def test_every_export_is_described_once_and_nothing_else_is():
    assert sorted(exported()) == sorted(output.name for output in OUTPUTS)


def test_the_engine_is_asked_for_the_same_outputs():
    assert {output.name for output in OUTPUTS} == test_up.OUTPUTS
