"""The functions that find people and groups.

Queries and messages as hashicorp/terraform-provider-azuread v3.9.0, internal/services/users and groups.
"""

import re

from emulator.azuread_plugin.graph import Document, Graph, quoted, saying
from emulator.azuread_plugin.lookup import digest, exactly_one, only
from emulator.azuread_plugin.permissions import strings
from emulator.plugin.errors import PluginError
from emulator.plugin.wire import Properties

_USER_TEXTS = (
    "ageGroup",
    "city",
    "companyName",
    "consentProvidedForMinor",
    "country",
    "creationType",
    "department",
    "displayName",
    "employeeHireDate",
    "employeeId",
    "employeeType",
    "externalUserState",
    "faxNumber",
    "givenName",
    "jobTitle",
    "mail",
    "mailNickname",
    "mobilePhone",
    "officeLocation",
    "onPremisesDistinguishedName",
    "onPremisesDomainName",
    "onPremisesImmutableId",
    "onPremisesSamAccountName",
    "onPremisesSecurityIdentifier",
    "onPremisesUserPrincipalName",
    "postalCode",
    "preferredLanguage",
    "state",
    "streetAddress",
    "surname",
    "usageLocation",
    "userPrincipalName",
    "userType",
)
_USER_LISTS = ("businessPhones", "imAddresses", "otherMails", "proxyAddresses")
_USER_FLAGS = ("accountEnabled", "onPremisesSyncEnabled", "showInAddressList")
_USERS_TEXTS = (
    "displayName",
    "employeeId",
    "mail",
    "mailNickname",
    "onPremisesImmutableId",
    "onPremisesSamAccountName",
    "onPremisesUserPrincipalName",
    "usageLocation",
    "userPrincipalName",
)
_USER_KEYS = {
    "employeeId": "employee ID",
    "mail": "mail",
    "mailNickname": "email alias",
    "objectId": "object ID",
    "userPrincipalName": "UPN",
}
_FINDING = {
    "employeeId": "Finding user with employee ID",
    "mail": "Finding user with mail address",
    "mailNickname": "Finding user with email alias",
    "objectId": "Retrieving user with object ID",
    "userPrincipalName": "Finding user with UPN",
}
_GROUP_TEXTS = (
    "description",
    "displayName",
    "mail",
    "mailNickname",
    "onPremisesDomainName",
    "onPremisesNetBiosName",
    "onPremisesSamAccountName",
    "onPremisesSecurityIdentifier",
    "preferredLanguage",
    "theme",
    "visibility",
)
_UNIFIED_FLAGS = {
    "autoSubscribeNewMembers": "autoSubscribeNewMembers",
    "externalSendersAllowed": "allowExternalSenders",
    "hideFromAddressLists": "hideFromAddressLists",
    "hideFromOutlookClients": "hideFromOutlookClients",
}


def get_user(graph: Graph, arguments: Properties) -> Properties:
    """Exactly one of employeeId, mail, mailNickname, objectId, userPrincipalName."""
    key, value = exactly_one(arguments, "userPrincipalName", "objectId", "mail", "mailNickname", "employeeId")
    object_id = _users_by(graph, key, value)[0]["id"]
    selected = sorted([*_USER_TEXTS, *_USER_LISTS, *_USER_FLAGS, "id", "employeeOrgData"])
    user = graph.get(f"/users/{object_id}", select=",".join(selected))
    manager = graph.find(f"/users/{object_id}/manager")
    organisation = user.get("employeeOrgData")
    return {
        "id": f"/users/{object_id}",
        "objectId": object_id,
        **{_property(text): user.get(text) or "" for text in _USER_TEXTS},
        **{_property(name): strings(user.get(name)) for name in _USER_LISTS},
        **{_property(flag): bool(user.get(flag)) for flag in _USER_FLAGS},
        **{name: organisation.get(name) or "" for name in ("costCenter", "division") if organisation},
        "managerId": (manager or {}).get("id") or "",
    }


def get_users(graph: Graph, arguments: Properties) -> Properties:
    """Exactly one of the lists of names, or returnAll; one request a name."""
    by = {f"{key}s": key for key in _USER_KEYS}
    ignore_missing = bool(arguments.get("ignoreMissing"))
    select = ",".join(sorted([*_USERS_TEXTS, "accountEnabled", "id", "userType"]))
    if arguments.get("returnAll"):
        if any(arguments.get(plural) for plural in (*by, "ignoreMissing")):
            raise PluginError('"return_all": conflicts with every other argument')
        found = graph.list("/users", select=select)
        if not found:
            raise PluginError("No users found")
    else:
        plural, names = exactly_one(arguments, *by)
        found = []
        for name in names:
            with saying(f'{_FINDING[by[plural]]}: "{name}"'):
                found += _users_by(graph, by[plural], name, select=select, missing_is_fine=ignore_missing)
    hashed = digest(user["userPrincipalName"] for user in found)
    return {
        "id": f"users#{hashed}",
        "employeeIds": [user["employeeId"] or "" for user in found if "employeeId" in user],
        "ignoreMissing": ignore_missing,
        "mailNicknames": [user["mailNickname"] or "" for user in found if "mailNickname" in user],
        "mails": [user["mail"] or "" for user in found if "mail" in user],
        "objectIds": [user["id"] for user in found],
        "returnAll": bool(arguments.get("returnAll")),
        "userPrincipalNames": [user["userPrincipalName"] for user in found],
        "users": [
            {
                "accountEnabled": bool(user.get("accountEnabled")),
                "objectId": user["id"],
                **{_property(text): user.get(text) or "" for text in _USERS_TEXTS},
            }
            for user in found
        ],
    }


