"""What the settings name and no earlier run has looked up."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from prerequisites.groups import OwnGroup, own_groups
from settings import Settings

Recorded = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class NewNames:
    """Names that have to be looked up; those of an earlier run that change in the tenant are drift.

    rooms, staff, owners, denied, staff_groups: addresses. own_groups: groups of this stack. application:
    whether the application is another than the one of the earlier run, or has another name. own_application:
    whether the existing one that is wanted is this stack's own, of own_client_id. key_vault: whether the
    secret goes into a vault, or has a name there, that is new; secret_in_vault: whether one is recorded.
    first_run: not even the component is recorded.
    """

    rooms: tuple[str, ...]
    staff: tuple[str, ...]
    owners: tuple[str, ...]
    denied: tuple[str, ...]
    staff_groups: tuple[str, ...]
    own_groups: tuple[OwnGroup, ...]
    application: bool
    own_application: bool
    own_client_id: str
    key_vault: bool
    secret_in_vault: bool
    first_run: bool

    @classmethod
    def of(cls, settings: Settings, recorded: Recorded, component: str) -> Self:
        """Those that are not in the outputs that the engine recorded, by resource name.

        `component` begins the names of the stack's resources.
        """

        def outputs(name: str) -> Mapping[str, Any]:
            return recorded.get(f"{component}-{name}") or {}

        proof = outputs("scope-configured-access")
        groups = {"roomGroup": outputs("rooms-group"), "staffGroup": outputs("staff-group")}
        own, wanted = outputs("identity-application"), settings.application_client_id

        in_vault = bool(outputs("key-vault-value"))

        def new(wanted: tuple[str, ...], *known: Any) -> tuple[str, ...]:
            # What is no list, or no map by address, is damaged: then all of it is looked up.
            recorded = {one for some in known if isinstance(some, list | dict) for one in some}
            return tuple(one for one in wanted if one and one not in recorded)

        return cls(
            rooms=new(settings.member_addresses or (), outputs("rooms-members").get("members")),
            staff=new(settings.staff, outputs("staff-members").get("members")),
            owners=new((settings.room_group_owner,), *(group.get("owners") for group in groups.values())),
            denied=new(settings.denied_mailboxes, proof.get("deniedMailboxes")),
            staff_groups=new(
                (settings.staff_group,), [outputs(f"staff-{settings.staff_group}").get("address")]
            ),
            own_groups=tuple(
                replace(group, was=str(groups[group.key].get("address") or ""))
                for group in own_groups(settings)
                if not group.is_recorded(groups[group.key])
            ),
            application=(
                proof.get("appId") != wanted
                if wanted
                else not own or own.get("displayName") != settings.application_name
            ),
            own_application=bool(wanted) and wanted == own.get("clientId"),
            own_client_id=str(own.get("clientId") or ""),
            key_vault=_is_elsewhere(settings, outputs("key-vault").get("secret_id"), in_vault=in_vault),
            secret_in_vault=in_vault,
            first_run=component not in recorded,
        )

    def __bool__(self) -> bool:
        """Whether there is anything to look up."""
        known = {"own_client_id", "secret_in_vault"}
        return any(value for name, value in vars(self).items() if name not in known)


def _is_elsewhere(settings: Settings, recorded: object, *, in_vault: bool) -> bool:
    """Whether the settings want the secret where none is recorded."""
    if settings.key_vault is None:
        return False
    if recorded is None and in_vault:  # written before its id was recorded
        return False
    wanted = f"{settings.key_vault.resource_id}/secrets/{settings.key_vault_secret_name}"
    return str(recorded).lower() != wanted.lower()
