"""Which other applications belong to another stack of this code."""

from drift.tenant import Tenant
from exchange.records import RESTRICT, AccessPolicy
from marks import marks_in


def is_another_stack_s(tenant: Tenant, client_id: str) -> bool:
    """Whether both services tell one mark: of its policies in Exchange, and of its application in Entra.

    A description alone is free text of whoever administers Exchange. This stack's mark is no other's.
    """
    marks = [frozenset(marks_in(policy.description)) for policy in limiting(tenant, client_id)]
    if client_id == tenant.code.client_id or not marks:
        return False
    others = frozenset(marks_in(tenant.notes_of(client_id))) - {tenant.code.mark}
    return bool(others.intersection(*marks))


def limiting(tenant: Tenant, client_id: str) -> list[AccessPolicy]:
    """The policies that limit that application alone to the members of a group."""
    return [
        one
        for one in tenant.policies()
        if one.names(client_id) and one.access_right == RESTRICT and one.app_id != "*"
    ]
