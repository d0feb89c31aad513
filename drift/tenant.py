"""The tenant as drift looks at it: each thing is asked once, however many looks need it."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Self

from drift.code import Code, CodeGroup
from drift.once import Once
from exchange import directory, groups, members, policies
from exchange.admin_api import ExchangeAdmin, Record
from exchange.records import AccessPolicy, Recipient, SecurityGroup
from graph import directory_roles
from graph.api import Document, GraphApi
from graph.shape import Shape
from graph.together import Question, Reply, ask
from wire import Invalid, NotFound, Transient, WireError, in_parallel

_TEXT, _REDIRECTS = str | None, {"redirectUris": list}
_CREDENTIALS: Shape = {"displayName": _TEXT, "passwordCredentials": list, "keyCredentials": list}
# https://learn.microsoft.com/graph/api/resources/application
_APPLICATION: Shape = {
    **_CREDENTIALS,
    "notes": _TEXT,
    "signInAudience": str,
    "web": {
        **_REDIRECTS,
        "implicitGrantSettings": {"enableAccessTokenIssuance": bool, "enableIdTokenIssuance": bool},
    },
    "spa": _REDIRECTS,
    "publicClient": _REDIRECTS,
    "isFallbackPublicClient": bool | None,
    "identifierUris": list,
    "requiredResourceAccess": list,
    "tags": list,
    "api": {"oauth2PermissionScopes": list, "preAuthorizedApplications": list},
}
# https://learn.microsoft.com/graph/api/resources/serviceprincipal
_PRINCIPAL: Shape = {
    **_CREDENTIALS,
    "accountEnabled": bool,
    "notes": _TEXT,
    "appRoleAssignmentRequired": bool,
    "tags": list,
}
_HOLDER = "id,displayName,mailEnabled,groupTypes,membershipRule"
LOOKS_LIKE = "PlaceOS"
"""How the names of principals begin that look like PlaceOS's, in whatever case."""
_UNSEEN = ("", " ", "\u00a0", "\u00ad", "\u200b", "\u200c", "\u200d", "\u200e", "\u2060", "\ufeff")
"""What may stand before that without being seen."""


@dataclass(frozen=True)
class Grant:
    """An app role that somebody holds on a service; since: when it was granted."""

    id: str
    role: str
    resource: str
    resource_name: str
    since: str

    @classmethod
    def of(cls, document: Document) -> Self:
        """From an appRoleAssignment."""
        return cls(
            id=str(document["id"]),
            role=str(document["appRoleId"]).lower(),
            resource=str(document["resourceId"]).lower(),
            resource_name=str(document.get("resourceDisplayName") or ""),
            since=str(document.get("createdDateTime") or ""),
        )


@dataclass(frozen=True)
class Service:
    """A service that offers app roles: its client id, and the names of the roles by their ids."""

    app_id: str
    roles: Mapping[str, str]


