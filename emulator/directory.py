"""The directory that Exchange and Graph share: who is found by a name, and groups kept in step."""

import re

from emulator.store import Document, Store

GROUP_TYPES = frozenset({"MailUniversalSecurityGroup", "MailUniversalDistributionGroup"})
MAILBOX_TYPES = frozenset({"UserMailbox", "SharedMailbox", "RoomMailbox", "EquipmentMailbox"})

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NAMES = (
    "Guid",
    "Name",
    "Alias",
    "DisplayName",
    "DistinguishedName",
    "UserPrincipalName",
    "PrimarySmtpAddress",
)


def is_guid(text: str) -> bool:
    """Whether the text is a GUID, in the form that Entra and Exchange write."""
    return _GUID.fullmatch(text) is not None


def distinguished_name(domain: str, name: str) -> str:
    """Where Exchange keeps an object of that name in its directory."""
    return f"CN={name},{organizational_unit(domain)}"


def organizational_unit(domain: str) -> str:
    """The container of a tenant's objects in Exchange's directory."""
    return f"OU={domain},OU=Microsoft Exchange Hosted Organizations,DC=EURP000A001,DC=PROD,DC=OUTLOOK,DC=COM"


def addresses(recipient: Document) -> list[str]:
    """A recipient's mail addresses in small letters, without the `smtp:` before them."""
    return [address.split(":", 1)[-1].lower() for address in recipient.get("EmailAddresses", [])]


class Directory:
    """Recipients by whatever names them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, identity: str) -> list[Document]:
        """Every recipient that the text names: by GUID, address, name, alias, UPN, DN or display name.

        learn.microsoft.com/powershell/module/exchangepowershell/get-recipient, parameter Identity.
        """
        if is_guid(identity):
            found = self._store.get("recipient", identity)
            if found is not None:
                return [found]
        ids = self._store.made_of("recipient", _by_name).get(identity.lower(), set())
        recipients = (self._store.get("recipient", id_) for id_ in sorted(ids))
        return [recipient for recipient in recipients if recipient is not None]

    def all(self) -> list[Document]:
        """Every recipient, oldest first."""
        return self._store.all("recipient")


def _by_name(recipients: list[Document]) -> dict[str, set[str]]:
    ids: dict[str, set[str]] = {}
    for recipient in recipients:
        names = [recipient.get(name) for name in _NAMES]
        for name in [name.lower() for name in names if name] + addresses(recipient):
            ids.setdefault(name, set()).add(recipient["ExternalDirectoryObjectId"])
    return ids


def groups(store: Store) -> list[Document]:
    """Every group that Exchange knows, oldest first."""
    known = (store.get("recipient", group["id"]) for group in store.all("group"))
    return [group for group in known if group is not None]


def groups_of(store: Store, object_id: str) -> set[str]:
    """The ids (small letters) of every group that holds the object, directly or through other groups."""
    members = {
        group["ExternalDirectoryObjectId"].lower(): {id_.lower() for id_ in group["Members"]}
        for group in groups(store)
    }
    holding: set[str] = set()
    reached = {object_id.lower()}
    while reached:
        reached = {id_ for id_, inside in members.items() if inside & reached} - holding
        holding |= reached
    return holding


def put_group(store: Store, group: Document) -> None:
    """Write a group of Exchange, and the group that Graph shows for it.

    Notes stay in Exchange. Graph's owners are the users among the group's owners.
    """
    id_ = group["ExternalDirectoryObjectId"]
    mirrored = {
        "id": id_,
        "displayName": group["DisplayName"],
        "description": group.get("Description") or None,
        "mail": group["PrimarySmtpAddress"],
        "mailNickname": group["Alias"],
        "mailEnabled": True,
        "securityEnabled": group["RecipientTypeDetails"] == "MailUniversalSecurityGroup",
        "proxyAddresses": group["EmailAddresses"],
        "_members": group["Members"],
        "_owners": [owner for owner in group["ManagedBy"] if store.get("user", owner) is not None],
    }
    created = {"groupTypes": [], "onPremisesSyncEnabled": None, "createdDateTime": group["WhenCreatedUTC"]}
    with store.transaction():
        store.put("recipient", id_, group)
        store.put("group", id_, created | (store.get("group", id_) or {}) | mirrored)


def remove_group(store: Store, object_id: str) -> None:
    """Remove a group from Exchange and Graph at once, and from the groups that hold it."""
    with store.transaction():
        store.delete("recipient", object_id)
        store.delete("group", object_id)
        forget(store, object_id)


def forget(store: Store, object_id: str) -> None:
    """Take an object that is gone out of Exchange's groups: none of them holds what doesn't exist."""
    for group in groups(store):
        rest = [id_ for id_ in group["Members"] if id_.lower() != object_id.lower()]
        if len(rest) < len(group["Members"]):
            put_group(store, group | {"Members": rest})
