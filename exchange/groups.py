"""The mail-enabled security group: found, made once, locked, removed."""

from dataclasses import dataclass
from typing import Any

from exchange import directory
from exchange.admin_api import SERVICE, ExchangeAdmin
from exchange.patience import looks
from exchange.records import SecurityGroup, identities, required
from wire import AlreadyExists, NotFound, NotReady, Unclear

_OBJECT_ID = "ExternalDirectoryObjectId"
_NAMING = ("ManagedBy", "AcceptMessagesOnlyFromSendersOrMembers", "GrantSendOnBehalfTo")
"""The properties of a group that name recipients."""
# Set- and Remove- refuse an app that owns no group without it (Microsoft365DSC #6435).
_AS_ADMINISTRATOR = {"BypassSecurityGroupManagerCheck": True}


@dataclass(frozen=True)
class GroupSettings:
    """What a group is to be; the defaults lock it. `mark` says in its notes whose it is.

    owners, accepted_senders: addresses. Whoever can add a member widens an app's reach, and whoever can mail
    the group books every room in it.
    """

    name: str
    alias: str
    address: str
    owners: tuple[str, ...]
    accepted_senders: tuple[str, ...]
    mark: str
    hidden: bool = True
    join: str = "Closed"
    depart: str = "Closed"
    require_sender_auth: bool = True


def find(exchange: ExchangeAdmin, identity: str, *, notes: str | None = None) -> SecurityGroup | None:
    """The group with this primary address or Entra object id, of whatever type; None when there is none.

    Who knows the group's `notes` saves the question for them. Invalid when the address is only a secondary
    address of a group.
    """
    key = "PrimarySmtpAddress" if "@" in identity else _OBJECT_ID
    record = exchange.look_up("Get-DistributionGroup", key, identity)
    if record is None:
        return None
    if notes is None:  # they are not among the properties of Get-DistributionGroup
        group = exchange.look_up("Get-Group", _OBJECT_ID, str(record.get(_OBJECT_ID)))
        notes = str((group or {}).get("Notes") or "")
    named = {one for key in _NAMING for one in identities(record, key)}
    addresses = {name: one.address for name, one in directory.find(exchange, named).items() if one.address}
    return SecurityGroup.of(record, notes, addresses)


def security_groups_notes(exchange: ExchangeAdmin) -> dict[str, str]:
    """The notes of every mail-enabled security group of the tenant, by object id, in one question.

    All are listed: whether Exchange finds a text inside of notes by a filter is not documented
    (https://learn.microsoft.com/powershell/exchange/filter-properties).
    """
    records = exchange.run(
        "Get-Group",
        select=(_OBJECT_ID, "Guid", "Notes"),
        RecipientTypeDetails=["MailUniversalSecurityGroup"],
        ResultSize="Unlimited",
    )
    return {
        str(one.get(_OBJECT_ID) or required(one, "Guid", "group")).lower(): str(one.get("Notes") or "")
        for one in records
    }


@dataclass(frozen=True)
class Created:
    """The group, and whether it was there before and may have members."""

    group: SecurityGroup
    adopted: bool


def create(exchange: ExchangeAdmin, settings: GroupSettings) -> Created:
    """Make the group, lock it, and read it back.

    A create whose answer is lost is looked up, and repeated once if nothing is there. AlreadyExists when
    what has the name or address is not a security group with our mark; NotReady when Exchange does not show
    the group yet.
    """
    notes, adopted = settings.mark, False
    try:
        object_id = _new(exchange, settings)
    except Unclear:
        ours = _ours(exchange, settings)
        adopted = ours is not None
        object_id = ours.object_id if ours else _new_again(exchange, settings)
    except AlreadyExists as error:
        ours = _ours(exchange, settings)
        if ours is None:
            raise AlreadyExists.like(error, "Choose another name, alias or address for the group.") from None
        object_id, notes, adopted = ours.object_id, ours.notes, True
    for _ in looks(exchange.clock):
        try:
            _set(exchange, object_id, _parameters(settings))
        except NotFound:  # made on one server, not yet known to the next
            continue
        break
    return Created(_settled(exchange, object_id, settings, notes), adopted)


def change(exchange: ExchangeAdmin, group: SecurityGroup, settings: GroupSettings) -> SecurityGroup:
    """Make the group what `settings` say and read it back; nothing is sent when it is so already.

    NotReady when Exchange does not show the change yet.
    """
    differing = _differing(group, settings)
    unmarked = differing.pop("Notes", None)
    if differing:
        _set(exchange, group.object_id, differing)
    if unmarked:
        exchange.ensure("Set-Group", Identity=group.object_id, Notes=unmarked, **_AS_ADMINISTRATOR)
    return _settled(exchange, group.object_id, settings) if differing or unmarked else group


