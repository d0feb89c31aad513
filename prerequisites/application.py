"""The application: a new one must find its name free, an existing one must open no other mailboxes."""

import json
from collections.abc import Collection, Iterator

from exchange import policies
from exchange.admin_api import ExchangeAdmin
from exchange.application_roles import application_roles
from exchange.other_grants import held_already, not_accepted, other_grants
from graph import applications, directory_roles
from graph.api import GraphApi
from graph.applications import Application
from graph.containment import containment
from graph.service_principals import find_service_principal
from prerequisites.asker import Asker
from prerequisites.new_names import NewNames
from settings import Problem, Settings
from wire import NotFound

_RECOVER = "run roomctl recover, and what it prints"


def application_problems(
    settings: Settings, new: NewNames, asker: Asker, exchange: ExchangeAdmin, graph: GraphApi
) -> Iterator[Problem]:
    """Everything that keeps the application from being made, or taken."""
    if new.own_application:
        yield Problem(
            "applicationClientId",
            settings.application_client_id,
            "it is this stack's own application, which would be deleted and then be missing",
            "pulumi config rm applicationClientId",
        )
    elif settings.application_client_id:
        yield from _existing(settings, asker, exchange, graph)
    else:
        for problem in _namesakes(settings.application_name, new.own_client_id, asker.mark, graph):
            # A lost state is led back by `roomctl recover`, whose first step runs the program.
            if not (new.first_run and problem.fix == _RECOVER):
                yield problem


def _namesakes(name: str, own_client_id: str, mark: str, graph: GraphApi) -> Iterator[Problem]:
    for found in applications.named(graph, name):
        if found.app_id == own_client_id.lower():
            continue
        if mark in found.notes:
            yield Problem(
                "applicationName",
                name,
                "a run that was interrupted made this application and did not record it",
                _RECOVER,
            )
        else:
            yield Problem(
                "applicationName",
                name,
                f"an application of this name exists already, with client id {found.app_id}",
                f"write another name; or, to take that one: applicationClientId: {found.app_id}",
            )


def _existing(
    settings: Settings, asker: Asker, exchange: ExchangeAdmin, graph: GraphApi
) -> Iterator[Problem]:
    key, client_id = "applicationClientId", settings.application_client_id
    registered = applications.by_client_id(graph, client_id)
    if registered is None:
        yield Problem(
            key,
            client_id,
            "this tenant has no application registration with this client id",
            "copy it from Entra, App registrations, Overview",
        )
        return
    if contained := containment(registered.notes):
        yield Problem(
            key,
            client_id,
            f"the application is contained since {contained.since} by {contained.by}",
            f"roomctl resume --client-id {client_id}",
        )
        return
    try:
        principal = find_service_principal(graph, client_id)
    except NotFound:
        yield Problem(
            key,
            client_id,
            "the application has no service principal (enterprise application) in this tenant",
            f"az ad sp create --id {client_id}",
        )
        return
    if not _may_change(asker, registered, graph):
        yield Problem(
            key,
            client_id,
            "the deployer is no owner of it, so it could not add PlaceOS's secrets",
            f"az ad app owner add --id {client_id} --owner-object-id with the object id of the deployer's "
            "service principal, or give the deployer Application.ReadWrite.All",
        )
    yield from _held(settings, asker.mark, principal, exchange, graph)


def _may_change(asker: Asker, application: Application, graph: GraphApi) -> bool:
    """Whether the deployer may add secrets; of a person only the attempt tells."""
    if not asker.client_id:
        return True
    deployer = find_service_principal(graph, asker.client_id)
    found = applications.application(graph, application.object_id)
    if found and deployer in found.owners:
        return True
    return "Application.ReadWrite.All" in {grant.accepted_as for grant in other_grants(graph, deployer, ())}


def _held(
    settings: Settings, mark: str, principal: str, exchange: ExchangeAdmin, graph: GraphApi
) -> Iterator[Problem]:
    """What it may open already, or give itself."""
    key, client_id = "applicationClientId", settings.application_client_id
    for role in _entra_roles(graph, principal):
        if role not in settings.accepted_permissions:
            yield Problem(
                key,
                client_id,
                f"the application holds the role {role} in Entra, by which it may open mailboxes",
                f"take the role away, or accept it: acceptedPermissions: {_listed(role)}",
            )
    wanted = [permission.name for permission in settings.permissions]
    every = [policy for policy in policies.list_policies(exchange) if policy.app_id == client_id]
    if not any(mark in policy.description for policy in every):  # else an earlier run may have consented
        yield from _consented(settings, held_already(graph, principal, wanted))
    others = other_grants(graph, principal, wanted)
    for grant in not_accepted(others, settings.accepted_permissions):
        yield Problem(
            key,
            client_id,
            f"the application holds {grant} already, beyond what PlaceOS needs",
            f"remove that consent in Entra, or accept it: acceptedPermissions: {_listed(grant.accepted_as)}",
        )
    for role in application_roles(exchange, principal):
        if role not in settings.accepted_permissions:
            yield Problem(
                key,
                client_id,
                f"the application holds the role {role} in Exchange, which no access policy limits",
                f"Remove-ManagementRoleAssignment, or accept it: acceptedPermissions: {_listed(role)}",
            )
    for policy in every:
        if policy.identity not in settings.accepted_policies and mark not in policy.description:
            yield Problem(
                key,
                client_id,
                f"it has the access policy {policy.identity} ({policy.access_right}) already",
                f"remove the policy in Exchange, or accept it: acceptedPolicies: {_listed(policy.identity)}",
            )


def _listed(value: str) -> str:
    """As the settings take it, quotes inside of it included."""
    return json.dumps([value], ensure_ascii=False)


def _entra_roles(graph: GraphApi, principal: str) -> list[str]:
    """The names of the roles that it was given directly, on whatever; the id of one without a name."""
    held = directory_roles.held(graph, principal)
    names = directory_roles.names(graph) if held else {}
    return sorted({names.get(role, role) for role, _ in held})


def _consented(settings: Settings, held: Collection[str]) -> Iterator[Problem]:
    """Permissions that PlaceOS needs and somebody consented to: kept when accepted, else a second consent."""
    client_id = settings.application_client_id
    for permission in settings.permissions:
        accepted = permission.name in settings.accepted_permissions
        if permission.name in held and not accepted:
            yield Problem(
                "applicationClientId",
                client_id,
                f"the application holds {permission.name} already, and somebody may be using it",
                f"remove that consent in Entra, or keep it: acceptedPermissions: {_listed(permission.name)}",
            )
        elif accepted and permission.name not in held:
            yield Problem(
                "acceptedPermissions",
                permission.name,
                "PlaceOS needs it, and the application does not hold it, so there is no consent to keep",
                "take it out of acceptedPermissions: this stack then consents to it",
            )
