"""The *-DistributionGroupMember cmdlets; those that write answer without a body.

learn.microsoft.com/powershell/module/exchangepowershell/update-distributiongroupmember
"""

from collections.abc import Sequence

from emulator.directory import GROUP_TYPES, put_group
from emulator.exchange.authorization import READ_GROUPS
from emulator.exchange.cmdlets import Call, cmdlet
from emulator.exchange.distribution_groups import WRITE_GROUPS
from emulator.exchange.errors import already_member, not_member, refused
from emulator.exchange.group_rules import MEMBER_LIMIT, may_write, member, once
from emulator.exchange.identities import limited, one
from emulator.exchange.parameters import BYPASS, CONFIRM, SIZE, TEXT, Texts
from emulator.exchange.records import Loaded, as_member
from emulator.store import Document

_ONE_MEMBER = {"Identity": TEXT, "Member": TEXT, **BYPASS, **CONFIRM}


@cmdlet("Add-DistributionGroupMember", WRITE_GROUPS, _ONE_MEMBER, ("Identity", "Member"))
def add_distribution_group_member(call: Call) -> None:
    """Put one recipient into a group; an error when it is there already."""
    group, added = _group(call), member(call, call.text("Member"))
    _must_not_be_itself(group, [added])
    if added in group["Members"]:
        raise already_member(call.text("Member"), group["Identity"])
    put_group(call.store, group | {"Members": [*group["Members"], added]})


@cmdlet("Remove-DistributionGroupMember", WRITE_GROUPS, _ONE_MEMBER, ("Identity", "Member"))
def remove_distribution_group_member(call: Call) -> None:
    """Take one recipient out of a group; an error when it isn't there."""
    group, removed = _group(call), one(call, call.text("Member"))["ExternalDirectoryObjectId"]
    if removed not in group["Members"]:
        raise not_member(call.text("Member"), group["Identity"])
    put_group(call.store, group | {"Members": [id_ for id_ in group["Members"] if id_ != removed]})


@cmdlet(
    "Update-DistributionGroupMember",
    WRITE_GROUPS,
    {"Identity": TEXT, "Members": Texts(MEMBER_LIMIT), **BYPASS, **CONFIRM},
    ("Identity",),
)
def update_distribution_group_member(call: Call) -> None:
    """Replace a group's whole list of members.

    Not confirmed: that without Members the list becomes empty, and that one wrong member refuses all.
    """
    group = _group(call)
    members = once([member(call, identity) for identity in call.texts("Members")])
    _must_not_be_itself(group, members)
    put_group(call.store, group | {"Members": members})


@cmdlet("Get-DistributionGroupMember", READ_GROUPS, {"Identity": TEXT, "ResultSize": SIZE}, ("Identity",))
def get_distribution_group_member(call: Call) -> Sequence[Document]:
    """A group's direct members, hidden ones too; nothing for a Microsoft 365 group."""
    group = one(call, call.text("Identity"), GROUP_TYPES | {"GroupMailbox"})
    if group["RecipientTypeDetails"] == "GroupMailbox":
        return []
    return limited(call, Loaded(group["Members"], lambda id_: as_member(call.store, id_)))


def _group(call: Call) -> Document:
    group = one(call, call.text("Identity"), GROUP_TYPES)
    may_write(call, group)
    return group


def _must_not_be_itself(group: Document, members: list[str]) -> None:
    if group["ExternalDirectoryObjectId"] in members:
        raise refused(
            f'The group "{group["Identity"]}" can\'t be a member of itself.',
            f'Die Gruppe "{group["Identity"]}" kann nicht Mitglied von sich selbst sein.',
        )
