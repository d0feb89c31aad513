"""One token cache for all clients of an identity, and a way to empty it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, TokenCredential


class RenewableCredential:
    """A token credential that can forget its tokens.

    A token carries the roles of the moment it was made and azure-identity hands it out for an hour, so a role
    granted meanwhile, or a token the service has stopped to accept, needs a credential with an empty cache.
    Safe to share between threads; its representation shows nothing.
    """

    def __init__(self, build: Callable[[], TokenCredential]) -> None:
        self._build = build
        self._lock = threading.Lock()
        self._current = build()  # at once, so that an unusable certificate is told before anything is done

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """A token for `scopes`, from the cache while it lasts; azure-identity's errors pass through."""
        with self._lock:  # one request to the sign-in service, however many threads start at once
            return self._current.get_token(*scopes, **options)

    def forget(self) -> None:
        """Make the next token a fresh one."""
        with self._lock:
            self._current = self._build()
