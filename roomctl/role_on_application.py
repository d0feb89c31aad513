"""Whether the deployer has the custom role on the application whose client secrets it rotates."""

from collections.abc import Iterator
from functools import partial

from graph import custom_roles, directory_roles
from rights import Right
from roomctl.deployer_plan import CUSTOM_ROLE
from roomctl.look import Look, Row, Section, Service
from roomctl.tenant_facts import Asked

_FIX = "roomctl create-deployer --role rotate --application, with the output clientId"
_UNDO = f"Entra, Roles and administrators, {CUSTOM_ROLE}: remove the assignment"


def role_look(right: Right, asked: Asked) -> Look:
    """Roles that are given on one application stand in no token: reading them is a right of its own."""
    about = f"{right.name} ({right.on})"
    ask = partial(_given, right.name, asked)
    return Look(Section.RIGHTS, about, right.purpose, ask, frozenset({Service.GRAPH}), _FIX, _UNDO)


def _given(action: str, asked: Asked, look: Look) -> Iterator[Row]:
    claims = asked.identity.on_graph
    if claims is None:
        yield look.not_looked("the token can't be read")
        return
    graph, application = asked.graph(), asked.application_id()
    if not application:
        yield look.not_looked("the application is not there yet", "let pulumi up make it first")
        return
    held = directory_roles.held(graph, claims.object_id)
    scopes = {directory_roles.of_application(application), directory_roles.WHOLE_TENANT}
    on_it = {role for role, scope in held if scope in scopes}
    custom = custom_roles.find(graph, CUSTOM_ROLE)
    if custom and custom.id in on_it and action in custom.actions:
        yield look.fine(f"the role {CUSTOM_ROLE} brings it")
    elif on_it:
        yield look.not_looked(f"it has other roles on the application than {CUSTOM_ROLE}")
    else:
        yield look.found("no role on the application was given to it")
