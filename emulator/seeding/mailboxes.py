"""Mailboxes: people, administrators, shared mailboxes and rooms, as Entra and as Exchange know them."""

from collections.abc import Iterator
from datetime import datetime

from emulator.clock import stamp
from emulator.directory import distinguished_name
from emulator.store import Document, Store
from emulator.tenants import AddressedMailbox, Building, TenantFile

_TYPES = {
    "room": ("RoomMailbox", "Room"),
    # A workspace is a room mailbox of another resource type:
    # learn.microsoft.com/powershell/module/exchangepowershell/set-mailbox, parameter Type.
    "workspace": ("RoomMailbox", "Workspace"),
    "equipment": ("EquipmentMailbox", "Equipment"),
    "shared": ("SharedMailbox", None),
    "person": ("UserMailbox", None),
}


def make(store: Store, tenant_file: TenantFile, began: datetime) -> None:
    """Write a Graph user and an Exchange recipient for each mailbox."""
    for mailbox in _all(tenant_file):
        user = _user(tenant_file, mailbox, began)
        store.put("user", user["id"], user)
        store.put("recipient", user["id"], _recipient(tenant_file, mailbox, began))


def _all(tenant_file: TenantFile) -> Iterator[Document]:
    for given in tenant_file.staff.given:
        for surname in tenant_file.staff.surnames:
            alias = f"{given}.{surname}".lower()
            names = {"givenName": given, "surname": surname}
            yield {"name": f"{given} {surname}", "alias": alias, "type": "UserMailbox", "user": names}
    for administrator in tenant_file.administrators:
        yield {"name": administrator.name, "alias": administrator.alias, "type": "UserMailbox"}
    for shared in tenant_file.shared_mailboxes:
        yield {"name": shared.name, "alias": shared.alias, "type": "SharedMailbox"}
    for building in tenant_file.buildings:
        yield from _rooms(building)
    for mailbox in tenant_file.mailboxes:
        yield _addressed(tenant_file, mailbox)


def _rooms(building: Building) -> Iterator[Document]:
    for level, rooms in building.levels.items():
        for room, seats in rooms.items():
            yield {
                "name": f"{building.code.upper()} {level} {room}",
                "alias": f"{building.code}-{level}-{room.lower().replace(' ', '-')}",
                "type": "RoomMailbox",
                "user": {"officeLocation": building.name, "city": building.city, "country": building.country},
                "recipient": {"ResourceCapacity": seats, "ResourceType": "Room"},
                "place": {
                    "building": building.name,
                    "floorLabel": level,
                    "floorNumber": int(level) if level.isdecimal() else None,
                    "capacity": seats,
                    "address": {
                        "street": building.address or None,
                        "city": building.city or None,
                        "countryOrRegion": building.country or None,
                    },
                },
            }


def _addressed(tenant_file: TenantFile, mailbox: AddressedMailbox) -> Document:
    id_ = mailbox.id or tenant_file.id_of("mailbox", mailbox.address)
    details, resource = _TYPES[mailbox.type]
    # Two may be displayed alike, and no two named: Exchange Online names new ones by their object id.
    named = {"Name": id_, "Identity": id_, "DistinguishedName": distinguished_name(tenant_file.domain, id_)}
    return {
        "id": id_,
        "name": mailbox.name,
        "alias": mailbox.alias or mailbox.address.partition("@")[0],
        "address": mailbox.address,
        "type": details,
        "recipient": named | ({"ResourceType": resource} if resource else {}),
        "place": {} if details == "RoomMailbox" else None,
    }


def _id(tenant_file: TenantFile, mailbox: Document) -> str:
    return str(mailbox.get("id") or tenant_file.id_of("mailbox", mailbox["alias"]))


def _address(tenant_file: TenantFile, mailbox: Document) -> str:
    return str(mailbox.get("address") or f"{mailbox['alias']}@{tenant_file.domain}")


def _user(tenant_file: TenantFile, mailbox: Document, began: datetime) -> Document:
    address = _address(tenant_file, mailbox)
    return {
        "id": _id(tenant_file, mailbox),
        "displayName": mailbox["name"],
        "userPrincipalName": address,
        "mail": address,
        "mailNickname": mailbox["alias"],
        "proxyAddresses": [f"SMTP:{address}"],
        # nobody signs in to a room or to a shared mailbox
        "accountEnabled": mailbox["type"] == "UserMailbox",
        "userType": "Member",
        "createdDateTime": stamp(began),
        **mailbox.get("user", {}),
    }


def _recipient(tenant_file: TenantFile, mailbox: Document, began: datetime) -> Document:
    address = _address(tenant_file, mailbox)
    return {
        "Identity": mailbox["name"],
        "Guid": tenant_file.id_of("exchange", mailbox.get("address") or mailbox["alias"]),
        "ExternalDirectoryObjectId": _id(tenant_file, mailbox),
        "Name": mailbox["name"],
        "Alias": mailbox["alias"],
        "DisplayName": mailbox["name"],
        "PrimarySmtpAddress": address,
        "WindowsEmailAddress": address,
        "UserPrincipalName": address,
        "EmailAddresses": [f"SMTP:{address}"],
        "RecipientType": "UserMailbox",
        "RecipientTypeDetails": mailbox["type"],
        "DistinguishedName": distinguished_name(tenant_file.domain, mailbox["name"]),
        "HiddenFromAddressListsEnabled": False,
        "IsDirSynced": False,
        "WhenCreatedUTC": stamp(began),
        **mailbox.get("recipient", {}),
        "_place": mailbox.get("place"),
    }
