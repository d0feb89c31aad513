"""What is in the tenant and not in the state: a run was killed between the service's yes and the record."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import permissions
from exchange import groups, policies
from exchange.admin_api import ExchangeAdmin
from graph import applications
from graph.api import GraphApi
from graph.applications import Application, AppRoleAssignment, Password
from graph.service_principals import find_service_principal
from marks import is_slot_name, probe_name
from roomctl import entra_resources as entra
from roomctl.recorded_stack import RecordedStack
from wire import NotFound


@dataclass(frozen=True)
class Import:
    """An object that the state is to hold: where, and the id by which azuread imports it."""

    place: entra.Place
    id: str
    what: str


@dataclass(frozen=True)
class Declared:
    """What the settings say of the stack's objects.

    existing: the client id of an application that the stack takes and did not make. consents: the
    permissions that this code consents to, by name; others the proof refuses of an own application, and they
    are somebody's of an existing one.
    """

    group_address: str | None
    existing: str = ""
    consents: Collection[str] = permissions.names()


@dataclass(frozen=True)
class Secret:
    """A credential that no state holds."""

    application: str
    key_id: str
    what: str
    is_probe: bool


@dataclass
class Leftovers:
    """What is to be imported, what to be removed, what the next run takes over, what a person must decide.

    vanished: what the state holds and the tenant does not; azuread fails on deleting it once more.
    successor_first: PlaceOS may be using a secret that no state holds, so it gets another before that goes.
    """

    imports: list[Import] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    secrets: list[Secret] = field(default_factory=list)
    spare_applications: list[Application] = field(default_factory=list)
    taken_over: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    successor_first: bool = False


def leftovers(
    stack: RecordedStack,
    graph: GraphApi,
    exchange: ExchangeAdmin,
    declared: Declared,
) -> Leftovers:
    """Compare the tenant with the state; raises a WireError when the tenant could not be asked."""
    found = Leftovers()
    if declared.existing:
        current = _taken(stack, graph, declared.existing, found)
        principal = _principal_of(graph, current) if current else None
    else:
        current = _application(stack, graph, found)
        principal = _principal(stack, graph, current, found) if current else None
    granted = _consents(graph, principal) if principal else {}
    found.imports.extend(_unrecorded(stack, graph, granted, declared.consents))
    found.vanished.extend(_vanished(stack, current, principal, granted))
    found.taken_over.extend(_taken_over(stack, exchange, declared.group_address))
    return found


def is_spare(graph: GraphApi, application: Application) -> bool:
    """Whether nobody can use the application: it has no secret, and its service principal no consent."""
    if application.passwords:
        return False
    try:
        principal = find_service_principal(graph, application.app_id)
    except NotFound:
        return True
    return not applications.app_role_assignments(graph, principal)


def recorded_application(stack: RecordedStack) -> str | None:
    """The object id of the application in the state."""
    ids = stack.ids_of(entra.APPLICATION_TYPE)
    return next((id_.rpartition("/")[2].lower() for id_ in sorted(ids)), None)


def recorded_keys(stack: RecordedStack) -> set[str]:
    """The key ids of every client secret in the state, those included that wait for their removal."""
    return {id_.rpartition("/")[2].lower() for id_ in stack.ids_of(entra.SECRET_TYPE)}


def knows_none(known: Collection[str], passwords: Iterable[Password]) -> bool:
    """Whether none of the secrets is among the known key ids.

    So it is with a state of before a rotation, and PlaceOS then has one that no state holds.
    """
    return not any(one.key_id in known for one in passwords)


def is_probe(stack: RecordedStack, password: Password) -> bool:
    """Whether it is a credential of this stack's probe: its name holds the mark."""
    return password.display_name == probe_name(stack.mark)


def secret_of_ours(stack: RecordedStack, password: Password) -> str | None:
    """What the credential was made as, by its name; None for one that is not of this stack's making."""
    if is_probe(stack, password):
        return "a credential of a probe that was killed; nobody has its text"
    if is_slot_name(password.display_name):
        return (
            f"the client secret {password.display_name!r}, which never reached the state, so nobody has its "
            "text (unless a state of this stack was lost: then look for its sign-ins in Entra first)"
        )
    return None


def _application(stack: RecordedStack, graph: GraphApi, found: Leftovers) -> Application | None:
    """The stack's application: the recorded one, else the marked one that is to be imported."""
    recorded = recorded_application(stack)
    marked = [one for one in applications.marked(graph, stack.mark) if one.object_id != recorded]
    if recorded is not None:
        current = applications.application(graph, recorded)
        if current:
            _sort_out(stack, current, found)
    else:
        current = _chosen(graph, marked)
        if current:
            what = f"application {current.name}"
            found.imports.append(Import(entra.APPLICATION, f"/applications/{current.object_id}", what))
            found.undecided.extend(_unknown_secrets(stack, current, current.passwords))
    for other in marked:
        if other is current:
            continue
        if is_spare(graph, other):
            found.spare_applications.append(other)
        else:
            found.undecided.append(
                f"application {other.name} ({other.object_id}) carries {stack.mark}, as another does, and "
                "has secrets or consents: find out who uses it, and delete it in Entra, or take the mark out "
                "of its notes"
            )
    return current


