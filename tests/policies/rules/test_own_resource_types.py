import importlib
import pkgutil

import pytest
from pulumi.dynamic import Resource

import components
import exchange
import tokens as type_tokens
from components import tokens
from rules.own_resource_types import RULE, TYPES
from tests.policies.stack import Part, clean, judge


@pytest.mark.parametrize(
    "type_", ["azuread:index/group:Group", "pulumi:pulumi:StackReference", "pulumi:providers:random", ""]
)
def test_a_foreign_type_is_refused(type_):
    [said] = judge(RULE, {**clean(), "new": Part(type_, "new")})
    assert said.message.startswith(f"new is a {type_}, which this module does not make.")


def test_every_component_of_the_module_is_on_the_list():
    declared = {value for name, value in vars(tokens).items() if name.isupper()}
    assert {one for one in TYPES if one.startswith("placeosm365:")} == declared


def test_every_dynamic_resource_of_the_module_is_on_the_list():
    for module in pkgutil.iter_modules(exchange.__path__, "exchange."):
        importlib.import_module(module.name)
    declared = {
        f"pulumi-python:dynamic/exchange:{one.__name__}"
        for one in Resource.__subclasses__()
        if one.__module__.startswith("exchange.")
    }
    assert declared
    assert {one for one in TYPES if one.startswith("pulumi-python:")} == declared


def test_the_tokens_of_azuread_are_azuread_s():
    for module in pkgutil.iter_modules(components.__path__, "components."):
        importlib.import_module(module.name)
    azuread = importlib.import_module("pulumi_azuread")
    for token in (value for name, value in vars(type_tokens).items() if name.isupper()):
        if token.startswith("azuread:"):
            assert getattr(azuread, token.rpartition(":")[2]).pulumi_type == token
