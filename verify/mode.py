"""How Microsoft Graph refuses a mailbox that is outside the scope: which words count, by what keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from graph.judgement import BLOCKED_BY_POLICY


class Mode(StrEnum):
    """What keeps the application to its mailboxes, as the setting `mailboxAccess` calls it."""

    POLICY = "applicationAccessPolicy"
    RBAC = "rbac"


@dataclass(frozen=True)
class Refusal:
    """A refusal: its code, and whether the access policy's own words must be, or must not be, in it."""

    code: str
    by_policy: bool

    def is_it(self, code: str, message: str) -> bool:
        """Whether this is what Graph said, itself or in what it quotes of Exchange."""
        return code in (self.code, _QUOTED) and (BLOCKED_BY_POLICY in message) is self.by_policy

    @property
    def words(self) -> str:
        """For people."""
        return f"403 {self.code}{f' with {BLOCKED_BY_POLICY}' if self.by_policy else ''}"


_QUOTED = "ExtensionError"
"""The code of a refusal by Exchange that the service for subscriptions passes on."""

OUT_OF_SCOPE: Mapping[Mode, Refusal] = {
    # https://learn.microsoft.com/graph/auth-limit-mailbox-access
    Mode.POLICY: Refusal("ErrorAccessDenied", by_policy=True),
    # https://learn.microsoft.com/exchange/permissions-exo/application-rbac: no right at all is what refuses
    Mode.RBAC: Refusal("ErrorAccessDenied", by_policy=False),
}