def _chosen(graph: GraphApi, marked: list[Application]) -> Application | None:
    """Of several the one that somebody may use, else one that was finished; None when two are used."""
    used = [one for one in marked if not is_spare(graph, one)]
    if len(used) > 1:
        return None
    finished = [one for one in marked if not one.name.startswith(applications.UNFINISHED)]
    return next(iter([*used, *finished, *marked]), None)


def _taken(stack: RecordedStack, graph: GraphApi, existing: str, found: Leftovers) -> Application | None:
    """The existing application. Only the probe's credential is known for sure to be of this stack."""
    registered = applications.by_client_id(graph, existing)
    current = applications.application(graph, registered.object_id) if registered else None
    for secret in _secrets(stack, current) if current else ():
        if secret.is_probe:
            found.secrets.append(secret)
        else:
            found.undecided.append(
                f"the existing application {existing} has the client secret {secret.key_id}, named "
                "as this stack names its own, and the state does not know it: if neither PlaceOS nor another "
                "stack uses it, remove it in Entra"
            )
    return current


def _secrets(stack: RecordedStack, application: Application) -> Iterator[Secret]:
    known = recorded_keys(stack)
    for password in application.passwords:
        what = secret_of_ours(stack, password)
        if what and password.key_id not in known:
            yield Secret(application.object_id, password.key_id, what, is_probe(stack, password))


def _sort_out(stack: RecordedStack, application: Application, found: Leftovers) -> None:
    """What no state holds goes at once, unless PlaceOS may be using it."""
    lost = knows_none(recorded_keys(stack), application.passwords) and not _died_making_the_first(stack)
    for secret in _secrets(stack, application):
        if secret.is_probe or not lost:
            found.secrets.append(secret)
        else:
            found.successor_first = True
    if found.successor_first:
        slots = [one for one in application.passwords if not is_probe(stack, one)]
        found.undecided.extend(_unknown_secrets(stack, application, slots))


def _died_making_the_first(stack: RecordedStack) -> bool:
    """A run that died while it made them handed out none."""
    return not recorded_keys(stack) and any(entra.SECRET_TYPE in one.urn for one in stack.pending)


def _unknown_secrets(
    stack: RecordedStack, application: Application, passwords: Iterable[Password]
) -> Iterator[str]:
    """Secrets of an application that the state does not know: a state was lost, or is older than they are."""
    for password in passwords:
        if secret_of_ours(stack, password):
            yield (
                f"application {application.name} has the secret {password.display_name!r} "
                f"({password.key_id}), which PlaceOS may be using: a state of this stack was lost. Hand over "
                "the new secret first, then run roomctl recover again, which removes this one"
            )


def _principal(
    stack: RecordedStack, graph: GraphApi, application: Application, found: Leftovers
) -> str | None:
    principal = _principal_of(graph, application)
    id_ = f"/servicePrincipals/{principal}"
    if principal and id_ not in stack.ids_of(entra.PRINCIPAL_TYPE):
        found.imports.append(Import(entra.PRINCIPAL, id_, f"service principal of {application.name}"))
    return principal


def _principal_of(graph: GraphApi, application: Application) -> str | None:
    try:
        return find_service_principal(graph, application.app_id)
    except NotFound:
        return None


def _consents(graph: GraphApi, principal: str) -> dict[str, AppRoleAssignment]:
    """What was consented, by the ids by which azuread imports it."""
    return {
        f"/servicePrincipals/{one.resource_id}/appRoleAssignedTo/{one.assignment_id}": one
        for one in applications.app_role_assignments(graph, principal)
    }


def _unrecorded(
    stack: RecordedStack,
    graph: GraphApi,
    consents: Mapping[str, AppRoleAssignment],
    declared: Iterable[str],
) -> Iterator[Import]:
    """The consents to `declared` permissions that the state does not hold."""
    names = {permissions.find(name).id: name for name in declared}
    service = find_service_principal(graph, permissions.GRAPH_APP_ID)
    for id_, one in consents.items():
        name = names.get(one.role_id) if one.resource_id == service else None
        if name and id_ not in stack.ids_of(entra.GRANT_TYPE):
            yield Import(entra.grant(name), id_, f"consent to {name}")


def _vanished(
    stack: RecordedStack, application: Application | None, principal: str | None, consents: Iterable[str]
) -> list[str]:
    object_id = application.object_id if application else ""
    passwords = application.passwords if application else ()
    there = {
        entra.APPLICATION_TYPE: {f"/applications/{object_id}"},
        entra.PRINCIPAL_TYPE: {f"/servicePrincipals/{principal}"},
        entra.GRANT_TYPE: set(consents),
        entra.SECRET_TYPE: {f"{object_id}/password/{one.key_id}" for one in passwords},
    }
    return [id_ for kind, found in there.items() for id_ in sorted(stack.ids_of(kind) - found)]


def _taken_over(stack: RecordedStack, exchange: ExchangeAdmin, group_address: str | None) -> Iterator[str]:
    """Exchange's objects: a create that finds its own mark adopts them."""
    if not group_address:
        yield "the room group, if it is there: roomGroupAddress is not set here, so nobody looked"
    elif not stack.ids_of(entra.GROUP_TYPE):
        group = groups.find(exchange, group_address)
        if group and stack.mark in group.notes:
            yield f"group {group.address}"
    if not stack.ids_of(entra.POLICIES_TYPE):
        for policy in policies.list_policies(exchange):
            if stack.mark in policy.description:
                yield f"access policy of application {policy.app_id}"