def get_group(graph: Graph, arguments: Properties) -> Properties:
    """Exactly one of displayName, mailNickname, objectId; mailEnabled and securityEnabled must then hold."""
    group = _group_by(graph, arguments)
    path = f"/groups/{group['id']}"
    types = strings(group.get("groupTypes"))
    extra: Document = {}
    if "Unified" in types:
        extra = graph.get(path, version="beta", select=",".join(sorted(_UNIFIED_FLAGS.values())))
    transitive = bool(arguments.get("includeTransitiveMembers"))
    members = graph.list(f"{path}/{'transitiveMembers' if transitive else 'members'}", version="beta")
    owners = graph.list(f"{path}/owners", version="beta")
    writeback = group.get("writebackConfiguration")
    paused = group.get("membershipRuleProcessingState") == "Paused"
    return {
        "id": path,
        "objectId": group["id"],
        **{_property(text): group.get(text) or "" for text in _GROUP_TEXTS},
        **{name: bool(extra.get(graph_name)) for name, graph_name in _UNIFIED_FLAGS.items()},
        "assignableToRole": bool(group.get("isAssignableToRole")),
        "behaviors": strings(group.get("resourceBehaviorOptions")),
        # A rule that Graph tells as null is one all the same, upstream.
        "dynamicMemberships": [{"enabled": not paused, "rule": group["membershipRule"] or ""}]
        if "membershipRule" in group
        else [],
        "includeTransitiveMembers": transitive,
        "mailEnabled": bool(group.get("mailEnabled")),
        "members": [member["id"] for member in members],
        "onpremisesSyncEnabled": bool(group.get("onPremisesSyncEnabled")),
        "owners": [owner["id"] for owner in owners],
        "provisioningOptions": strings(group.get("resourceProvisioningOptions")),
        "proxyAddresses": strings(group.get("proxyAddresses")),
        "securityEnabled": bool(group.get("securityEnabled")),
        "types": types,
        **(_writeback(writeback) if writeback else {}),
    }


def _writeback(told: Document) -> Properties:
    return {
        "onpremisesGroupType": told.get("onPremisesGroupType") or "",
        "writebackEnabled": bool(told.get("isEnabled")),
    }


def _users_by(
    graph: Graph, key: str, value: str, *, select: str = "", missing_is_fine: bool = False
) -> list[Document]:
    """The one user of that name; nobody is an error unless that is fine, several always are."""
    if key == "objectId":
        user = graph.find(f"/users/{value}", select=select)
        found = [] if user is None else [user]
    else:
        found = graph.list("/users", filter_=f"{key} eq {quoted(value)}", select=select)
    if len(found) > 1:
        raise PluginError(f'More than one user found with {_USER_KEYS[key]}: "{value}"')
    if not found and not missing_is_fine:
        if key == "userPrincipalName":
            raise PluginError(f'User with UPN "{value}" was not found')
        raise PluginError(f'User not found with {_USER_KEYS[key]}: "{value}"')
    return found


def _group_by(graph: Graph, arguments: Properties) -> Document:
    key, value = exactly_one(arguments, "displayName", "mailNickname", "objectId")
    flags = {
        flag: arguments[flag]
        for flag in ("mailEnabled", "securityEnabled")
        if arguments.get(flag) is not None
    }
    if key != "objectId":
        filter_ = " and ".join(
            [f"{key} eq '{value}'", *(f"{flag} eq {str(wanted).lower()}" for flag, wanted in flags.items())]
        )
        return only(
            graph.list("/groups", version="beta", filter_=filter_),
            none=f"No group found matching specified filter ({filter_})",
            several=f"More than one group found matching specified filter ({filter_})",
        )
    group = graph.find(f"/groups/{value}", version="beta")
    if group is None:
        raise PluginError(f'No group found with object ID: "{value}"')
    for flag, wanted in flags.items():
        if bool(group.get(flag)) != wanted:
            raise PluginError(
                f'Group with object ID "{value}" does not have the specified {flag} setting '
                f"(expected: {str(wanted).lower()}, actual: {str(not wanted).lower()})"
            )
    return group


def _property(graph_name: str) -> str:
    """Graph's onPremises… is the provider's onpremises…, and its NetBios is netbios."""
    return re.sub("^onPremises", "onpremises", graph_name).replace("NetBios", "Netbios")
