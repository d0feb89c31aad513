"""The provider's functions: reads of the tenant that make nothing.

Queries and messages as hashicorp/terraform-provider-azuread v3.9.0, internal/services/*/*_data_source.go.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from emulator.azuread_plugin import application_documents, service_principal
from emulator.azuread_plugin.errors import PluginError
from emulator.azuread_plugin.graph import Document, Graph, quoted
from emulator.azuread_plugin.owners import owners_of
from emulator.azuread_plugin.permissions import strings
from emulator.azuread_plugin.published_app_ids import PUBLISHED_APP_IDS
from emulator.azuread_plugin.wire import Properties

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


def get_client_config(graph: Graph, arguments: Properties) -> Properties:
    """Who the provider is; no request of its own."""
    del arguments
    return {
        "id": f"{graph.tenant_id}-{graph.client_id}-{graph.caller}",
        "clientId": graph.client_id,
        "objectId": graph.caller,
        "tenantId": graph.tenant_id,
    }


def get_application_published_app_ids(graph: Graph, arguments: Properties) -> Properties:
    """Microsoft's own applications by name; no request."""
    del graph, arguments
    return {"id": "appIds", "result": PUBLISHED_APP_IDS}


def get_service_principal(graph: Graph, arguments: Properties) -> Properties:
    """Exactly one of clientId, displayName, objectId."""
    key, value = _exactly_one(arguments, "clientId", "displayName", "objectId")
    if key == "objectId":
        found = graph.find(f"/servicePrincipals/{value}")
        if found is None:
            raise PluginError(f'Service Principal (Service Principal: "{value}") was not found')
    else:
        filter_ = f"{'appId' if key == 'clientId' else key} eq {quoted(value)}"
        found = _only(
            graph.list("/servicePrincipals", filter_=filter_),
            none=f"No service principal found: no service principal matches {filter_}",
            several=f'Multiple service principals found matching filter: "{filter_}"',
        )
    saml = found.get("samlSingleSignOnSettings")
    return {
        "id": f"/servicePrincipals/{found['id']}",
        **service_principal.details(graph, found),
        "alternativeNames": strings(found.get("alternativeNames")),
        "notificationEmailAddresses": strings(found.get("notificationEmailAddresses")),
        "samlSingleSignOns": [] if saml is None else [{"relayState": saml.get("relayState") or ""}],
    }


def get_application(graph: Graph, arguments: Properties) -> Properties:
    """Exactly one of clientId, displayName, identifierUri, objectId."""
    key, value = _exactly_one(arguments, "clientId", "displayName", "identifierUri", "objectId")
    if key == "objectId":
        found = graph.find(f"/applications/{value}")
        if found is None:
            raise PluginError(f'Application with object ID "{value}" was not found')
    else:
        filter_ = {
            "clientId": f"appId eq '{value}'",
            "displayName": f"displayName eq '{value}'",
            "identifierUri": f"identifierUris/any(uri:uri eq '{value}')",
        }[key]
        found = _only(
            graph.list("/applications", filter_=filter_),
            none=f'Application not found: no applications found matching filter: "{filter_}"',
            several=f'Multiple applications found matching filter: "{filter_}"',
        )
    id_ = f"/applications/{found['id']}"
    beta = graph.get(id_, version="beta", select="oauth2RequirePostResponse")
    properties = application_documents.properties_of(found)
    blocks = {
        "apis": "api",
        "optionalClaims": "optionalClaims",
        "publicClients": "publicClient",
        "singlePageApplications": "singlePageApplication",
        "webs": "web",
    }
    listed = {plural: _as_list(properties.pop(block)) for plural, block in blocks.items()}
    for web in listed["webs"]:
        web["implicitGrants"] = _as_list(web.pop("implicitGrant"))
    del properties["templateId"]
    return {
        **properties,
        **listed,
        "id": id_,
        "groupMembershipClaims": strings(properties["groupMembershipClaims"]),
        "identifierUri": value if key == "identifierUri" else "",
        "identifierUris": strings(properties["identifierUris"]),
        "oauth2PostResponseRequired": bool(beta.get("oauth2RequirePostResponse")),
        "owners": owners_of(graph, id_),
    }


