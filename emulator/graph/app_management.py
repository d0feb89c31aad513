"""App management policies: which credentials the tenant lets applications have, and for how long.

https://learn.microsoft.com/en-us/graph/api/resources/tenantappmanagementpolicy
"""

from emulator.graph.applications import find
from emulator.graph.authorization import READ_APPLICATIONS, READ_POLICIES
from emulator.graph.credential_rules import assigned, default
from emulator.graph.routing import Answer, Call, Operations

OPERATIONS = Operations()


@OPERATIONS.on("GET", "/policies/defaultAppManagementPolicy", needs=READ_POLICIES)
def get_default(call: Call) -> Answer:
    """Read the tenant's restrictions on applications' credentials."""
    context = call.context("policies/defaultAppManagementPolicy/$entity")
    return Answer(200, {"@odata.context": context, **default(call.store)})


@OPERATIONS.on("GET", "/applications/{id}/appManagementPolicies", needs=(*READ_POLICIES, *READ_APPLICATIONS))
def list_assigned(call: Call) -> Answer:
    """List the restrictions that an application has of its own, in place of the tenant's."""
    policies = assigned(call.store, find(call))
    return Answer(200, {"@odata.context": call.context("appManagementPolicies"), "value": policies})
