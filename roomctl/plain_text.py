"""Text that is typed once and compared ever after: nothing in it may look like something else."""

import re
import unicodedata

from addresses import address_fault

LONGEST_NAME = 64
"""learn.microsoft.com/powershell/module/exchangepowershell/new-rolegroup, parameter Name."""


def name_problem(name: str) -> str:
    """Why a display name can't be taken; "" when it can. Letters are Latin ones, accents included."""
    if not name.strip():
        return "the name is empty"
    if len(name) > LONGEST_NAME:
        return f"the name has {len(name)} characters, and a role group's has {LONGEST_NAME} at most"
    if name != name.strip():
        return "the name begins or ends with a space"
    return strange_letter("name", name, latin=True)


def owner_problem(owner: str) -> str:
    """Why this is no user principal name and no object id; "" when it is one."""
    if re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", owner):
        return ""
    fault = address_fault(owner)
    return f"the owner {owner!r} is no user principal name and no object id: {fault}" if fault else ""


def strange_letter(what: str, text: str, *, latin: bool = False) -> str:
    """Which letter nobody sees, or takes for another; "" when there is none."""
    for letter in text:
        if "\x20" <= letter < "\x7f":
            continue
        spoken = unicodedata.name(letter, "CONTROL CHARACTER")
        if not (latin and spoken.startswith("LATIN ")):
            return f"the {what} holds U+{ord(letter):04X} {spoken}: write it without"
    return ""
