"""People whose mailboxes may stand for everybody's when it is proven that the application is refused."""

from collections.abc import Container, Iterable

from exchange import directory
from exchange.admin_api import ExchangeAdmin
from exchange.records import Recipient
from graph.administrators import administrators
from graph.api import GraphApi

_CANDIDATES = 50
"""People's mailboxes among which ordinary ones are looked for."""


def ordinary_mailboxes(
    exchange: ExchangeAdmin, graph: GraphApi, inside: Container[str], preferred: Iterable[str] = ()
) -> list[str]:
    """Addresses of ordinary people who are not `inside`: those `preferred` if all of them serve, else any.

    A preferred one that is gone, or ordinary no more, does not serve. Administrators are left out: their
    mailboxes were reported to be refused whatever the policies say, which would make a proof hold when it
    must not.
    """
    privileged = administrators(graph)

    def ordinary(candidates: Iterable[Recipient]) -> list[str]:
        return [
            one.address
            for one in candidates
            if one.type_details == "UserMailbox"
            and one.address not in inside
            and one.object_id not in privileged
            and not one.is_synced
        ]

    asked = list(preferred)
    if asked and len(ordinary(directory.find(exchange, asked).values())) == len(asked):
        return asked
    return ordinary(directory.user_mailboxes(exchange, at_most=_CANDIDATES))
