"""What outlives the integration, and where each of it has to be ended."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import permissions
from drift import commands
from drift.tenant import Tenant
from evidence.evidence import Remains, Seen
from evidence.looking import Looking
from exchange.calendar_permissions import CalendarPermission, calendar_permissions
from graph.restorable import DeletedApplication, deleted_named
from graph.service_principals import find_service_principal
from graph.token_lifetimes import LONGEST, longest_token
from resource_manager.key_vault import KeyVault
from wire import NotAuthorised

_LEARN = "https://learn.microsoft.com/"


@dataclass(frozen=True)
class Vault:
    """The key vault of the settings: its name, the secret's name in it, and how Azure is asked about it."""

    name: str
    secret: str
    ask: Callable[[], KeyVault]


@dataclass(frozen=True)
class Beside:
    """What the stack has beside the tenant.

    rooms: the rooms of the proof's sample. of_rooms: how many there are. updates: how many updates the
    history of the state holds; None when that is not known. written_by: client id of who looks, "" for a
    person.
    """

    rooms: Sequence[str]
    of_rooms: int
    vault: Vault | None
    updates: int | None
    written_by: str


def remains(tenant: Tenant, beside: Beside, looking: Looking) -> tuple[Remains, ...]:
    """The off-boarding list, in the order in which it is worked off."""
    return (
        _in_placeos(),
        _tokens(tenant, looking),
        _subscriptions(),
        *_in_vault(beside.vault, looking),
        _in_state(tenant, beside),
        _deleted(tenant, looking),
        _policies(tenant, looking),
        _calendars(tenant, beside, looking),
        _bookings(),
        _deployer(beside),
    )


def _in_placeos() -> Remains:
    return Remains(
        what="the client secret in PlaceOS, in earlier versions of its settings too",
        where='PlaceOS, settings of the module "Microsoft Graph API" and their history; the Staff API, if it '
        "was given the same",
        until="20 later saves of these settings, or their deletion",
        end="first end the secrets in Entra (pulumi destroy, or roomctl contain), so that no copy signs in; "
        "then delete the module's settings, or the module",
        seen=Seen.NOT_LOOKED_AT,
        found="PlaceOS is not asked",
        source="https://github.com/PlaceOS/models/blob/master/src/placeos-models/settings.cr",
    )


def _tokens(tenant: Tenant, looking: Looking) -> Remains:
    lives = looking.at("how long access tokens live", lambda: _longest(tenant))
    known = isinstance(lives, timedelta)
    longest = lives if isinstance(lives, timedelta) else LONGEST
    return Remains(
        what="access tokens that PlaceOS holds: they keep the permissions that they were given with",
        where="PlaceOS's memory",
        until=f"{int(longest.total_seconds() // 60)} minutes after the consents and secrets are gone",
        end="nothing ends one sooner, so the access policy stays until then",
        seen=Seen.THERE if known else Seen.NOT_LOOKED_AT,
        found="the longest that the tenant's policies allow"
        if known
        else "a policy may lengthen them up to a day; which one is assigned only who may change it is told",
        source=f"{_LEARN}entra/identity-platform/configurable-token-lifetimes",
    )


def _longest(tenant: Tenant) -> timedelta | str:
    """Assigned policies are told to who may change applications, which is more than looking takes."""
    resource = find_service_principal(tenant.graph, permissions.GRAPH_APP_ID)
    code = tenant.code
    try:
        return longest_token(tenant.graph, code.application, code.principal, resource)
    except NotAuthorised as error:
        return error.reason


def _subscriptions() -> Remains:
    return Remains(
        what="subscriptions to changes of calendars, by which Microsoft Graph calls PlaceOS",
        where="Microsoft Graph",
        until="7 days after the last renewal",
        end="they end by themselves when PlaceOS gets no token to renew them",
        seen=Seen.NOT_LOOKED_AT,
        found="an application is told its own subscriptions only",
        source=f"{_LEARN}graph/api/resources/subscription",
    )


def _in_vault(vault: Vault | None, looking: Looking) -> Iterator[Remains]:
    if vault is None:
        return
    found = looking.at(f"the key vault {vault.name}", vault.ask)
    named = f"--vault-name {vault.name} --name {vault.secret}"
    kept = f"{found.kept_days} days" if found and found.kept_days else "7 to 90 days, as the vault says"
    last = "" if found is None or found.purgeable else "; its purge protection lets nobody remove it before"
    purge = f"az keyvault secret purge {named}" if found is None or found.purgeable else "wait"
    yield Remains(
        what="the client secret in every version of the vault's secret",
        where=f"key vault {vault.name}, secret {vault.secret}",
        until=f"{kept} after its deletion{last}",
        end=f"az keyvault secret delete {named}, then {purge}",
        seen=Seen.THERE if found else Seen.NOT_LOOKED_AT,
        found="the vault, and how long it keeps what is deleted" if found else "",
        source=f"{_LEARN}azure/key-vault/general/soft-delete-overview",
    )


