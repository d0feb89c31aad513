"""Management scopes: filters that say which recipients a role assignment is about.

learn.microsoft.com/powershell/module/exchangepowershell/new-managementscope; documents of the kind
"managementScope". MemberOfGroup takes the distinguished name of a group that Exchange knows
(learn.microsoft.com/powershell/exchange/recipientfilter-properties); that another one is refused at once is
not confirmed. Exchange writes a filter in its own way: compare names and values, never the text.
"""

import uuid
from collections.abc import Sequence

from emulator.clock import stamp
from emulator.directory import groups
from emulator.exchange.application_access import standing
from emulator.exchange.authorization import READ_ROLES, ROLE_MANAGEMENT
from emulator.exchange.cmdlets import Call, cmdlet
from emulator.exchange.errors import CmdletError, NotFoundError, already_exists, refused
from emulator.exchange.filters import clauses
from emulator.exchange.identities import exactly
from emulator.exchange.organization import must_be_hydrated
from emulator.exchange.parameters import CONFIRM, FLAG, NAME, TEXT
from emulator.exchange.records import shown
from emulator.store import Document

_MANAGE = frozenset({ROLE_MANAGEMENT})


@cmdlet("Get-ManagementScope", READ_ROLES, {"Identity": TEXT, "Orphan": FLAG, "Exclusive": FLAG})
def get_management_scope(call: Call) -> Sequence[Document]:
    """Scopes; with Orphan those alone that no role assignment uses."""
    scopes = standing(call.store, "managementScope")
    if call.text("Identity"):
        scopes = [_find(call)]
    if call.flag("Orphan"):
        scopes = [scope for scope in scopes if not _users(call, scope)]
    if "Exclusive" in call.parameters:
        scopes = [scope for scope in scopes if scope["Exclusive"] == call.flag("Exclusive")]
    return [shown(scope) for scope in scopes]


@cmdlet(
    "New-ManagementScope",
    _MANAGE,
    {"Name": NAME, "RecipientRestrictionFilter": TEXT, **CONFIRM},
    ("Name", "RecipientRestrictionFilter"),
)
def new_management_scope(call: Call) -> Sequence[Document]:
    """Make a scope of the recipients that pass a filter."""
    must_be_hydrated(call.tenant)
    _must_be_free(call, call.text("Name"))
    now = call.tenant.clock.now()
    made = {
        "Guid": str(uuid.uuid4()),
        "ScopeRestrictionType": "RecipientScope",
        "Exclusive": False,
        "RecipientRoot": "",
        "WhenCreatedUTC": stamp(now),
        "_filters": [],
    }
    return [shown(_put(call, made, call.text("Name"), _written(call)))]


@cmdlet(
    "Set-ManagementScope",
    _MANAGE,
    {"Identity": TEXT, "Name": NAME, "RecipientRestrictionFilter": TEXT, **CONFIRM},
    ("Identity",),
)
def set_management_scope(call: Call) -> Sequence[Document]:
    """Change a scope, and with it every role assignment that uses it."""
    scope = _find(call)
    name = call.text("Name") or scope["Name"]
    if name.lower() != scope["Name"].lower():
        _must_be_free(call, name)
    changes = bool(call.text("RecipientRestrictionFilter"))
    _put(call, scope, name, _written(call) if changes else scope["RecipientFilter"])
    return []


@cmdlet("Remove-ManagementScope", _MANAGE, {"Identity": TEXT, **CONFIRM}, ("Identity",))
def remove_management_scope(call: Call) -> Sequence[Document]:
    """Remove a scope that no role assignment uses.

    It is kept for what Microsoft Graph has not yet heard of.
    """
    scope = _find(call)
    if users := _users(call, scope):
        raise _in_use(scope["Name"], users)
    scope["_removed"] = call.tenant.clock.now().isoformat()
    call.store.put("managementScope", scope["Guid"], scope)
    return []


def _find(call: Call) -> Document:
    scopes = standing(call.store, "managementScope")
    return exactly(scopes, call.text("Identity"), "Identity", "Name", "Guid")[0]


def _must_be_free(call: Call, name: str) -> None:
    if name.lower() in [scope["Name"].lower() for scope in standing(call.store, "managementScope")]:
        raise already_exists(name)


def _put(call: Call, scope: Document, name: str, filter_: str) -> Document:
    now = call.tenant.clock.now()
    if filter_ != scope.get("RecipientFilter"):
        scope["_filters"].append({"filter": filter_, "since": now.isoformat()})
    named = {"Identity": name, "Name": name, "RecipientFilter": filter_, "WhenChangedUTC": stamp(now)}
    call.store.put("managementScope", scope["Guid"], scope | named)
    return scope | named


def _written(call: Call) -> str:
    """The filter as Exchange writes it."""
    known = {group["DistinguishedName"].lower(): group["DistinguishedName"] for group in groups(call.store)}
    parts = []
    for name, value in clauses(call.text("RecipientRestrictionFilter")):
        if name == "MemberOfGroup" and value.lower() not in known:
            raise NotFoundError(value)
        own = known.get(value.lower(), value) if name == "MemberOfGroup" else value
        quoted = own.replace("'", "''")
        parts.append(f"{name} -eq '{quoted}'")
    return parts[0] if len(parts) == 1 else " -or ".join(f"({part})" for part in parts)


def _users(call: Call, scope: Document) -> list[str]:
    """The names of the role assignments that use a scope."""
    used = ["managementScope", scope["Guid"]]
    return [
        one["Name"] for one in standing(call.store, "managementRoleAssignment") if one.get("_scope") == used
    ]


def _in_use(name: str, users: list[str]) -> CmdletError:
    """The text is not confirmed."""
    named = ", ".join(users)
    return refused(
        f"The management scope '{name}' can't be removed: role assignments are associated with it: {named}.",
        f"Der Verwaltungsbereich '{name}' wird von Rollenzuweisungen verwendet: {named}.",
    )