def remove(exchange: ExchangeAdmin, object_id: str) -> None:
    """Remove the group, at once and for good; one that is gone already is fine."""
    try:
        exchange.ensure("Remove-DistributionGroup", Identity=object_id, Confirm=False, **_AS_ADMINISTRATOR)
    except NotFound:
        return


def _new(exchange: ExchangeAdmin, settings: GroupSettings) -> str:
    """The object id of the group that was made; its address as long as Exchange has no id to tell."""
    record = exchange.run_one(
        "New-DistributionGroup",
        Type="Security",
        Name=settings.name,
        Alias=settings.alias,
        PrimarySmtpAddress=settings.address,
        ManagedBy=list(settings.owners),
        MemberJoinRestriction=settings.join,
        MemberDepartRestriction=settings.depart,
        RequireSenderAuthenticationEnabled=settings.require_sender_auth,
        Notes=settings.mark,
        IgnoreNamingPolicy=True,
    )
    return str(record.get(_OBJECT_ID) or settings.address).lower()


def _new_again(exchange: ExchangeAdmin, settings: GroupSettings) -> str:
    try:
        return _new(exchange, settings)
    except AlreadyExists as error:
        advice = "It may be the one that was made a moment ago, not listed yet: run it again."
        raise AlreadyExists.like(error, advice) from None


def _set(exchange: ExchangeAdmin, identity: str, parameters: dict[str, Any]) -> None:
    named = {"DisplayName": parameters["Name"], "IgnoreNamingPolicy": True} if "Name" in parameters else {}
    exchange.ensure("Set-DistributionGroup", Identity=identity, **parameters, **named, **_AS_ADMINISTRATOR)


def _settled(
    exchange: ExchangeAdmin, identity: str, settings: GroupSettings, notes: str | None = None
) -> SecurityGroup:
    """The group, once Exchange shows it as it was set; notes that are known are not asked for."""
    late = ["the group itself"]
    for _ in looks(exchange.clock):
        group = find(exchange, identity, notes=notes)
        if group is not None:
            late = list(_differing(group, settings))
            if not late:
                return group
    operation = f"Set-DistributionGroup {settings.address}"
    raise NotReady(SERVICE, operation, f"Exchange does not show yet what was set: {', '.join(late)}")


def _differing(group: SecurityGroup, settings: GroupSettings) -> dict[str, Any]:
    """What has to be set, with the values that it has to have; notes of people are kept."""
    present = _parameters(_as_settings(group))
    wanted = _parameters(settings)
    differing = {name: value for name, value in wanted.items() if value != present[name]}
    if settings.mark not in group.notes:
        differing["Notes"] = f"{group.notes}\n{settings.mark}".strip()
    return differing


def _ours(exchange: ExchangeAdmin, settings: GroupSettings) -> SecurityGroup | None:
    group = find(exchange, settings.address)
    if group is not None and not (group.is_mail_enabled_security and settings.mark in group.notes):
        raise AlreadyExists(
            SERVICE,
            f"New-DistributionGroup {settings.address}",
            "a group that is not this stack's has that address",
            advice="Choose another address, or write the stack's mark into that group's notes.",
        )
    return group


def _parameters(settings: GroupSettings) -> dict[str, Any]:
    return {
        "Name": settings.name,
        "Alias": settings.alias,
        "PrimarySmtpAddress": settings.address.lower(),
        "ManagedBy": sorted(owner.lower() for owner in settings.owners),
        "HiddenFromAddressListsEnabled": settings.hidden,
        "MemberJoinRestriction": settings.join,
        "MemberDepartRestriction": settings.depart,
        "RequireSenderAuthenticationEnabled": settings.require_sender_auth,
        "AcceptMessagesOnlyFromSendersOrMembers": sorted(one.lower() for one in settings.accepted_senders),
    }


def _as_settings(group: SecurityGroup) -> GroupSettings:
    return GroupSettings(
        name=group.name,
        alias=group.alias,
        address=group.address,
        owners=group.owners,
        accepted_senders=group.accepted_senders,
        mark="",
        hidden=group.hidden,
        join=group.join,
        depart=group.depart,
        require_sender_auth=group.require_sender_auth,
    )
