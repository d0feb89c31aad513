"""The provider's functions: reads of the tenant that make nothing.

Queries and messages as hashicorp/terraform-provider-azuread v3.9.0, internal/services/*/*_data_source.go.
"""

from collections.abc import Callable, Mapping
from typing import Final

from emulator.azuread_plugin import application_documents, service_principal
from emulator.azuread_plugin.directory_functions import get_group, get_user, get_users
from emulator.azuread_plugin.graph import Graph, quoted, saying
from emulator.azuread_plugin.lookup import digest, exactly_one, only
from emulator.azuread_plugin.owners import owners_of
from emulator.azuread_plugin.permissions import strings
from emulator.azuread_plugin.published_app_ids import PUBLISHED_APP_IDS
from emulator.plugin.errors import PluginError
from emulator.plugin.wire import Properties

_EXCLUSIVE = (
    ("includeUnverified", "onlyDefault"),
    ("includeUnverified", "onlyInitial"),
    ("onlyDefault", "onlyInitial"),
    ("onlyDefault", "onlyRoot"),
    ("onlyInitial", "onlyRoot"),
)


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
    key, value = exactly_one(arguments, "clientId", "displayName", "objectId")
    if key == "objectId":
        found = graph.find(f"/servicePrincipals/{value}")
        if found is None:
            raise PluginError(f'Service Principal (Service Principal: "{value}") was not found')
    else:
        filter_ = f"{'appId' if key == 'clientId' else key} eq {quoted(value)}"
        with saying(f'Listing service principals for filter "{filter_}"'):
            listed = graph.list("/servicePrincipals", filter_=filter_)
        found = only(
            listed,
            none=f'Service principal not found: no service principals found matching filter: "{filter_}"',
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
    key, value = exactly_one(arguments, "clientId", "displayName", "identifierUri", "objectId")
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
        found = only(
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
    for untold in ("templateId", "description"):
        del properties[untold]
    return {
        **properties,
        **listed,
        "id": id_,
        **({key: value} if key == "identifierUri" else {}),
        "oauth2PostResponseRequired": bool(beta.get("oauth2RequirePostResponse")),
        "owners": owners_of(graph, id_),
    }


def get_domains(graph: Graph, arguments: Properties) -> Properties:
    """The tenant's domains, filtered here: Graph cannot. None left is an error."""
    needed = {
        "adminManaged": "isAdminManaged",
        "onlyDefault": "isDefault",
        "onlyInitial": "isInitial",
        "onlyRoot": "isRoot",
    }
    for one, other in _EXCLUSIVE:
        if arguments.get(one) and arguments.get(other):
            raise PluginError(f"Conflicting configuration arguments: {one} conflicts with {other}")
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
    hashed = digest(domain["id"] for domain in domains)
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


def _as_list(block: Properties | None) -> list[Properties]:
    return [] if block is None else [block]
