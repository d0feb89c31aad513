"""Groups, as Entra and (the mail-enabled ones) as Exchange know them."""

from datetime import datetime

from emulator.clock import stamp
from emulator.directory import distinguished_name
from emulator.ids import security_id
from emulator.store import Document, Store
from emulator.tenants import Group, TenantFile, TenantFileError


def make(store: Store, tenant_file: TenantFile, began: datetime) -> None:
    """Write each group; members and owners are found among the mailboxes and the groups above it."""
    for group in tenant_file.groups:
        id_ = tenant_file.id_of("group", group.alias)
        members = [object_id(store, tenant_file, alias) for alias in group.members]
        owners = [object_id(store, tenant_file, alias) for alias in group.owners]
        store.put("group", id_, _graph_group(tenant_file, group, began) | _links(members, owners))
        if group.type in ("mail_security", "distribution"):
            recipient = _recipient(tenant_file, group, began)
            store.put("recipient", id_, recipient | {"ManagedBy": owners, "Members": members})


def object_id(store: Store, tenant_file: TenantFile, alias: str) -> str:
    """The object id of the mailbox or group of that alias, or address; TenantFileError when there is none."""
    given = next((one.id for one in tenant_file.mailboxes if one.address == alias), None)
    if given is not None:
        return given
    for kind, seeded_as in (("user", "mailbox"), ("group", "group")):
        id_ = tenant_file.id_of(seeded_as, alias)
        if store.get(kind, id_) is not None:
            return id_
    raise TenantFileError(f"{alias!r} is neither a mailbox nor a group that stands above in the tenant file")


def _links(members: list[str], owners: list[str]) -> Document:
    return {"_members": members, "_owners": owners}


def _address(tenant_file: TenantFile, group: Group) -> str:
    return group.address or f"{group.alias}@{tenant_file.domain}"


def _graph_group(tenant_file: TenantFile, group: Group, began: datetime) -> Document:
    address = _address(tenant_file, group)
    mail_enabled = group.type != "security"
    return {
        "id": tenant_file.id_of("group", group.alias),
        "displayName": group.name,
        "mailNickname": group.alias,
        "mailEnabled": mail_enabled,
        "securityEnabled": group.type in ("security", "mail_security"),
        "groupTypes": ["Unified"] if group.type == "microsoft365" else [],
        "mail": address if mail_enabled else None,
        "proxyAddresses": [f"SMTP:{address}"] if mail_enabled else [],
        "onPremisesSyncEnabled": True if group.synced else None,
        "createdDateTime": stamp(began),
    }


def _recipient(tenant_file: TenantFile, group: Group, began: datetime) -> Document:
    address = _address(tenant_file, group)
    id_ = tenant_file.id_of("group", group.alias)
    secures = group.type == "mail_security"
    details = "MailUniversalSecurityGroup" if secures else "MailUniversalDistributionGroup"
    return {
        "Identity": group.name,
        "Guid": tenant_file.id_of("exchange", group.alias),
        "ExternalDirectoryObjectId": id_,
        "Name": group.name,
        "Alias": group.alias,
        "DisplayName": group.name,
        "PrimarySmtpAddress": address,
        "WindowsEmailAddress": address,
        "EmailAddresses": [f"SMTP:{address}"],
        "RecipientType": details,
        "RecipientTypeDetails": details,
        "GroupType": "Universal, SecurityEnabled" if secures else "Universal",
        "DistinguishedName": distinguished_name(tenant_file.domain, group.name),
        "Sid": security_id(id_),
        "HiddenFromAddressListsEnabled": False,
        "IsDirSynced": group.synced,
        "MemberJoinRestriction": "Closed",
        "MemberDepartRestriction": "Closed" if secures else "Open",
        "RequireSenderAuthenticationEnabled": True,
        "AcceptMessagesOnlyFromSendersOrMembers": [],
        "Notes": "",
        "WhenCreatedUTC": stamp(began),
    }
