"""Client secrets that end soon enough.

The start of a secret is its creation, so a new one is judged at preview from today to its end. One that
exists is judged by what is left of it: time never turns a yes into a no.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pulumi_policy import Severity

from known import UNKNOWN, block
from rule import About, Config, Seen, resource_rule
from tokens import APPLICATION, APPLICATION_PASSWORD, SERVICE_PRINCIPAL_PASSWORD

_LEEWAY = 1
"""Days by which the clock of this machine may be behind the one that a rotation is planned by."""
_RELATIVE = re.compile(r"(\d+)h.*")


def _check(seen: Seen, config: Config) -> Iterator[str]:
    secret = _secret(seen)
    if secret is None:
        return
    end, relative = secret.get("endDate"), secret.get("endDateRelative")
    if UNKNOWN in (end, relative):
        yield "has an end that is not known at preview"
    elif not end and not relative:
        yield "has no end, and Entra then takes two years"
    else:
        limit = int(config["days"])
        days = _lifetime(end, relative, _today(config))
        if days is None:
            yield f"has an end that is no date: {end or relative}"
        elif days > limit + _LEEWAY:
            # Not for how many: that is another number every day.
            yield f"lives for more than {limit} days"


def _secret(seen: Seen) -> dict[str, Any] | None:
    if seen.type in (APPLICATION_PASSWORD, SERVICE_PRINCIPAL_PASSWORD):
        return seen.props
    return block(seen.props.get("password")) or None if seen.type == APPLICATION else None


def _lifetime(end: Any, relative: Any, today: date) -> int | None:
    """Whole days from today, UTC; None for what can't be read."""
    if end:
        try:
            return (datetime.fromisoformat(str(end)).astimezone(UTC).date() - today).days
        except ValueError:
            return None
    hours = _RELATIVE.fullmatch(str(relative))
    return timedelta(hours=int(hours[1])).days if hours else None


def _today(config: Config) -> date:
    return date.fromisoformat(config["today"]) if config["today"] else datetime.now(UTC).date()


RULE = resource_rule(
    About(
        name="secret-lifetime-limited",
        refuses="Client secrets without an end, or with one too far away.",
        severity=Severity.MEDIUM,
        why="A secret that leaked works until its end.",
        mend="Shorten rotationPeriodDays, of which a secret lives two, or give it an end date.",
        url="https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration",
        settings={
            "days": {
                "type": "integer",
                "minimum": 1,
                "default": 180,
                "description": "The longest life of a secret; two rotation periods.",
            },
            "today": {
                "type": "string",
                "pattern": r"^(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))?$",
                "default": "",
                "description": "For rehearsals: the day (YYYY-MM-DD, UTC) that stands for today.",
            },
        },
    ),
    _check,
)