class Tenant:
    """Asks Microsoft Graph and Exchange about one stack; every method may raise a WireError.

    id: the tenant's own. replaced: the service principal that the state knows, by its object id, where the
    application has another one now, which is then the code's; else "".
    """

    def __init__(self, id_: str, graph: GraphApi, exchange: ExchangeAdmin, code: Code) -> None:
        self.id = id_
        self.graph = graph
        self.exchange = exchange
        self.code = code
        self.replaced = ""
        self._replies = Once(lambda: ask(graph, _questions(code)))
        self._more_replies = Once(lambda: ask(graph, self._more_questions()))
        self._documents: dict[str, Once[Document]] = {}
        self._lists: dict[str, Once[list[Document]]] = {}
        self.policies = Once(lambda: policies.list_policies(exchange))
        self.group_notes = Once(lambda: groups.security_groups_notes(exchange))
        self._members: dict[str, Once[list[Recipient] | None]] = {}
        self._services: dict[str, Once[Service]] = {}
        self._mailboxes = Once(lambda: _mailboxes(exchange))
        self._assignments: Once[list[Record]] = Once(
            lambda: exchange.run("Get-ManagementRoleAssignment", RoleAssigneeType="ServicePrincipal")
        )

    def document(self, name: str) -> Document:
        """The object that the question of this name asks for."""
        return self._documents.setdefault(name, Once(self._replies()[name].document))()

    def entries(self, name: str) -> list[Document]:
        """The list that it asks for."""
        return self._lists.setdefault(name, Once(self._replies()[name].entries))()

    def gone(self) -> dict[str, str]:
        """What of the application and its service principal is not in the tenant, by its path in Graph."""
        code = self.code
        named = {"application": _application(code), "principal": _principal(code.principal)}
        said = {"application": "the application", "principal": "the service principal"}
        gone = [name for name in named if self._is_gone(name)]
        if "principal" in gone and self.principals():
            gone.remove("principal")
        return {named[name]: said[name] for name in gone}

    def principals(self) -> list[Document]:
        """The service principal of the application, whatever its object id: Entra has one, or none."""
        return self.entries("principals")

    def as_it_is(self) -> "Tenant":
        """The tenant with the service principal that is there now, where somebody made it again.

        The application's credentials sign in with that one, whoever made it and whatever it holds.
        """
        if not self._is_gone("principal") or not self.principals():
            return self
        there = str(self.principals()[0]["id"]).lower()
        made_again = Tenant(self.id, self.graph, self.exchange, replace(self.code, principal=there))
        made_again.replaced = self.code.principal
        return made_again

    def grants(self) -> list[Grant]:
        """The app roles that the principal holds, on whatever service."""
        return [Grant.of(one) for one in self.entries("grants")]

    def grants_of(self, principal: str) -> list[Grant]:
        """The same of another principal, one that is named alike."""
        return [Grant.of(one) for one in self._more(_grants_of(principal)).entries()]

    def delegated_grants_of(self, principal: str) -> list[Document]:
        """The grants by which it may act in the name of people."""
        return self._more(_delegated_grants_of(principal)).entries()

    def alike(self) -> list[Document]:
        """The other principals of PlaceOS's name."""
        return [one for one in self.entries("alike") if str(one["id"]).lower() != self.code.principal]

    def directory_roles_of(self, principal: str) -> set[str]:
        """The directory roles that such a principal holds in the whole tenant, by template id."""
        held = self._more(_roles_where("principalId", principal)).entries()
        return {
            str(one["roleDefinitionId"]).lower()
            for one in held
            if one["directoryScopeId"] == directory_roles.WHOLE_TENANT
        }

    def notes_of(self, client_id: str) -> str:
        """The notes of this other application's registration; "" for one of another tenant."""
        found = self._more(_registration_of(client_id)).entries()
        return str(found[0]["notes"] or "") if found else ""

    def service(self, object_id: str) -> Service:
        """The service of this object id."""
        return self._services.setdefault(
            object_id, Once(lambda: _service(self._more(_service_of(object_id)).document()))
        )()

    def naming(self) -> list[AccessPolicy]:
        """The access policies that have a say over the application."""
        return [one for one in self.policies() if one.names(self.code.client_id)]

    def members(self, group: str) -> list[Recipient] | None:
        """The direct members of the group with this object id; None when there is no such group."""
        known = self._members.setdefault(group, Once(lambda: members.list_members(self.exchange, group)))
        return known()

    def groups(self) -> list[CodeGroup]:
        """The groups of the scope that are there."""
        return [one for one in self.code.groups if self.members(one.object_id) is not None]

    def everybody(self, groups: Iterable[str]) -> dict[str, Recipient]:
        """Who is in these groups and in the groups in them, by address or else object id.

        A policy may name a mailbox in place of a group: it is itself. What is gone is nobody; Invalid for
        anything else whose members Exchange does not list.
        """
        asked = sorted(set(groups))
        found = in_parallel(self._inside, asked)
        return members.by_address(members.expanded((one for of in found for one in of), self.members))

    def expected(self, group: CodeGroup) -> Mapping[str, str]:
        """Who should be in the group, by address: the code's list, else who is there."""
        if group.members is not None:
            return group.members
        return {address: one.name for address, one in self.everybody([group.object_id]).items()}

    def group(self, object_id: str) -> SecurityGroup:
        """The group of the scope with this object id, without its notes; `groups` says that it is there.

        Transient when Exchange lists its members and does not show the group itself: how it is locked is
        unknown then.
        """
        found = groups.find(self.exchange, object_id, notes="")
        if found is None:
            raise Transient(
                "Exchange",
                f"Get-DistributionGroup {object_id}",
                "it lists the members of the group and does not show the group itself",
            )
        return found

    def mailboxes(self) -> list[str]:
        """The addresses of every mailbox of the tenant."""
        return self._mailboxes()

    def exchange_roles(self) -> list[Record]:
        """The roles in Exchange that applications hold (RBAC for Applications), of every application."""
        return self._assignments()

    def _inside(self, scope: str) -> list[Recipient]:
        found = self.members(scope)
        if found:
            return found
        known = directory.find(self.exchange, [scope]).get(scope.lower())
        if known is None or known.type_details in members.GROUPS:
            return []
        if known.is_mailbox:
            return [known]
        raise Invalid(
            "Exchange",
            f"telling who is in {known.address or scope}",
            f"it is a {known.type_details}, which is neither a mailbox nor a group that lists its members",
            advice="Let the policy name a mail-enabled security group.",
        )

    def _is_gone(self, name: str) -> bool:
        try:
            self.document(name)
        except NotFound:
            return True
        return False

    def _more(self, question: Question) -> Reply:
        known = self._more_replies()
        return known.get(question.url) or ask(self.graph, {question.url: question})[question.url]

    def _more_questions(self) -> dict[str, Question]:
        """What the first answers lead to, by address; those that failed are told by the looks at them."""
        found: list[Question] = []
        with suppress(WireError):
            for one in self.alike():
                found += [
                    _grants_of(str(one["id"])),
                    _delegated_grants_of(str(one["id"]).lower()),
                    _registration_of(str(one["appId"]).lower()),
                    _roles_where("principalId", str(one["id"]).lower()),
                ]
        for grants in ("grants", "delegated grants"):
            with suppress(WireError):
                found += [_service_of(str(one["resourceId"]).lower()) for one in self.entries(grants)]
        return {one.url: one for one in found}


