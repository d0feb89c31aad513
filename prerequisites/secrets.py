"""Client secrets: the tenant must allow them, and let them live for two periods."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from graph.api import GraphApi
from graph.secret_rules import secret_rules
from settings import Problem, Settings

_SHORTEST = 7
_EXEMPT = "have the application exempted by an app management policy of its own"


def secret_problems(
    settings: Settings, application_object_id: str | None, now: datetime, graph: GraphApi
) -> Iterator[Problem]:
    """What the tenant's app management policies have against the secrets of this calendar.

    `application_object_id` is None for one that is still to be made. NotAuthorised without Policy.Read.All.
    """
    rules = secret_rules(graph, application_object_id, now)
    days = settings.rotation_period_days
    if rules.forbidden_by:
        yield Problem(
            "rotationPeriodDays",
            str(days),
            f"the tenant's app management policy {rules.forbidden_by} forbids client secrets, and PlaceOS "
            "can sign in with nothing else",
            _EXEMPT,
        )
    elif rules.longest is not None and rules.longest < timedelta(days=2 * days):
        fits = rules.longest.days // 2
        shorter = f"rotationPeriodDays: {fits}, or " if fits >= _SHORTEST else ""
        yield Problem(
            "rotationPeriodDays",
            str(days),
            f"each secret lives for two periods, {2 * days} days, and the tenant's app management policy "
            f"{rules.limited_by} allows {rules.longest.days}",
            f"{shorter}{_EXEMPT}",
        )
