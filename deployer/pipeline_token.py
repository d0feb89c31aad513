"""The token of a pipeline, with which it signs in without a secret.

azure-identity's AzurePipelinesCredential and WorkloadIdentityCredential read variables of their own and not
those of azuread, so the token is got here, as azuread gets it (github.com/hashicorp/go-azure-sdk,
sdk/auth/github_oidc_authorizer.go and ado_pipeline_oidc_authorizer.go), and handed to azure-identity.
"""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from deployer.environment import DeployerError, first_of, is_on, value_or_file
from https_json import EndpointError, fetch_json
from pipeline_subject import AUDIENCE

_URLS = ("ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL", "SYSTEM_OIDCREQUESTURI")
_BEARERS = ("ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_ACCESSTOKEN")
_CONNECTIONS = ("ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID", "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID")
_AZURE_DEVOPS = (
    "give the step `env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)`, and let the pipeline use the service "
    "connection"
)
_GITHUB = "give the GitHub job `permissions: id-token: write`"


def from_environment(environ: Mapping[str, str]) -> Callable[[], str] | None:
    """How to get the token, anew each time because it lives for minutes; None when it is not wanted.

    DeployerError when it is wanted and can't be had.
    """
    cluster = is_on(environ, "ARM_USE_AKS_WORKLOAD_IDENTITY")
    if not (is_on(environ, "ARM_USE_OIDC") or cluster):
        return None
    if value_or_file(environ, "ARM_OIDC_TOKEN"):
        return lambda: value_or_file(environ, "ARM_OIDC_TOKEN")
    connection = first_of(environ, *_CONNECTIONS)[1]
    url_variable, url = first_of(environ, *_URLS)
    bearer_variable, bearer = first_of(environ, *_BEARERS)
    if connection and not (url and bearer):
        missing = bearer_variable if url else url_variable
        raise DeployerError(
            f"There is a service connection of Azure DevOps but no {missing}: {_AZURE_DEVOPS}."
        )
    if connection:
        return lambda: _azure_devops_token(url, url_variable, bearer, bearer_variable, connection)
    if url and bearer:
        return lambda: _github_token(url, url_variable, bearer, bearer_variable)
    if cluster:
        raise DeployerError(
            "ARM_USE_AKS_WORKLOAD_IDENTITY is set without a token: azuread does not read the cluster's own "
            'variables. Set ARM_OIDC_TOKEN_FILE_PATH="$AZURE_FEDERATED_TOKEN_FILE" and '
            'ARM_CLIENT_ID="$AZURE_CLIENT_ID".'
        )
    raise DeployerError(
        f"ARM_USE_OIDC is set without a token: set ARM_OIDC_TOKEN or ARM_OIDC_TOKEN_FILE_PATH, or {_GITHUB}."
    )


def _github_token(url: str, variable: str, bearer: str, bearer_variable: str) -> str:
    """docs.github.com, "OpenID Connect reference": the runner makes a token for an audience."""
    asked = _with_query(url, audience=AUDIENCE)
    headers = {"Authorization": f"Bearer {bearer}"}
    try:
        answer = fetch_json(asked, variable, headers=headers)
    except EndpointError as error:
        raise _refused(error, bearer_variable, _GITHUB) from None
    return _text(answer.get("value"), variable)


def _azure_devops_token(url: str, variable: str, bearer: str, bearer_variable: str, connection: str) -> str:
    """learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create, version 7.1."""
    asked = _with_query(url, **{"api-version": "7.1"}, serviceConnectionId=connection, audience=AUDIENCE)
    headers = {"Authorization": f"Bearer {bearer}"}
    try:
        answer = fetch_json(asked, variable, {}, headers=headers)
    except EndpointError as error:
        raise _refused(error, bearer_variable, _AZURE_DEVOPS) from None
    return _text(answer.get("oidcToken"), variable)


def _refused(error: EndpointError, bearer_variable: str, advice: str) -> DeployerError:
    return DeployerError(
        f"No token for the pipeline: {error} What is in {bearer_variable} may have ended with its job; "
        f"{advice}."
    )


def _text(token: object, variable: str) -> str:
    if not (isinstance(token, str) and token):
        raise DeployerError(f"The pipeline's service answered without a token; check {variable}.")
    return token


def _with_query(url: str, **wanted: str) -> str:
    """The address with these parameters, where it has not got them already."""
    present = {pair.partition("=")[0] for pair in url.partition("?")[2].split("&")}
    added = urlencode({name: value for name, value in wanted.items() if name not in present})
    return f"{url}{'&' if '?' in url else '?'}{added}" if added else url
