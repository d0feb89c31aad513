"""Replication: a new object is not known at once to every copy of the directory.

Graph answers from whichever copy is near, and a copy that has not heard of an object says that there is none:
github.com/hashicorp/terraform-provider-azuread #1811 (service principals), #1759 and #1815 (app role
assignments), #529 (owners), #1802 (applications), #946 (groups, which come from Exchange);
github.com/microsoftgraph/microsoft-graph-docs #17966 (a secret that is listed and can't sign in yet).
"""

import threading
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from emulator.clock import EmulatedClock

Kind = Literal["application", "servicePrincipal", "passwordCredential", "appRoleAssignment", "owner", "group"]
Delays = dict[Kind, int]
"""For each kind of object, how many requests for one purpose still meet a copy that does not know it."""

LONGEST = timedelta(minutes=1)
"""After that much of the tenant's time every copy knows an object, however few requests came."""


class Replication:
    """Which copies know what. Each purpose (read, refer to, sign in with) is served by copies of its own."""

    def __init__(self, delays: Mapping[Kind, int] | None = None) -> None:
        self._lock = threading.Lock()
        self._delays = dict(delays or {})
        self._usual = dict(self._delays)
        self._made: dict[tuple[str, str], datetime] = {}
        self._met: defaultdict[tuple[str, str, str], int] = defaultdict(int)

    def slow_down(self, delays: Mapping[Kind, int]) -> None:
        """From now on these kinds take so many requests longer, those that are on their way too."""
        with self._lock:
            self._delays |= delays

    def as_usual(self) -> None:
        """Back to the delays that the tenant has anyway; what was on its way has arrived."""
        with self._lock:
            self._delays = dict(self._usual)
            self._made.clear()

    def made(self, kind: Kind, id_: str, now: datetime) -> None:
        """An object came into being."""
        with self._lock:
            if self._delays.get(kind):
                self._made[kind, id_.lower()] = now

    def knows(self, kind: Kind, id_: str, purpose: str, clock: EmulatedClock) -> bool:
        """Whether the copy that serves this request knows the object; each request that doesn't counts."""
        with self._lock:
            made = self._made.get((kind, id_.lower()))
            if made is None or clock.now() - made >= LONGEST:
                return True
            met = (kind, id_.lower(), purpose)
            if self._met[met] >= self._delays.get(kind, 0):
                return True
            self._met[met] += 1
            return False
