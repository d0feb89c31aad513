"""The sign-in log, as beta shows it of service principals.

https://learn.microsoft.com/en-us/graph/api/signin-list?view=graph-rest-beta
"""

from emulator.graph import query
from emulator.graph.authorization import READ_SIGN_INS
from emulator.graph.entities import SIGN_IN
from emulator.graph.errors import GraphError
from emulator.graph.routing import Answer, Call, Operations

OPERATIONS = Operations()

_BY_KIND = "signInEventTypes/any"


@OPERATIONS.on("GET", "/auditLogs/signIns", needs=READ_SIGN_INS)
def list_sign_ins(call: Call) -> Answer:
    """List sign-ins, the newest first; of service principals only in beta, and only when asked for."""
    if not call.tenant.settings.get("premium", True):
        raise GraphError(
            403,
            "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
            "Neither tenant is B2C or tenant doesn't have premium license",
        )
    asked_for_kind = _BY_KIND in call.query.get("$filter", "")
    if asked_for_kind and call.request.version != "beta":
        raise GraphError(
            400,
            "BadRequest",
            "Could not find a property named 'signInEventTypes' on type 'microsoft.graph.signIn'.",
        )
    # without the filter only people's interactive sign-ins are told, and nobody here has any
    return query.many(call, SIGN_IN, call.store.all("signIn")[::-1] if asked_for_kind else [])
