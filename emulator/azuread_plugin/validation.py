"""What Check refuses, in the words of terraform-plugin-sdk's validators and the bridge.

https://github.com/hashicorp/terraform-plugin-sdk/tree/main/helper/validation
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from emulator.azuread_plugin.resource import Check, Field, Kind, Resource
from emulator.plugin.errors import PluginError
from emulator.plugin.wire import Properties, Unknown, Value

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_SINGULAR = {
    "requiredResourceAccesses": "required_resource_access",
    "resourceAccesses": "resource_access",
    "appRoles": "app_role",
    "oauth2PermissionScopes": "oauth2_permission_scope",
    "accessTokens": "access_token",
    "idTokens": "id_token",
    "saml2Tokens": "saml2_token",
}
_TYPES: dict[Kind, tuple[type, ...]] = {
    Kind.TEXT: (str,),
    Kind.FLAG: (bool,),
    Kind.NUMBER: (int, float),
    Kind.MAP: (dict,),
    Kind.OBJECT: (dict,),
    Kind.LIST: (list,),
    Kind.SET: (list,),
}


def is_uuid(name: str, value: Any) -> str:
    """Object ids, client ids, permission ids."""
    return "" if _UUID.fullmatch(value) else f'expected "{name}" to be a valid UUID, got {value}'


def is_date(name: str, value: Any) -> str:
    """An RFC 3339 time with its zone."""
    try:
        good = _RFC3339.fullmatch(value) is not None and datetime.fromisoformat(value) is not None
    except ValueError:
        good = False
    return "" if good else f'expected "{name}" to be a valid RFC3339 date, got "{value}"'


def is_application_id(name: str, value: Any) -> str:
    """`/applications/{objectId}`; see https://github.com/pulumi/pulumi-azuread/issues/531."""
    del name
    return segments_mismatch("Application", "/applications/{objectId}", value)


def not_empty(name: str, value: Any) -> str:
    """Left out is fine, empty is not."""
    return "" if value.strip() else f'expected "{name}" to not be an empty string, got {value}'


def at_most(length: int) -> Check:
    """Characters; the text itself is not repeated in the message."""

    def check(name: str, value: Any) -> str:
        if len(value) <= length:
            return ""
        return f"expected length of {name} to be in the range (0 - {length}), got {len(value)} characters"

    return check


def one_of(*allowed: Any) -> Check:
    """A closed list of values."""

    def check(name: str, value: Any) -> str:
        if value in allowed:
            return ""
        listed = " ".join(f'"{choice}"' if isinstance(choice, str) else str(choice) for choice in allowed)
        return f"expected {name} to be one of [{listed}], got {value}"

    return check


def is_web_address(name: str, value: Any) -> str:
    """An address on the web: http or https, with a host."""
    if re.fullmatch(r"https?://[^/?#\s]+\S*", value):
        return ""
    return f'expected "{name}" to have a host and a scheme of http or https, got {value}'


def segments_mismatch(kind: str, pattern: str, id_: str) -> str:
    """Why this is no id of that kind, or nothing; `{…}` in the pattern stands for any one segment."""
    wanted, given = pattern.strip("/").split("/"), id_.strip("/").split("/")
    if id_.startswith("/") != pattern.startswith("/") or len(wanted) != len(given):
        return f"parsing the {kind} ID: the number of segments didn't match: expected {pattern}, got {id_}"
    for position, (segment, value) in enumerate(zip(wanted, given, strict=True)):
        if not value or (not segment.startswith("{") and segment != value):
            return (
                f"parsing the {kind} ID: the segment at position {position} didn't match: "
                f"expected {pattern}, got {id_}"
            )
    return ""


def expect_id(kind: str, pattern: str, id_: str) -> None:
    """Raises PluginError when this is no id of that kind, which is how a mistyped import ends."""
    if wrong := segments_mismatch(kind, pattern, id_):
        raise PluginError(wrong)


def problems(resource: Resource, name: str, inputs: Properties) -> list[str]:
    """Everything wrong with a resource's inputs, each with the place to look at; unknown values pass."""
    found = [
        f"{text}. Examine values at '{name}.{path}'." for path, text in _of_object(resource.fields, inputs)
    ]
    for one, other in resource.conflicts:
        if inputs.get(one) is not None and inputs.get(other) is not None:
            found.append(
                f'Conflicting configuration arguments. "{_upstream(one)}": conflicts with '
                f"{_upstream(other)}. Examine values at '{name}.{one}'."
            )
    return found


def _of_object(
    fields: Mapping[str, Field], values: Properties, inside: str = "", upstream: str = ""
) -> Iterator[tuple[str, str]]:
    for name in values:
        if name not in fields and not name.startswith("__"):
            yield inside + name, f"Invalid or unknown key: there is no input {name}"
    for name, field in fields.items():
        value, path, known_as = values.get(name), inside + name, upstream + _upstream(name)
        if value is not None:  # a block that may stand once is a list of one upstream
            yield from _of_value(field, value, path, known_as + ".0" * (field.kind is Kind.OBJECT))
        elif field.required:
            yield (
                path,
                (
                    f'Missing required argument. The argument "{known_as}" is required, '
                    "but no definition was found."
                ),
            )


def _of_value(field: Field, value: Value, path: str, known_as: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Unknown):
        return
    if field.refused:
        yield path, f"{field.refused}; attach the real azuread plugin to use it"
    elif type(value) not in _TYPES[field.kind]:
        yield path, f"Incorrect attribute value type: {known_as} takes a {field.kind.value}"
    elif field.kind is Kind.OBJECT:
        yield from _of_object(field.members or {}, value, f"{path}.", f"{known_as}.")
    elif field.element is not None:
        yield from _of_elements(field, field.element, value, path, known_as)
    elif field.kind is Kind.MAP:
        for key, member in value.items():
            yield from _of_value(Field(), member, f"{path}.{key}", f"{known_as}.{key}")
    elif field.check is not None and (wrong := field.check(known_as, value)):
        yield path, wrong


def _of_elements(
    field: Field, element: Field, values: list[Value], path: str, known_as: str
) -> Iterator[tuple[str, str]]:
    if field.most is not None and len(values) > field.most:
        yield (
            path,
            (
                f"Too many list items. Attribute {known_as} supports {field.most} item maximum, "
                f"but config has {len(values)} declared."
            ),
        )
    for index, value in enumerate(values):
        yield from _of_value(element, value, f"{path}[{index}]", f"{known_as}.{index}")


def _upstream(name: str) -> str:
    """The input's name in Terraform, which the messages use."""
    return _SINGULAR.get(name) or re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
