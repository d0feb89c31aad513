"""Who may do what with a vault: Azure roles on it, which consist of actions and data actions.

https://learn.microsoft.com/azure/role-based-access-control/permissions/security#microsoftkeyvault
"""

from emulator.key_vault.errors import AzureError
from emulator.store import Document
from emulator.tenant import Tenant
from emulator.tokens import Token

READ_VAULT = "Microsoft.KeyVault/vaults/read"
READ_SECRET = "Microsoft.KeyVault/vaults/secrets/read"  # noqa: S105 - an action's name
WRITE_SECRET = "Microsoft.KeyVault/vaults/secrets/write"  # noqa: S105
ACTIONS = frozenset({READ_VAULT, READ_SECRET, WRITE_SECRET})
"""What Azure Resource Manager asks for. None of them shows a value."""

GET = "Microsoft.KeyVault/vaults/secrets/getSecret/action"
SET = "Microsoft.KeyVault/vaults/secrets/setSecret/action"
UPDATE = "Microsoft.KeyVault/vaults/secrets/update/action"
DELETE = "Microsoft.KeyVault/vaults/secrets/delete"
READ_METADATA = "Microsoft.KeyVault/vaults/secrets/readMetadata/action"
RECOVER = "Microsoft.KeyVault/vaults/secrets/recover/action"
PURGE = "Microsoft.KeyVault/vaults/secrets/purge/action"
DATA_ACTIONS = frozenset({GET, SET, UPDATE, DELETE, READ_METADATA, RECOVER, PURGE})
"""What a vault asks for. Which of them a deleted secret's metadata take is not confirmed."""


def must_be_allowed(caller: Token, vault: Document | None, action: str, scope: str) -> Document:
    """The vault, if there is one and the caller may; else the refusal of Azure Resource Manager."""
    if vault is None or action not in granted(vault, caller):
        raise AzureError(
            403,
            "AuthorizationFailed",
            f"The client '{caller.client_id}' with object id '{caller.object_id}' does not have "
            f"authorization to perform action '{action}' over scope '{scope}' or the scope is invalid. If "
            "access was recently granted, please refresh your credentials.",
        )
    return vault


_IN_POLICIES = {
    GET: "get", READ_METADATA: "get", SET: "set", UPDATE: "set",
    DELETE: "delete", RECOVER: "recover", PURGE: "purge",
}  # fmt: skip
"""What an access policy calls the same; listing versions takes `list`, which is not told apart here.

https://learn.microsoft.com/azure/key-vault/general/rbac-migration
"""


def must_be_let_in(tenant: Tenant, caller: Token, vault: Document, action: str, name: str) -> None:
    """A vault's refusal unless the caller may: by Azure's roles or, where it has some, by access policies."""
    policies = vault.get("_policies")
    if policies is not None:
        _must_be_in_a_policy(tenant, caller, vault, _IN_POLICIES[action])
        return
    if action in granted(vault, caller):
        return
    raise AzureError(
        403,
        "Forbidden",
        "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or "
        "role definitions were changed recently, please observe propagation time.\r\n"
        f"Caller: appid={caller.client_id};oid={caller.object_id};iss=https://sts.windows.net/{tenant.id}/\r\n"
        f"Action: '{action}'\r\nResource: '{vault['id'].lower()}/secrets/{name.lower()}'\r\n"
        "Assignment: (not found)\r\nDenyAssignmentId: null\r\nDecisionReason: null \r\n"
        f"Vault: {vault['name']};location={vault['location']}\r\n",
        inner="ForbiddenByRbac",
    )


def granted(vault: Document, caller: Token) -> list[str]:
    """The actions of a caller on a vault."""
    return list(vault["_grants"].get(caller.object_id, []))


def listed(vault: Document, caller: Token) -> list[Document]:
    """What Azure Resource Manager lists to a caller: an entry for each role, and here for all of them."""
    held = granted(vault, caller)
    if not held:
        return []
    return [
        {
            "actions": [action for action in held if action in ACTIONS],
            "notActions": [],
            "dataActions": [action for action in held if action in DATA_ACTIONS],
            "notDataActions": [],
        }
    ]


def _must_be_in_a_policy(tenant: Tenant, caller: Token, vault: Document, permission: str) -> None:
    if permission in vault["_policies"].get(caller.object_id, []):
        return
    raise AzureError(
        403,
        "Forbidden",
        f"The user, group or application 'appid={caller.client_id};oid={caller.object_id};"
        f"iss=https://sts.windows.net/{tenant.id}/' does not have secrets {permission} permission on key "
        f"vault '{vault['name']};location={vault['location']}'. For help resolving this issue, please see "
        "https://go.microsoft.com/fwlink/?linkid=2125287",
        inner="ForbiddenByPolicy",
    )
