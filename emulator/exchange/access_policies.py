"""The *-ApplicationAccessPolicy cmdlets.

learn.microsoft.com/powershell/module/exchangepowershell/new-applicationaccesspolicy
"""

from collections.abc import Sequence

from emulator.directory import is_guid, organizational_unit
from emulator.exchange.authorization import ORGANIZATION_CONFIGURATION, READ_CONFIGURATION
from emulator.exchange.cmdlets import Call, cmdlet
from emulator.exchange.enforcement import EVERY_APP, configured_access, scope_of
from emulator.exchange.errors import (
    MANAGEMENT,
    CmdletError,
    NotFoundError,
    already_exists,
    bad_value,
    unsuitable,
)
from emulator.exchange.identities import one
from emulator.exchange.parameters import CONFIRM, TEXT, Choice, Texts
from emulator.exchange.records import SECURITY_PRINCIPALS, shown
from emulator.ids import security_id
from emulator.store import Document, Store
from emulator.tenant import Tenant

_WRITE = frozenset({ORGANIZATION_CONFIGURATION})

# Microsoft gives two numbers: a space as description makes room for about 300 policies, and there was
# once room for 100. A fixed part of 100 characters, and one limit over all, give both.
POLICY_SIZE = 100
SIZE_LIMIT = 300 * (POLICY_SIZE + 1)


@cmdlet(
    "New-ApplicationAccessPolicy",
    _WRITE,
    {
        "AccessRight": Choice(("RestrictAccess", "DenyAccess")),
        "AppId": Texts(),
        "PolicyScopeGroupId": TEXT,
        "Description": TEXT,
        **CONFIRM,
    },
    ("AccessRight", "AppId", "PolicyScopeGroupId"),
)
def new_application_access_policy(call: Call) -> Sequence[Document]:
    """Restrict or deny apps' access to the mailboxes of a group; one policy for each app.

    Not confirmed: that several app ids make several policies, and the text for a second policy of the same
    app and group (whatever its right: the identity doesn't have it).
    """
    scope = one(call, call.text("PolicyScopeGroupId"))
    if scope["RecipientTypeDetails"] not in SECURITY_PRINCIPALS:
        purpose = "PolicyScopeGroupId: it must be a security principal"
        raise unsuitable(scope["Identity"], scope["RecipientTypeDetails"], purpose)
    policies = [_policy(call, _app_id(app_id), scope) for app_id in call.texts("AppId")]
    for policy in policies:
        if call.store.get("accessPolicy", policy["Identity"]) is not None:
            raise already_exists(policy["Identity"])
        call.store.put("accessPolicy", policy["Identity"], policy)
    _must_fit(call.store)
    return [shown(policy) for policy in policies]


@cmdlet("Get-ApplicationAccessPolicy", READ_CONFIGURATION, {"Identity": TEXT})
def get_application_access_policy(call: Call) -> Sequence[Document]:
    """The policies of the tenant; that there are none is an error (Microsoft365DSC #2998)."""
    policies = [_policy_of(call)] if call.text("Identity") else _standing(call.store)
    if not policies:
        raise NotFoundError(f"{organizational_unit(call.tenant.domain)}\\*")
    return [shown(policy) | {"IsValid": _is_valid(call.store, policy)} for policy in policies]


@cmdlet(
    "Set-ApplicationAccessPolicy",
    _WRITE,
    {"Identity": TEXT, "Description": TEXT, **CONFIRM},
    ("Identity",),
)
def set_application_access_policy(call: Call) -> Sequence[Document]:
    """Change a policy's description; nothing else of it can be changed."""
    policy = _policy_of(call)
    if "Description" in call.parameters:
        policy["Description"] = call.text("Description")
    call.store.put("accessPolicy", policy["Identity"], policy)
    _must_fit(call.store)
    return []


@cmdlet("Remove-ApplicationAccessPolicy", _WRITE, {"Identity": TEXT, **CONFIRM}, ("Identity",))
def remove_application_access_policy(call: Call) -> Sequence[Document]:
    """Remove a policy; Microsoft Graph goes on enforcing it for a while.

    It is kept under another id, because one of the same app and group may follow.
    """
    policy = _policy_of(call)
    removed = call.tenant.clock.now().isoformat()
    call.store.delete("accessPolicy", policy["Identity"])
    call.store.put("accessPolicy", f"{policy['Identity']} removed {removed}", policy | {"_removed": removed})
    return []


@cmdlet(
    "Test-ApplicationAccessPolicy",
    READ_CONFIGURATION,
    {"Identity": TEXT, "AppId": TEXT},
    ("Identity", "AppId"),
)
def test_application_access_policy(call: Call) -> Sequence[Document]:
    """Whether an app may reach a recipient's data; changes count at once, unlike in Microsoft Graph.

    Not confirmed: which of a mailbox's ids MailboxId is.
    """
    recipient = one(call, call.text("Identity"))
    app_id = _app_id(call.text("AppId"))
    access = configured_access(call.store, app_id, recipient)
    return [
        {
            "AppId": app_id,
            "Mailbox": recipient["Alias"],
            "MailboxId": recipient["ExternalDirectoryObjectId"],
            "MailboxSid": security_id(recipient["ExternalDirectoryObjectId"]),
            "AccessCheckResult": access.capitalize(),
        }
    ]


def policy_identity(tenant: Tenant, app_id: str, group_id: str) -> str:
    """The identity that a policy of this app and group has, each time that it is made."""
    return f"{tenant.id}\\{app_id}:{security_id(group_id)};{group_id}"


def _policy(call: Call, app_id: str, scope: Document) -> Document:
    group_id, right = scope["ExternalDirectoryObjectId"], call.text("AccessRight")
    default = (
        f"AppId: {app_id}; ScopeIdentitySid: {security_id(group_id)}; ScopeIdentityOid: {group_id}; "
        f"AccessRight: {right}; ShardType: All"
    )
    return {
        "Identity": policy_identity(call.tenant, app_id, group_id),
        "AppId": app_id,
        "ScopeName": scope["DisplayName"],
        "ScopeIdentity": scope["Name"],
        "ScopeIdentityRaw": f"{security_id(group_id)};{group_id}",
        "Description": call.text("Description") or default,
        "AccessRight": right,
        "ShardType": "All",
        "IsValid": True,
        "ObjectState": "Unchanged",
        "_created": call.tenant.clock.now().isoformat(),
    }


def _app_id(text: str) -> str:
    if text != EVERY_APP and not is_guid(text):
        raise bad_value("AppId", f'"{text}" is neither the GUID of an app nor "*".')
    return text


def _policy_of(call: Call) -> Document:
    policy = call.store.get("accessPolicy", call.text("Identity"))
    if policy is None or "_removed" in policy:
        raise NotFoundError(call.text("Identity"))
    return policy


def _standing(store: Store) -> list[Document]:
    return [policy for policy in store.all("accessPolicy") if "_removed" not in policy]


def _is_valid(store: Store, policy: Document) -> bool:
    return store.get("recipient", scope_of(policy)) is not None


def _must_fit(store: Store) -> None:
    if sum(POLICY_SIZE + len(policy["Description"]) for policy in _standing(store)) > SIZE_LIMIT:
        raise CmdletError(
            f"{MANAGEMENT}.ApplicationAccessPolicyException",
            "The total size of App Access Policies exceeded the limit.",
            "Die Gesamtgröße der App-Zugriffsrichtlinien überschreitet die Grenze.",
        )
