"""Jobs of GitHub Actions and of Azure DevOps, which get a token of their own from their service.

https://docs.github.com/en/actions/reference/security/oidc and
https://learn.microsoft.com/en-us/rest/api/azure/devops/distributedtask/oidctoken/create. A test starts a job;
what it is given is what the real runner gives.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.federation import AUDIENCE, pipeline_token
from emulator.issued import new_secret
from emulator.store import Document
from emulator.tenant import Tenant

GITHUB = "https://token.actions.githubusercontent.com"
_GITHUB_PATH, _AZURE_DEVOPS_PATH = "/pipelines/github/token", "/pipelines/azure-devops/oidctoken"


def github_job(tenant: Tenant, subject: str) -> dict[str, str]:
    """Start a job with `permissions: id-token: write`; its variables, one of them a secret."""
    bearer = _start(tenant, {"issuer": GITHUB, "subject": subject})
    return {
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"{tenant.base_url}{_GITHUB_PATH}?api-version=2.0",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": bearer,
    }


def azure_devops_job(tenant: Tenant, issuer: str, subject: str, connection: str) -> dict[str, str]:
    """Start a job that may use this service connection; its variables, one of them a secret."""
    bearer = _start(tenant, {"issuer": issuer, "subject": subject, "connection": connection})
    return {
        "SYSTEM_OIDCREQUESTURI": f"{tenant.base_url}{_AZURE_DEVOPS_PATH}",
        "SYSTEM_ACCESSTOKEN": bearer,
    }


def routes(tenant: Tenant) -> list[Route]:
    """What the runners of both ask."""

    def github(request: Request) -> Response:
        """The token of a job of GitHub Actions."""
        job = _job(tenant, request)
        if job is None or "connection" in job:
            return JSONResponse({"message": "Bad credentials"}, 401)
        # Without a wish it is for the owner's page, which Entra does not take.
        audience = request.query_params.get("audience") or f"https://github.com/{_owner(job)}"
        return JSONResponse({"count": 1, "value": pipeline_token(tenant, GITHUB, job["subject"], audience)})

    def azure_devops(request: Request) -> Response:
        """The token of a service connection of Azure DevOps."""
        job = _job(tenant, request)
        if job is None or request.query_params.get("api-version") != "7.1":
            return JSONResponse({"message": "TF400813: The user is not authorized."}, 401)
        if job.get("connection") != request.query_params.get("serviceConnectionId"):
            return JSONResponse(
                {"message": "The service connection does not exist, or may not be used."}, 404
            )
        token = pipeline_token(tenant, job["issuer"], job["subject"], AUDIENCE)
        return JSONResponse({"oidcToken": token})

    return [
        Route(_GITHUB_PATH, github, methods=["GET"]),
        Route(_AZURE_DEVOPS_PATH, azure_devops, methods=["POST"]),
    ]


def _start(tenant: Tenant, job: Document) -> str:
    bearer = new_secret(tenant.store, "job")
    tenant.store.put("pipelineJob", bearer, job)
    return bearer


def _job(tenant: Tenant, request: Request) -> Document | None:
    return tenant.store.get("pipelineJob", request.headers.get("Authorization", "").removeprefix("Bearer "))


def _owner(job: Document) -> str:
    return str(job["subject"]).removeprefix("repo:").partition("/")[0]
