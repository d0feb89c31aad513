"""The commands that a finding proposes, in the tools that administrators have."""

import json
import re
import shlex
import struct
from collections.abc import Mapping
from typing import Any

from graph.api import GraphApi
from visible import visible

_SINGLE_QUOTES, _DOUBLE_QUOTES = "'\u2018-\u201b", '"\u201c-\u201e'

_DYNAMIC = "DynamicMembership"
"""What `groupTypes` holds of a group whose members follow from a rule."""


def up(stack: str) -> str:
    """Make the tenant as the code says."""
    return f"pulumi up --refresh --stack {stack}"


def up_with_new_secret(stack: str) -> str:
    """The same where it makes a client secret: PlaceOS has to be given it."""
    return f"{up(stack)}\nroomctl handover --stack {stack}"


def delete(graph: GraphApi, path: str) -> str:
    """Delete an object of Microsoft Graph."""
    return _rest("DELETE", graph, path)


def patch(graph: GraphApi, path: str, body: Mapping[str, Any]) -> str:
    """Change an object of Microsoft Graph."""
    return _rest("PATCH", graph, path, "--body", json.dumps(body))


def refer(graph: GraphApi, path: str, object_id: str) -> str:
    """Put an object of the directory, by its id, into a collection of Microsoft Graph's."""
    held = {"@odata.id": graph.address(f"/v1.0/directoryObjects/{object_id}")}
    return _rest("POST", graph, path, "--body", json.dumps(held))


def out_of_group(graph: GraphApi, group: Mapping[str, Any], member: str) -> str:
    """Take a direct member, by object id, out of a group of Entra's, as Graph tells of the group.

    Exchange alone changes those that it can mail; nobody takes a member out of one that fills itself by a
    rule (https://learn.microsoft.com/entra/identity/users/groups-dynamic-membership).
    """
    id_ = str(group["id"]).lower()
    if _DYNAMIC in (group.get("groupTypes") or ()):
        without = patch(graph, f"/groups/{id_}", {"membershipRule": "THE RULE WITHOUT IT"})
        rule = " ".join(str(group.get("membershipRule") or "unknown").split())
        return note(
            f"the group fills itself by the rule {rule}; whoever keeps it has to change that: {without}"
        )
    if group.get("mailEnabled"):
        return cmdlet_as_administrator("Remove-DistributionGroupMember", Identity=id_, Member=member)
    return f"az ad group member remove --group {id_} --member-id {member}"


def cmdlet(name: str, **parameters: str) -> str:
    """A cmdlet of Exchange Online PowerShell that does not ask back."""
    said = " ".join(f"-{key} {_quoted(value)}" for key, value in parameters.items())
    return f"{name} {said} -Confirm:$false"


def cmdlet_as_administrator(name: str, **parameters: str) -> str:
    """The same for a group that somebody else owns."""
    return f"{cmdlet(name, **parameters)} -BypassSecurityGroupManagerCheck"


def _rest(method: str, graph: GraphApi, path: str, *more: str) -> str:
    """Quoted for a shell: in double quotes it takes `$ref` away, and what is deleted is the person."""
    return shlex.join(["az", "rest", "--method", method, "--url", graph.address(f"/v1.0{path}"), *more])


def note(text: str) -> str:
    """What is to be known or done beside the commands: a comment to every shell, and one line."""
    return f"# {visible(text)}"


def _quoted(value: str) -> str:
    """PowerShell takes nothing inside single quotes but a doubled one, and takes four others for the same.

    https://github.com/PowerShell/PowerShell/blob/master/src/System.Management.Automation/engine/parser/CharTraits.cs

    A letter that nobody sees, or that ends a line, is written by its number: what is read is what is typed.
    """
    if value.isprintable():
        return f"'{_doubled(_SINGLE_QUOTES, value)}'"
    return f'"{"".join(map(_by_number, _doubled(_DOUBLE_QUOTES, value)))}"'


def _by_number(letter: str) -> str:
    """Inside double quotes; a letter beyond the first 65,536 has two numbers, as in UTF-16."""
    if letter in "`$":
        return f"`{letter}"
    if letter.isprintable():
        return letter
    units = letter.encode("utf-16-be")
    return "".join(f"$([char]0x{unit:04x})" for (unit,) in struct.iter_unpack(">H", units))


def _doubled(quotes: str, value: str) -> str:
    return re.sub(f"([{quotes}])", r"\1\1", value)
