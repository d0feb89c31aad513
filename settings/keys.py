"""The keys under which the fields of `Settings` stand in a stack file."""

import re


def key_of(field_name: str) -> str:
    """The key of a field: `roomGroupName` for `room_group_name`."""
    return re.sub(r"_(.)", lambda found: found[1].upper(), field_name)
