"""Conditional Access policies, as far as they are read.

https://learn.microsoft.com/en-us/graph/api/conditionalaccessroot-list-policies
"""

from emulator.graph import query
from emulator.graph.authorization import READ_CONDITIONAL_ACCESS
from emulator.graph.entities import CONDITIONAL_ACCESS_POLICY
from emulator.graph.routing import Answer, Call, Operations

OPERATIONS = Operations()


@OPERATIONS.on("GET", "/identity/conditionalAccess/policies", needs=READ_CONDITIONAL_ACCESS)
def list_policies(call: Call) -> Answer:
    """List the tenant's Conditional Access policies."""
    return query.many(call, CONDITIONAL_ACCESS_POLICY, call.store.all("conditionalAccessPolicy"))