def _mailboxes(exchange: ExchangeAdmin) -> list[str]:
    records = exchange.run("Get-Mailbox", select=("PrimarySmtpAddress",), ResultSize="Unlimited")
    return [str(one["PrimarySmtpAddress"]).lower() for one in records]


def _application(code: Code) -> str:
    return f"/applications/{code.application}"


def _principal(object_id: str) -> str:
    return f"/servicePrincipals/{object_id}"


def _grants_of(principal: str) -> Question:
    return Question(f"{_principal(principal)}/appRoleAssignments")


def _delegated_grants_of(principal: str) -> Question:
    return Question(f"{_principal(principal)}/oauth2PermissionGrants")


def _registration_of(client_id: str) -> Question:
    return Question("/applications", {"$filter": f"appId eq '{client_id}'", "$select": "id,appId,notes"})


def _service_of(object_id: str) -> Question:
    return _object(_principal(object_id), {"id": object_id, "appId": str, "appRoles": list})


def _object(path: str, shape: Shape) -> Question:
    return Question(path, {"$select": ",".join(shape)}, shape)


def _roles_where(name: str, value: str) -> Question:
    """Entra roles: https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments ."""
    return Question("/roleManagement/directory/roleAssignments", {"$filter": f"{name} eq '{value}'"})


def _service(document: Document) -> Service:
    roles = {str(one["id"]).lower(): str(one.get("value") or "") for one in document["appRoles"]}
    return Service(str(document["appId"]).lower(), roles)


def _questions(code: Code) -> dict[str, Question]:
    """What Graph is asked about the principal, in one request as long as there are few groups."""
    application, principal = _application(code), _principal(code.principal)
    client: Shape = {"appId": code.client_id}
    alike = " or ".join(f"startswith(displayName,'{unseen}{LOOKS_LIKE}')" for unseen in _UNSEEN)
    names_alike = {"$filter": alike, "$select": "id,appId,displayName"}
    return {
        "application": _object(
            application, {"id": code.application, "appId": code.client_id, **_APPLICATION}
        ),
        "owners": Question(f"{application}/owners", {"$select": "id"}),
        "federated credentials": Question(f"{application}/federatedIdentityCredentials"),
        "principal": _object(principal, {"id": code.principal, **client, **_PRINCIPAL}),
        "principals": Question("/servicePrincipals", {"$filter": f"appId eq '{code.client_id}'"}),
        "principal's owners": Question(f"{principal}/owners", {"$select": "id"}),
        "owned": Question(f"{principal}/ownedObjects", {"$select": "id,displayName"}),
        "grants": _grants_of(code.principal),
        "delegated grants": _delegated_grants_of(code.principal),
        "memberships": Question(f"{principal}/transitiveMemberOf"),
        "direct memberships": Question(f"{principal}/memberOf"),
        "directory roles": _roles_where("principalId", code.principal),
        "roles over the application": _roles_where("directoryScopeId", f"/{code.application}"),
        "roles over the service principal": _roles_where("directoryScopeId", f"/{code.principal}"),
        "alike": Question("/servicePrincipals", names_alike),
        **{
            f"groups that hold {one.object_id}": Question(
                f"/groups/{one.object_id}/memberOf", {"$select": _HOLDER}
            )
            for one in code.groups
            if not one.is_somebody_else_s
        },
    }
