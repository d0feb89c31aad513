"""All the questions, with Exchange asked in as few calls as possible."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from exchange.admin_api import ExchangeAdmin
from exchange.occupancy import Occupancy, occupancy
from graph.api import GraphApi
from prerequisites.application import application_problems
from prerequisites.asker import Asker
from prerequisites.groups import group_problems, staff_group_problems
from prerequisites.key_vault import key_vault_problems
from prerequisites.mailboxes import denied_problems, owner_problems, room_problems, staff_problems
from prerequisites.new_names import NewNames
from resource_manager.api import ResourceManager
from settings import Problem, Settings

Question = Callable[[], Iterable[Problem]]


def unmet(asked: Mapping[str, Question]) -> list[Problem]:
    """Everything that the settings take for granted and the tenant doesn't have, of `questions`.

    Raises WireError when it could not look.
    """
    return [problem for question in asked.values() for problem in question()]


def questions(  # noqa: PLR0913 - a client for each service
    settings: Settings,
    new: NewNames,
    asker: Asker,
    exchange: ExchangeAdmin,
    graph: GraphApi,
    *,
    azure: Callable[[], ResourceManager],
) -> dict[str, Question]:
    """What there is to ask, by what it is about: each looks, changes nothing, and may raise WireError.

    What carries the asker's mark is this stack's own. `azure` is called for a key vault only.
    """

    @cache
    def who() -> Occupancy:
        return occupancy(
            exchange,
            rooms=(*new.rooms, *new.staff),
            addresses=(
                *new.owners,
                *new.denied,
                *(one for group in new.own_groups for one in (group.address, group.was) if one),
            ),
            aliases=[group.alias for group in new.own_groups],
            names=[group.name for group in new.own_groups],
        )

    def application() -> Iterable[Problem]:
        return application_problems(settings, new, asker, exchange, graph)

    def groups() -> Iterable[Problem]:
        return [one for group in new.own_groups for one in group_problems(group, who(), asker.mark, exchange)]

    def staff_groups() -> Iterable[Problem]:
        denied = settings.denied_mailboxes
        return [
            one for address in new.staff_groups for one in staff_group_problems(address, denied, exchange)
        ]

    asked: dict[str, tuple[object, Question]] = {
        "application": (new.application or new.own_application, application),
        "rooms": (new.rooms, lambda: room_problems(settings, new.rooms, who())),
        "staff": (new.staff, lambda: staff_problems(new.staff, who())),
        "groups": (new.own_groups, groups),
        "owner": (new.owners, lambda: owner_problems(new.owners, who())),
        "staff group": (new.staff_groups, staff_groups),
        "denied mailboxes": (new.denied, lambda: denied_problems(new.denied, who(), graph)),
        "key vault": (new.key_vault, lambda: key_vault_problems(settings, new, asker, azure())),
    }
    return {about: question for about, (there, question) in asked.items() if there}
