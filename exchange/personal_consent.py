"""Consent by a person: what lacks, and what was consented before it may be.

Who may consent to application permissions of Microsoft Graph: a Privileged Role Administrator or a Global
Administrator; an Application Administrator may not
(https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent).
"""

from collections.abc import Iterable

from exchange.other_grants import held_already
from exchange.waiting import waiting_for_person
from graph.api import GraphApi

BY_PERSON = "manual"
"""The value of the setting `consent`; the other is "code"."""
_PAGE = "roomctl consent prints the page for a Privileged Role Administrator"


def lacking(graph: GraphApi, service_principal_id: str, permissions: Iterable[str]) -> list[str]:
    """Which of these Microsoft Graph permissions nobody has consented to; NotFound without the principal."""
    wanted = set(permissions)
    return sorted(wanted - held_already(graph, service_principal_id, wanted))


def too_early(graph: GraphApi, service_principal_id: str, permissions: Iterable[str]) -> str:
    """Why the proof can't be asked: somebody consented before it; "" when nobody has."""
    if not (held := held_already(graph, service_principal_id, permissions)):
        return ""
    return (
        f"somebody consented to {', '.join(sorted(held))} before it was proven that Exchange limits the "
        "application, so nothing more was made. Take that back first: roomctl consent prints how; or in "
        "Entra, Enterprise applications, the application, Permissions"
    )


def to_take_back(graph: GraphApi, service_principal_id: str, dropped: Iterable[str]) -> str:
    """The line that waits until permissions which the code no longer asks for are gone; "" when they are."""
    if not (held := held_already(graph, service_principal_id, dropped)):
        return ""
    return waiting_for_person(
        f"a person to take back the consent to {', '.join(sorted(held))}", _PAGE, "nothing new was handed out"
    )


def to_consent(names: Iterable[str], meanwhile: str) -> str:
    """The line that waits until a person has consented to these permissions."""
    return waiting_for_person(f"a person to consent to {', '.join(names)}", _PAGE, meanwhile)
