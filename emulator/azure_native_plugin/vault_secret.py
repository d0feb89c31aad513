"""`azure-native:keyvault:Secret`: what its inputs may be, and how they and Azure's answers are written.

Rules as in the resource's metadata of azure-native 3.29.0, made of
https://github.com/Azure/azure-rest-api-specs (keyvault, 2024-11-01).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from emulator.azure_native_plugin.azure import API_VERSION, Document
from emulator.plugin.wire import UNKNOWN, Properties, Unknown

TOKEN = "azure-native:keyvault:Secret"  # noqa: S105 - a type's name
IN_PATH = ("resourceGroupName", "secretName", "vaultName")
"""What stands in the id: another one is another secret."""
_PATTERNS = {"vaultName": r"^[a-zA-Z0-9-]{3,24}$", "secretName": r"^[a-zA-Z0-9-]{1,127}$"}
_KINDS: Mapping[str, tuple[type[Any], str]] = {
    "resourceGroupName": (str, "string"),
    "vaultName": (str, "string"),
    "secretName": (str, "string"),
    "azureApiVersion": (str, "string"),
    "tags": (dict, "object"),
    "properties": (dict, "object"),
    "properties.value": (str, "string"),
    "properties.contentType": (str, "string"),
    "properties.attributes": (dict, "object"),
    "properties.attributes.enabled": (bool, "boolean"),
    "properties.attributes.expires": (int, "integer"),
    "properties.attributes.notBefore": (int, "integer"),
}
_WIRE_NAMES = {"enabled": "enabled", "expires": "exp", "notBefore": "nbf"}


def problems(inputs: Properties) -> list[str]:
    """Everything wrong with the inputs; unknown values pass."""
    found = [f"missing required property '{name}'" for name in (*IN_PATH, "properties") if name not in inputs]
    return found + list(_wrong("", inputs))


def with_defaults(inputs: Properties) -> Properties:
    """The inputs as the provider records them."""
    return {"azureApiVersion": API_VERSION, **inputs}


def id_of(subscription: str, inputs: Properties) -> str:
    """The id of the secret."""
    return (
        f"/subscriptions/{subscription}/resourceGroups/{inputs['resourceGroupName']}"
        f"/providers/Microsoft.KeyVault/vaults/{inputs['vaultName']}/secrets/{inputs['secretName']}"
    )


def body_of(inputs: Properties) -> Document:
    """What is sent."""
    properties = dict(inputs["properties"])
    if "attributes" in properties:
        attributes = properties["attributes"]
        properties["attributes"] = {_WIRE_NAMES[name]: value for name, value in attributes.items()}
    return {**({"tags": inputs["tags"]} if "tags" in inputs else {}), "properties": properties}


def state_of(answer: Document) -> Properties:
    """What is recorded of an answer, which never has the value."""
    named = {wire: name for name, wire in _WIRE_NAMES.items()}
    properties = dict(answer["properties"])
    attributes = properties.get("attributes") or {}
    properties["attributes"] = {named.get(name, name): value for name, value in attributes.items()}
    told = ("location", "name", "tags", "type")
    kept: Properties = {name: answer[name] for name in told if name in answer}
    return {"azureApiVersion": API_VERSION, **kept, "properties": properties}


def preview_of(inputs: Properties) -> Properties:
    """What a preview knows."""
    properties = dict.fromkeys(("secretUri", "secretUriWithVersion"), UNKNOWN) | inputs["properties"]
    told = dict.fromkeys(("id", "location", "name", "type"), UNKNOWN)
    return {
        **told,
        "azureApiVersion": API_VERSION,
        "tags": inputs.get("tags", {}),
        "properties": properties,
    }


def followed(inputs: Properties, before: Properties, now: Properties) -> Properties:
    """The recorded inputs with what changed in Azure since; what it does not tell stays as it was.

    Old and new state are compared, because Azure adds defaults that the program never named.
    """
    return _followed(inputs, _inputs_in(before), _inputs_in(now))


def imported(id_: str, state: Properties) -> Properties:
    """The inputs of a secret of which only the id is known."""
    parts = id_.split("/")
    if len(parts) != 11:
        raise ValueError(id_)
    named = {"resourceGroupName": parts[4], "vaultName": parts[8], "secretName": parts[10]}
    return with_defaults({**named, **_inputs_in(state)})


def _wrong(inside: str, values: Mapping[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        path = inside + name
        if isinstance(value, Unknown):
            continue
        if path not in _KINDS:
            yield f"'{path}' is no input; the real plugin would leave it out without a word"
            continue
        kind, called = _KINDS[path]
        if type(value) is not kind:
            yield f"'{path}' should be of type '{called}' but got a {type(value).__name__}"
        elif path in _PATTERNS and not re.search(_PATTERNS[path], value):
            yield f"'{path}' does not match expression '{_PATTERNS[path]}'"
        elif kind is dict and path != "tags":
            yield from _wrong(f"{path}.", value)


def _inputs_in(state: Properties) -> Properties:
    """The part of a state that could be inputs."""
    properties = state.get("properties", {})
    attributes = {
        name: value for name, value in properties.get("attributes", {}).items() if name in _WIRE_NAMES
    }
    named = {"contentType": properties["contentType"]} if "contentType" in properties else {}
    return {"tags": state.get("tags", {}), "properties": {"attributes": attributes, **named}}


def _followed(values: Properties, before: Properties, now: Properties) -> Properties:
    result = {name: value for name, value in values.items() if name in now or name not in before}
    for name, new in now.items():
        old = before.get(name)
        if new == old:
            continue
        if all(isinstance(side, dict) for side in (values.get(name), old, new)):
            result[name] = _followed(values[name], old or {}, new)
        else:
            result[name] = new
    return result
