"""The rules that every component follows, read from the components themselves."""

import ast
import importlib
import inspect
from itertools import chain
from pathlib import Path

import pulumi
import pytest

import components
from tests.components.recording import WAYS, declare, declare_trusts

FOLDER = Path(components.__file__).parent
MODULES = [
    importlib.import_module(f"components.{path.stem}")
    for path in sorted(FOLDER.glob("*.py"))
    if path.stem != "__init__"
]
COMPONENTS = [
    found
    for module in MODULES
    for _, found in inspect.getmembers(module, inspect.isclass)
    if issubclass(found, pulumi.ComponentResource) and found.__module__ == module.__name__
]


def test_there_are_components():
    assert len(COMPONENTS) == 12


def kinds(recorded):
    return {one.type.rpartition(":")[2] for one in recorded.declared}


def declare_with(changes):
    return declare(**changes)


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda found: found.__name__)
def test_what_is_registered_is_what_is_annotated(component):
    every = chain(map(declare_with, WAYS), [declare_trusts()])
    recorded = next(one for one in every if component.__name__ in kinds(one))
    names = {one.type.rpartition(":")[2]: one.name for one in recorded.declared}
    annotated = set(inspect.get_annotations(component))
    assert set(recorded.outputs[names[component.__name__]]) == annotated


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda found: found.__name__)
def test_every_output_and_every_argument_is_documented(component):
    tree = ast.parse(inspect.getsource(importlib.import_module(component.__module__)))
    for class_ in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        assert ast.get_docstring(class_), class_.name
        for field, following in zip(class_.body, [*class_.body[1:], None], strict=True):
            if isinstance(field, ast.AnnAssign):
                said = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
                assert said, f"{class_.name}.{ast.unparse(field.target)} has no docstring"


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda found: found.__name__)
def test_arguments_are_a_typed_dict_named_after_the_component(component):
    arguments = getattr(inspect.getmodule(component), f"{component.__name__}Args")
    assert isinstance(arguments, type(components.RoomCalendarAccessArgs))
    assert arguments.__required_keys__


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_annotations_are_real_types(module):
    """Pulumi's analyzer reads them and fails on text (`from __future__ import annotations`)."""
    assert not hasattr(module, "annotations")
