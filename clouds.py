"""Where Microsoft's services are: one table, the same variables that azuread reads, nothing guessed."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from https_json import EndpointError, fetch_json, https_url


@dataclass(frozen=True)
class Cloud:
    """The endpoints of one cloud: https addresses without a trailing slash.

    resource_manager: "" where it is not known; nobody needs it but a stack with a key vault.
    """

    name: str
    login: str
    graph: str
    exchange: str
    resource_manager: str = ""

    @property
    def graph_scope(self) -> str:
        """What a token for Microsoft Graph is asked for."""
        return f"{self.graph}/.default"

    @property
    def exchange_scope(self) -> str:
        """What a token for Exchange's admin endpoint is asked for."""
        return f"{self.exchange}/.default"


# Login, Graph and Azure Resource Manager as in go-azure-sdk's environments, which azuread uses; Exchange as
# in CISA's ScubaGear.
# Microsoft's pages disagree on two Exchange hosts (DoD also webmail.apps.mil, China also
# outlook.office365.cn): EXCHANGE_ENDPOINT decides where the table is wrong for a tenant.
CLOUDS = {
    cloud.name: cloud
    for cloud in (
        Cloud(
            "public",
            "https://login.microsoftonline.com",
            "https://graph.microsoft.com",
            "https://outlook.office365.com",
            "https://management.azure.com",
        ),
        Cloud(
            "usgovernment",
            "https://login.microsoftonline.us",
            "https://graph.microsoft.us",
            "https://outlook.office365.us",
            "https://management.usgovcloudapi.net",
        ),
        Cloud(
            "dod",
            "https://login.microsoftonline.us",
            "https://dod-graph.microsoft.us",
            "https://outlook-dod.office365.us",
            "https://management.usgovcloudapi.net",
        ),
        Cloud(
            "china",
            "https://login.chinacloudapi.cn",
            "https://microsoftgraph.chinacloudapi.cn",
            "https://partner.outlook.cn",
            "https://management.chinacloudapi.cn",
        ),
    )
}
_OTHER_NAMES = {"global": "public", "usgovernmentl4": "usgovernment", "usgovernmentl5": "dod"}


def cloud_from_environment(environ: Mapping[str, str] = os.environ) -> Cloud:
    """The cloud that azuread works on under the same variables, with Exchange's endpoint beside it.

    ARM_METADATA_HOSTNAME outranks ARM_ENVIRONMENT, as it does for azuread; EXCHANGE_ENDPOINT replaces the
    table's Exchange host. EndpointError when a value is unusable or Exchange's endpoint can't be known.
    """
    metadata_host = environ.get("ARM_METADATA_HOSTNAME")
    if metadata_host:
        name, login, graph, resource_manager = _described_by(metadata_host)
        exchange = next((cloud.exchange for cloud in CLOUDS.values() if cloud.graph == graph), None)
    else:
        known = _named(environ.get("ARM_ENVIRONMENT") or "public")
        name, login, graph, exchange = known.name, known.login, known.graph, known.exchange
        resource_manager = known.resource_manager
    if override := environ.get("EXCHANGE_ENDPOINT"):
        exchange = https_url(override, "EXCHANGE_ENDPOINT")
    if exchange is None:
        raise EndpointError(
            f"The cloud {name!r} described by {metadata_host} is not a known one, so where its Exchange is "
            "must be said: set EXCHANGE_ENDPOINT to an https:// address."
        )
    return Cloud(name, login, graph, exchange, resource_manager)


def require_cloud(name: str, environ: Mapping[str, str] = os.environ) -> None:
    """EndpointError when the variables lead to another cloud than the stack says.

    A metadata host is taken at its word: it may describe any cloud, an emulated one among them.
    """
    if environ.get("ARM_METADATA_HOSTNAME"):
        return
    meant = _named(environ.get("ARM_ENVIRONMENT") or "public").name
    if meant != name:
        raise EndpointError(
            f"ARM_ENVIRONMENT leads to the cloud {meant} and the stack's setting cloud is {name}; "
            "make them the same."
        )


def _named(name: str) -> Cloud:
    folded = name.lower()
    cloud = CLOUDS.get(_OTHER_NAMES.get(folded, folded))
    if cloud is None:
        names = ", ".join(sorted({*CLOUDS, *_OTHER_NAMES}))
        raise EndpointError(f"ARM_ENVIRONMENT is {name!r}, which is no cloud; use one of {names}.")
    return cloud


def _described_by(host: str) -> tuple[str, str, str, str]:
    """Name, login, Graph and Azure Resource Manager, "" where it says none.

    The document is the one that azuread reads (go-azure-sdk, environments.FromEndpoint).
    """
    variable = "ARM_METADATA_HOSTNAME"
    url = f"https://{host}/metadata/endpoints?api-version=2022-09-01"
    document = fetch_json(url, variable)
    authentication = document.get("authentication")
    login = authentication.get("loginEndpoint") if isinstance(authentication, dict) else None
    name, graph = document.get("name"), document.get("microsoftGraphResourceId")
    if not (isinstance(name, str) and isinstance(login, str) and isinstance(graph, str)):
        raise EndpointError(
            f"{url} lacks name, authentication.loginEndpoint or microsoftGraphResourceId; check {variable}."
        )
    resource_manager = document.get("resourceManager")
    manager = https_url(resource_manager, variable) if isinstance(resource_manager, str) else ""
    return name, https_url(login, variable), https_url(graph, variable), manager
