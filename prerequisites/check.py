"""All the questions, with Exchange asked in as few calls as possible."""

from exchange.admin_api import ExchangeAdmin
from exchange.occupancy import occupancy
from graph.api import GraphApi
from prerequisites.application import Asker, application_problems
from prerequisites.groups import group_problems, staff_group_problems
from prerequisites.mailboxes import denied_problems, owner_problems, room_problems, staff_problems
from prerequisites.new_names import NewNames
from settings import Problem, Settings


def unmet(
    settings: Settings, new: NewNames, asker: Asker, exchange: ExchangeAdmin, graph: GraphApi
) -> list[Problem]:
    """Everything that the settings take for granted and the tenant doesn't have; nothing is changed.

    What carries the asker's mark is this stack's own. Raises WireError when it could not look.
    """
    who = occupancy(
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
    return [
        *(
            application_problems(settings, new, asker, exchange, graph)
            if new.application or new.own_application
            else ()
        ),
        *room_problems(settings, new.rooms, who),
        *staff_problems(new.staff, who),
        *(one for group in new.own_groups for one in group_problems(group, who, asker.mark, exchange)),
        *owner_problems(new.owners, who),
        *(
            problem
            for address in new.staff_groups
            for problem in staff_group_problems(address, settings.denied_mailboxes, exchange)
        ),
        *denied_problems(new.denied, who, graph),
    ]