def _in_state(tenant: Tenant, beside: Beside) -> Remains:
    told = beside.updates is not None
    return Remains(
        what="client secrets, encrypted, in Pulumi's state, its history and its backups",
        where="Pulumi's backend, and whatever versions and copies its storage keeps",
        until="they are removed, or the key of the stack's secrets provider is",
        end=f"pulumi stack rm --remove-backups --stack {tenant.code.stack}, after pulumi destroy; then the "
        "storage's own versions, and the key",
        seen=Seen.THERE if told else Seen.NOT_LOOKED_AT,
        found=f"{beside.updates:,} updates in the history; the storage is not asked"
        if told
        else "Pulumi did not tell the history",
        source="https://www.pulumi.com/docs/iac/concepts/state-and-backends/",
    )


def _deleted(tenant: Tenant, looking: Looking) -> Remains:
    code = tenant.code
    found = looking.at("deleted app registrations", lambda: _own_deleted(tenant))
    gone = [one.object_id for one in found or ()] or [code.application]
    ends = (commands.delete(tenant.graph, f"/directory/deletedItems/{one}") for one in gone)
    return Remains(
        what="the app registration, which can be restored with its consents",
        where="Entra, App registrations, Deleted applications",
        until="30 days after its deletion",
        end="nothing: it is somebody else's, and a destroy leaves it" if code.existing else "; ".join(ends),
        seen=Seen.NOT_LOOKED_AT if found is None else Seen.THERE if found else Seen.NOT_THERE,
        found="" if found is None else _restorable(found),
        source=f"{_LEARN}graph/api/directory-deleteditems-restore",
    )


def _own_deleted(tenant: Tenant) -> list[DeletedApplication]:
    """Those of this stack: they carry its mark."""
    found = deleted_named(tenant.graph, tenant.code.name)
    return [one for one in found if tenant.code.mark in one.notes]


def _restorable(found: Sequence[DeletedApplication]) -> str:
    if not found:
        return "none of this stack is deleted now"
    return "; ".join(f"{one.app_id}, deleted on {one.deleted[:10]}" for one in found)


def _policies(tenant: Tenant, looking: Looking) -> Remains:
    code = tenant.code
    listed = looking.at("access policies that a destroy keeps", tenant.policies)
    own = [one for one in listed or () if one.app_id == code.client_id and code.mark in one.description]
    address = next((one.address for one in code.groups), "")
    return Remains(
        what="the access policies and the room group, which pulumi destroy keeps: they limit what is left",
        where="Exchange Online",
        until="the application is gone for good, and they are removed",
        end=f"roomctl finish-destroy {code.mark} --group {address}",
        seen=Seen.NOT_LOOKED_AT if listed is None else Seen.THERE if own else Seen.NOT_THERE,
        found="" if listed is None else f"{len(own)} of this stack",
        source=f"{_LEARN}graph/auth-limit-mailbox-access",
    )


def _calendars(tenant: Tenant, beside: Beside, looking: Looking) -> Remains:
    """People's own rights on rooms, which PlaceOS's documentation has them given."""
    asked = {
        room: looking.at(
            f"who may see the calendar of {room}", partial(calendar_permissions, tenant.exchange, room)
        )
        for room in beside.rooms
    }
    looked = [room for room, held in asked.items() if held is not None]
    given = [(room, one) for room, held in asked.items() for one in held or ()]
    return Remains(
        what="rights on rooms' calendars that people or groups were given, as PlaceOS's Concierge needs",
        where="Exchange Online, folder permissions of each room",
        until="they are removed",
        end="; ".join(_removal(room, one) for room, one in given)
        or r"Remove-MailboxFolderPermission -Identity 'ROOM:\Calendar' -User 'WHO'",
        seen=Seen.THERE if given else Seen.NOT_THERE if looked else Seen.NOT_LOOKED_AT,
        found=f"looked at {len(looked)} of {beside.of_rooms:,} rooms"
        + "".join(f"; {room}: {one.who} ({one.rights})" for room, one in given),
        source="https://docs.placeos.com/how-to/configure-placeos-for-microsoft-365-delegated/concierge-access",
    )


def _removal(room: str, one: CalendarPermission) -> str:
    return commands.cmdlet("Remove-MailboxFolderPermission", Identity=rf"{room}:\Calendar", User=one.who)


def _bookings() -> Remains:
    return Remains(
        what="events that PlaceOS booked, with their hosts and attendees",
        where="the calendars of rooms and hosts; PlaceOS's own database",
        until="somebody deletes them",
        end="as the tenant's retention says; PlaceOS's copies where it is run",
        seen=Seen.NOT_LOOKED_AT,
        found="it takes rights on calendars, which only PlaceOS has",
        source=f"{_LEARN}exchange/security-and-compliance/messaging-records-management/messaging-records-management",
    )


def _deployer(beside: Beside) -> Remains:
    return Remains(
        what="the identities that deploy, look and rotate, with their rights in Entra, Exchange and Azure",
        where="Entra, App registrations; Exchange Online, role groups; the pipeline's own secrets",
        until="they are removed",
        end="last of all: az ad app delete --id CLIENT_ID; Remove-RoleGroup for each one's role group",
        seen=Seen.THERE,
        found=f"this was written by {beside.written_by or 'a person'}; others are not looked for",
        source=f"{_LEARN}cli/azure/ad/app",
    )
