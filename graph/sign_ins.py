"""Who signed in as an application last, with which key and from where."""

from dataclasses import dataclass
from enum import Enum

from graph.api import GraphApi
from wire import NotAuthorised

_NEWEST = 200
_NOT_PREMIUM = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"


class NoLog(Enum):
    """Why the log is not told: who asks lacks AuditLog.Read.All, or the tenant lacks Entra ID P1."""

    NO_RIGHT = "no right"
    NO_LICENCE = "no licence"

    @classmethod
    def of(cls, error: NotAuthorised) -> "NoLog":
        """By the code of Graph's refusal."""
        return cls.NO_LICENCE if error.code == _NOT_PREMIUM else cls.NO_RIGHT


@dataclass(frozen=True)
class SignIn:
    """A sign-in that succeeded. key: the id of the secret or certificate, or "" when the log names none."""

    key_id: str
    when: str
    address: str
    resource: str


def last_sign_ins(graph: GraphApi, client_id: str) -> list[SignIn]:
    """The last sign-in with each key, the newest first, as far as the newest entries of the log tell.

    NotAuthorised without AuditLog.Read.All, or without Entra ID P1. Only beta tells service principals'
    (learn.microsoft.com/graph/api/signin-list?view=graph-rest-beta), and minutes late.
    """
    asked = f"signInEventTypes/any(t: t eq 'servicePrincipal') and appId eq '{client_id}'"
    page = graph.page("/beta/auditLogs/signIns", {"$filter": asked, "$top": str(_NEWEST)})
    last: dict[str, SignIn] = {}
    for one in page:
        if (one.get("status") or {}).get("errorCode") == 0:
            key_id = str(one.get("servicePrincipalCredentialKeyId") or "").lower()
            told = [
                str(one.get(name) or "") for name in ("createdDateTime", "ipAddress", "resourceDisplayName")
            ]
            last.setdefault(key_id, SignIn(key_id, *told))
    return sorted(last.values(), key=lambda one: one.when, reverse=True)
