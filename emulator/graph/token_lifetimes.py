"""Token lifetime policies: how long access tokens live, for the tenant or for one application.

https://learn.microsoft.com/en-us/graph/api/resources/tokenlifetimepolicy
"""

from emulator.graph import query
from emulator.graph.applications import find as application
from emulator.graph.authorization import READ_ASSIGNED_POLICIES, READ_POLICIES
from emulator.graph.entities import TOKEN_LIFETIME_POLICY
from emulator.graph.routing import Answer, Call, Operations
from emulator.graph.service_principals import find as service_principal
from emulator.store import Document

OPERATIONS = Operations()


@OPERATIONS.on("GET", "/policies/tokenLifetimePolicies", needs=READ_POLICIES)
def list_policies(call: Call) -> Answer:
    """List the tenant's token lifetime policies."""
    return query.many(call, TOKEN_LIFETIME_POLICY, call.store.all("tokenLifetimePolicy"))


@OPERATIONS.on(
    "GET",
    "/applications/{id}/tokenLifetimePolicies",
    "/applications(appId='{app_id}')/tokenLifetimePolicies",
    needs=READ_ASSIGNED_POLICIES,
)
def list_of_application(call: Call) -> Answer:
    """List the token lifetime policy that is assigned to an application."""
    return _assigned(call, application(call))


@OPERATIONS.on(
    "GET",
    "/servicePrincipals/{id}/tokenLifetimePolicies",
    "/servicePrincipals(appId='{app_id}')/tokenLifetimePolicies",
    needs=READ_ASSIGNED_POLICIES,
)
def list_of_service_principal(call: Call) -> Answer:
    """List the token lifetime policy that is assigned to a service principal."""
    return _assigned(call, service_principal(call))


def _assigned(call: Call, to: Document) -> Answer:
    policies = [one for one in call.store.all("tokenLifetimePolicy") if to["id"] in one["_assigned"]]
    return query.many(
        call, TOKEN_LIFETIME_POLICY, policies, context="Collection(microsoft.graph.tokenLifetimePolicy)"
    )
