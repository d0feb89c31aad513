"""Tenant files: what a YAML description of a tenant may say."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from emulator.ids import stable_id
from emulator.replication import Delays

CONTOSO = Path(__file__).parent / "tenants" / "contoso.yaml"

Alias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
Address = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$", to_lower=True)]
Reference = Annotated[str, StringConstraints(pattern=r"^[^@\s]+(@[^@\s]+)?$", to_lower=True)]
"""An alias; or the address of what has one of its own."""
Guid = Annotated[
    str, StringConstraints(pattern=r"(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", to_lower=True)
]


class TenantFileError(ValueError):
    """A tenant file that can't be read or says something that has no meaning."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Building(_Entry):
    """A building; `levels` maps a level's name to its rooms, and these to their seats."""

    code: Alias
    name: str
    address: str = ""
    city: str = ""
    country: str = ""
    timezone: str = "UTC"
    levels: dict[str, dict[str, int]]


class Staff(_Entry):
    """Ordinary people: every given name with every surname."""

    given: list[str] = []
    surnames: list[str] = []


class Mailbox(_Entry):
    """A mailbox of its own name: a shared one, or an administrator's with directory `roles`."""

    name: str
    alias: Alias
    roles: list[str] = []


class AddressedMailbox(_Entry):
    """A mailbox with an address of its own, in whatever domain, which is then one of the tenant's.

    `alias`: Exchange's; none: what stands before the @. `id`: its object id; none: follows from the address.
    """

    address: Address
    name: str
    type: Literal["room", "equipment", "workspace", "shared", "person"]
    alias: str | None = None
    id: Guid | None = None
    roles: list[str] = []


class Group(_Entry):
    """A group; members and owners are mailboxes, or groups that stand above it. `address`: as a mailbox's."""

    name: str
    alias: Alias
    address: Address | None = None
    type: Literal["mail_security", "distribution", "security", "microsoft365"]
    synced: bool = False
    owners: list[Reference] = []
    members: list[Reference] = []


class Policy(_Entry):
    """An application access policy that restricts an app to a group, in force since long ago."""

    group: Alias
    description: str


class App(_Entry):
    """An application with its service principal, consented permissions, directory and Exchange roles.

    A managed identity is a service principal without an application: nobody holds a credential of it.
    `client_id`: none: follows from the name. `owners`: names of apps that may manage it.
    """

    name: str
    client_id: Guid | None = None
    owners: list[str] = []
    secret: bool = False
    managed_identity: bool = False
    token_lifetime_minutes: int = Field(default=60, ge=10, le=1440)
    roles: list[str] = []
    exchange_roles: list[str] = []
    permissions: dict[str, list[str]] = {}
    policy: Policy | None = None


class KeyVault(_Entry):
    """A key vault; `grants` says which app has which Azure actions on it."""

    name: str
    resource_group: str
    subscription: Guid | None = None  # the tenant's own
    location: str = "westeurope"
    grants: dict[str, list[str]] = {}


class Event(_Entry):
    """A meeting; `starts_in` counts hours from the full hour at which the tenant begins."""

    mailbox: Alias
    organizer: Alias
    subject: str
    starts_in: int
    hours: float = 1


class TenantFile(_Entry):
    """A whole tenant. `deployer` names the app whose credentials clients are given.

    `language` is what Exchange's errors are written in, whatever a request asks for; none: as it asks.
    `premium`: whether it has Entra ID P1, without which the sign-in log is not told.
    `domains`: verified ones beside `domain` and those of addresses.
    `replication_lag` says for each kind of object how many requests meet a copy that does not know it yet.
    """

    name: str
    domain: str
    deployer: str
    apps: list[App]
    start: datetime | None = None
    policy_delay_minutes: float = Field(default=70, ge=0, le=720)
    language: str | None = None
    premium: bool = True
    domains: list[str] = []
    replication_lag: Delays = {}
    buildings: list[Building] = []
    staff: Staff = Staff()
    administrators: list[Mailbox] = []
    shared_mailboxes: list[Mailbox] = []
    mailboxes: list[AddressedMailbox] = []
    groups: list[Group] = []
    events: list[Event] = []
    key_vaults: list[KeyVault] = []

    def id_of(self, *parts: str) -> str:
        """The id of something in this tenant, the same each time the file is read."""
        return stable_id(self.domain, *parts)

    def app_id_of(self, name: str) -> str:
        """The client id of the app of that name."""
        given = next((app.client_id for app in self.apps if app.name == name), None)
        return given or self.id_of("appId", name)


@lru_cache(maxsize=4)
def _described(text: str) -> Any:
    return yaml.safe_load(text)


def read_tenant_file(path: Path = CONTOSO) -> TenantFile:
    """The description in a file; TenantFileError says what is wrong in it and where."""
    try:
        return TenantFile.model_validate(_described(path.read_text(encoding="utf-8")))
    except OSError as reason:
        raise TenantFileError(f"the tenant file {path} can't be read: {reason.strerror}") from reason
    except yaml.YAMLError as reason:
        where = " ".join(str(reason).split())
        raise TenantFileError(f"the tenant file {path} is no YAML: {where}") from reason
    except (UnicodeDecodeError, RecursionError) as reason:
        fault = "nests too deeply" if isinstance(reason, RecursionError) else "is not text in UTF-8"
        raise TenantFileError(f"the tenant file {path} {fault}") from reason
    except ValidationError as reason:
        faults = "; ".join(
            f"{'.'.join(map(str, error['loc'])) or 'the whole file'}: {error['msg']}"
            for error in reason.errors()
        )
        raise TenantFileError(f"the tenant file {path} can't be used: {faults}") from reason
