"""Who does on an emulated tenant what a run waits for: `python -m roomctl.emulated_person`, as its deployer.

A process of its own, because the authorities that a client trusts are those of its environment.
"""

import sys

import permissions
from clock import clock_from_environment
from graph.api import current_graph
from graph.registrations import consent, service


def main(arguments: list[str]) -> None:
    """`consent PRINCIPAL NAME…` grants permissions on Microsoft Graph; `wait SECONDS` lets time pass."""
    match arguments:
        case ["consent", principal, *names]:
            graph = current_graph()
            asked = service(graph, permissions.GRAPH_APP_ID)
            for name in names:
                consent(graph, principal, asked.object_id, asked.roles[name])
        case ["wait", seconds]:
            clock_from_environment().sleep(float(seconds))
        case _:
            raise SystemExit(main.__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