def get_user(graph: Graph, arguments: Properties) -> Properties:
    """Exactly one of employeeId, mail, mailNickname, objectId, userPrincipalName."""
    key, value = _exactly_one(
        arguments, "userPrincipalName", "objectId", "mail", "mailNickname", "employeeId"
    )
    object_id = _users_by(graph, key, value)[0]["id"]
    selected = sorted([*_USER_TEXTS, *_USER_LISTS, *_USER_FLAGS, "id", "employeeOrgData"])
    user = graph.get(f"/users/{object_id}", select=",".join(selected))
    manager = graph.find(f"/users/{object_id}/manager")
    organisation = user.get("employeeOrgData") or {}
    return {
        "id": f"/users/{object_id}",
        "objectId": object_id,
        **{_property(text): user.get(text) or "" for text in _USER_TEXTS},
        **{_property(name): strings(user.get(name)) for name in _USER_LISTS},
        **{_property(flag): bool(user.get(flag)) for flag in _USER_FLAGS},
        "costCenter": organisation.get("costCenter") or "",
        "division": organisation.get("division") or "",
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
        plural, names = _exactly_one(arguments, *by)
        found = [
            user
            for name in names
            for user in _users_by(graph, by[plural], name, select=select, missing_is_fine=ignore_missing)
        ]
    hashed = _digest(user["userPrincipalName"] for user in found)
    return {
        "id": f"users#{hashed}",
        "employeeIds": [user["employeeId"] for user in found if user.get("employeeId")],
        "ignoreMissing": ignore_missing,
        "mailNicknames": [user["mailNickname"] for user in found if user.get("mailNickname")],
        "mails": [user["mail"] for user in found if user.get("mail")],
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
    writeback = group.get("writebackConfiguration") or {}
    rule = group.get("membershipRule")
    return {
        "id": path,
        "objectId": group["id"],
        **{_property(text): group.get(text) or "" for text in _GROUP_TEXTS},
        **{name: bool(extra.get(graph_name)) for name, graph_name in _UNIFIED_FLAGS.items()},
        "assignableToRole": bool(group.get("isAssignableToRole")),
        "behaviors": strings(group.get("resourceBehaviorOptions")),
        "dynamicMemberships": []
        if rule is None
        else [{"enabled": group.get("membershipRuleProcessingState") != "Paused", "rule": rule}],
        "includeTransitiveMembers": transitive,
        "mailEnabled": bool(group.get("mailEnabled")),
        "members": [member["id"] for member in members],
        "onpremisesGroupType": writeback.get("onPremisesGroupType") or "",
        "onpremisesSyncEnabled": bool(group.get("onPremisesSyncEnabled")),
        "owners": [owner["id"] for owner in owners],
        "provisioningOptions": strings(group.get("resourceProvisioningOptions")),
        "proxyAddresses": strings(group.get("proxyAddresses")),
        "securityEnabled": bool(group.get("securityEnabled")),
        "types": types,
        "writebackEnabled": bool(writeback.get("isEnabled")),
    }


def get_domains(graph: Graph, arguments: Properties) -> Properties:
    """The tenant's domains, filtered here: Graph cannot. None left is an error."""
    needed = {
        "adminManaged": "isAdminManaged",
        "onlyDefault": "isDefault",
        "onlyInitial": "isInitial",
        "onlyRoot": "isRoot",
    }
    flags = [graph_name for name, graph_name in needed.items() if arguments.get(name)]
    if not arguments.get("includeUnverified"):
        flags.append("isVerified")
    services = set(arguments.get("supportsServices") or [])
    domains = [
        domain
        for domain in graph.list("/domains")
        if all(domain.get(flag) for flag in flags)
        and services <= set(strings(domain.get("supportedServices")))
    ]
    if not domains:
        raise PluginError("no domains found for the provided filters")
    hashed = _digest(domain["id"] for domain in domains)
    return {
        "id": f"domains#{graph.tenant_id}#{hashed}",
        **{name: bool(arguments.get(name)) for name in (*needed, "includeUnverified")},
        "supportsServices": sorted(services),
        "domains": [
            {
                "adminManaged": bool(domain.get("isAdminManaged")),
                "authenticationType": domain.get("authenticationType") or "",
                "default": bool(domain.get("isDefault")),
                "domainName": domain["id"],
                "initial": bool(domain.get("isInitial")),
                "root": bool(domain.get("isRoot")),
                "supportedServices": strings(domain.get("supportedServices")),
                "verified": bool(domain.get("isVerified")),
            }
            for domain in domains
        ],
    }


Function = Callable[[Graph, Properties], Properties]
FUNCTIONS: Final[Mapping[str, Function]] = {
    f"azuread:index/{name}:{name}": function
    for name, function in {
        "getApplication": get_application,
        "getApplicationPublishedAppIds": get_application_published_app_ids,
        "getClientConfig": get_client_config,
        "getDomains": get_domains,
        "getGroup": get_group,
        "getServicePrincipal": get_service_principal,
        "getUser": get_user,
        "getUsers": get_users,
    }.items()
}


def _exactly_one(arguments: Properties, *names: str) -> tuple[str, Any]:
    given = [name for name in names if arguments.get(name)]
    if len(given) != 1:
        raise PluginError(
            f"Invalid combination of arguments: exactly one of {', '.join(names)} must be specified, "
            f"not {' and '.join(given) or 'none of them'}"
        )
    return given[0], arguments[given[0]]


def _only(found: list[Document], none: str, several: str) -> Document:
    if len(found) != 1:
        raise PluginError(several if found else none)
    return found[0]


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
        raise PluginError(f'User not found with {_USER_KEYS[key]}: "{value}"')
    return found


def _group_by(graph: Graph, arguments: Properties) -> Document:
    key, value = _exactly_one(arguments, "displayName", "mailNickname", "objectId")
    flags = {
        flag: arguments[flag]
        for flag in ("mailEnabled", "securityEnabled")
        if arguments.get(flag) is not None
    }
    if key != "objectId":
        filter_ = " and ".join(
            [f"{key} eq '{value}'", *(f"{flag} eq {str(wanted).lower()}" for flag, wanted in flags.items())]
        )
        return _only(
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


def _digest(names: Iterable[str]) -> str:
    hashed = hashlib.sha1("/".join(names).encode(), usedforsecurity=False)
    return base64.urlsafe_b64encode(hashed.digest()).decode()


def _as_list(block: Properties | None) -> list[Properties]:
    return [] if block is None else [block]
