"""What of the tenant would stop a run, or bite it, beside the rights of who deploys."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from clock import Clock
from exchange import policies
from exchange.admin_api import ExchangeAdmin
from exchange.organization import organization
from exchange.records import RESTRICT
from exchange.rooms import list_rooms
from graph import applications
from graph.api import GraphApi
from graph.conditional_access import blocking
from graph.containment import containment
from graph.registrations import user_id
from graph.restorable import deleted_named
from graph.service_principals import find_service_principal
from graph.sign_ins import NoLog, last_sign_ins
from graph.token_lifetimes import USUAL, longest_token
from permissions import GRAPH_APP_ID
from prerequisites import Asker, NewNames, Question, own_groups, questions, secret_problems
from resource_manager.api import ResourceManager
from rights import Role
from roomctl.deployer_identity import Identity
from roomctl.look import Look, Row, Section, Service
from settings import Problem, Settings
from wire import NotAuthorised, NotFound

_GRAPH, _EXCHANGE = frozenset({Service.GRAPH}), frozenset({Service.EXCHANGE})
_BOTH = _GRAPH | _EXCHANGE
_SIGN_IN_LOG = "AuditLog.Read.All"
_NO_ROOMS = "without a room the group would be empty"
_NO_OWNER = "an owner that is not found stops the run"
_QUESTIONS: Mapping[str, tuple[str, str]] = {
    "application": (
        "a namesake, or what an existing application may open already, stops the run",
        "nothing is in its way",
    ),
    "rooms": ("a room that PlaceOS can't open stays dark", "each is a room mailbox of this tenant"),
    "staff": ("a mailbox that PlaceOS can't open stops the run", "each is a mailbox of this tenant"),
    "groups": ("a name, alias or address that somebody has stops the run", "nobody else has them"),
    "owner": ("who owns the group decides what PlaceOS reaches", "a person of this tenant"),
    "staff group": ("an access policy takes a mail-enabled security group only", "it fits an access policy"),
    "key vault": (
        "a wrong vault, or a name that is taken, stops the run",
        "it is there, and the name is free",
    ),
    "denied mailboxes": ("a refusal that proves nothing is no proof", "each proves something"),
}


@dataclass(frozen=True)
class Asked:
    """What is looked at, and with what. settings: None when they can't be used."""

    settings: Settings | None
    mark: str
    identity: Identity
    graph: Callable[[], GraphApi]
    exchange: Callable[[], ExchangeAdmin]
    azure: Callable[[], ResourceManager]
    clock: Callable[[], Clock]

    def application_id(self) -> str:
        """The object id of the application, or "" while it is still to be made."""
        settings = self.settings
        if settings is None:
            return ""
        if settings.application_client_id:
            found = applications.by_client_id(self.graph(), settings.application_client_id)
            return found.object_id if found else ""
        named = applications.named(self.graph(), settings.application_name)
        return next((one.object_id for one in named if self.mark in one.notes), "")


def tenant_looks(asked: Asked) -> list[Look]:
    """The looks at the tenant itself: those that need no settings, then those that do."""
    tenant = partial(Look, Section.TENANT)
    looks = [
        tenant(
            "organization",
            "Exchange takes role groups and assignments of a customized organization only",
            partial(_organization, asked),
            _EXCHANGE,
        ),
        tenant(
            "policies for every application",
            "they have a say over PlaceOS, too, so the proof fails",
            partial(_policies_for_all, asked),
            _EXCHANGE,
        ),
        tenant(
            "token lifetimes",
            "what is taken away keeps working as long as a token lives",
            partial(_token_lifetimes, asked),
            _GRAPH,
        ),
        tenant(
            "Conditional Access",
            "an application that is blocked gets no token (AADSTS53003)",
            partial(_conditional_access, asked),
            _GRAPH,
        ),
        tenant(
            "sign-in log",
            "it says which client secret is in use, and takes the licence Entra ID P1",
            partial(_sign_in_log, asked),
            _GRAPH,
        ),
    ]
    return looks if asked.settings is None else [*looks, *_looks_for(asked, asked.settings)]


def _looks_for(asked: Asked, settings: Settings) -> list[Look]:
    """Those that need settings."""
    tenant = partial(Look, Section.TENANT)
    looks = [
        tenant(
            "group naming policy",
            "a group that gets another name, or none, stops the run",
            partial(_group_names, asked, settings),
            _EXCHANGE,
        ),
        tenant(
            "app management policies",
            "PlaceOS can sign in with a client secret only",
            partial(_client_secrets, asked, settings),
            _GRAPH,
        ),
    ]
    if not settings.application_client_id:  # the settings' looks tell it of an existing one
        looks += [
            tenant("containment", "no run makes anything until it ends", partial(_contained, asked), _GRAPH),
            tenant(
                "deleted namesakes",
                "one that is restored has its permissions again",
                partial(_deleted_namesakes, asked, settings),
                _GRAPH,
            ),
        ]
    return looks


def settings_looks(asked: Asked, settings: Settings) -> list[Look]:
    """What the settings name, as if nothing of it had been made: what carries the stack's mark is its own."""
    if asked.identity.deployer is None:
        return [Look(Section.SETTINGS, "what the settings name", "what is taken stops the run", _none, _BOTH)]
    # The rights to write have rows of their own.
    asker = Asker(asked.mark, asked.identity.client_id, asked.identity.tenant_id, Role.READ)
    new = NewNames.of(settings, {}, "")
    every = questions(settings, new, asker, asked.exchange(), asked.graph(), azure=asked.azure)
    looks = [
        Look(
            Section.SETTINGS,
            about,
            _QUESTIONS[about][0],
            partial(_unmet, question, _QUESTIONS[about][1]),
            _BOTH,
        )
        for about, question in every.items()
    ]
    if settings.every_room_mailbox:
        looks.append(Look(Section.SETTINGS, "rooms", _NO_ROOMS, partial(_every_room, asked), _EXCHANGE))
    if named := [owner for owner in settings.application_owners if "@" in owner]:
        owners = partial(_application_owners, asked, named)
        looks.append(Look(Section.SETTINGS, "applicationOwners", _NO_OWNER, owners, _GRAPH))
    return looks


def _none(_: Look) -> Iterator[Row]:
    return iter(())


def _every_room(asked: Asked, look: Look) -> Iterator[Row]:
    if found := list_rooms(asked.exchange()):
        yield look.fine(f"{len(found)} room and equipment mailboxes")
    else:
        yield look.found("the tenant has none", "create the mailboxes first", about="everyRoomMailbox: true")


def _application_owners(asked: Asked, owners: list[str], look: Look) -> Iterator[Row]:
    missing = False
    for owner in owners:
        try:
            user_id(asked.graph(), owner)
        except NotFound:
            missing = True
            about = f"applicationOwners: {owner}"
            yield look.found("nobody in the tenant is called so", "correct it, or take it out", about=about)
    if not missing:
        yield look.fine("people of this tenant")


def _unmet(question: Question, fine: str, look: Look) -> Iterator[Row]:
    problems = list(question())
    if not problems:
        yield look.fine(fine)
    for problem in problems:
        yield of_problem(look, problem)


def of_problem(look: Look, problem: Problem, undo: str = "") -> Row:
    """A setting that can't be used, as a row."""
    about = problem.key if problem.value is None else f"{problem.key}: {problem.value}"
    return look.found(problem.reason, problem.fix, undo, about=about)


def _organization(asked: Asked, look: Look) -> Iterator[Row]:
    found = organization(asked.exchange())
    asked.identity.tenant_name = found.name
    if found.is_dehydrated:
        yield look.found(
            "nobody has customized it yet; whether it takes access policies before is not known",
            "Enable-OrganizationCustomization, once, in Exchange Online PowerShell, as an Exchange "
            "Administrator; it is in force within the hour",
            "none: it stays",
        )
    else:
        yield look.fine("customized")


def _group_names(asked: Asked, settings: Settings, look: Look) -> Iterator[Row]:
    found = organization(asked.exchange())
    names = [one.name for one in own_groups(settings)]
    for name in names:
        blocked = [word for word in found.blocked_words if word.casefold() in name.casefold()]
        if blocked:
            yield look.found(
                f"the name {name} holds {', '.join(blocked)}, which the policy blocks; groups are made with "
                "IgnoreNamingPolicy, and whether that passes over blocked words is not known",
                "write another roomGroupName or staffGroupName",
            )
            return
    if found.naming_policy:
        yield look.fine(f"{found.naming_policy}; the groups made here pass over it by IgnoreNamingPolicy")
    else:
        yield look.fine("none that changes a name")


def _policies_for_all(asked: Asked, look: Look) -> Iterator[Row]:
    accepted = asked.settings.accepted_policies if asked.settings else ()
    named = [one for one in policies.list_policies(asked.exchange()) if one.app_id == "*"]
    found = [one for one in named if one.identity not in accepted]
    for one in found:
        does = "opens its group's mailboxes to" if one.access_right == RESTRICT else "closes mailboxes to"
        yield look.found(
            f"the {one.access_right} policy {one.identity} {does} every application, PlaceOS too",
            f"give the applications that need it policies of their own, then Remove-ApplicationAccessPolicy "
            f"-Identity '{one.identity}'",
            f"New-ApplicationAccessPolicy -AppId '*' -AccessRight {one.access_right} -PolicyScopeGroupId "
            f"{one.group_object_id or 'ID'}",
        )
    if not found:
        yield look.fine("none")


def _token_lifetimes(asked: Asked, look: Look) -> Iterator[Row]:
    graph = asked.graph()
    longest = longest_token(graph, asked.application_id(), "", find_service_principal(graph, GRAPH_APP_ID))
    minutes = int(longest.total_seconds() // 60)
    if longest > USUAL:
        yield look.found(
            f"a token may live for {minutes} minutes, in place of {int(USUAL.total_seconds() // 60)}",
            "shorten AccessTokenLifetime, or take the policy away: Get-MgPolicyTokenLifetimePolicy, "
            "Update-MgPolicyTokenLifetimePolicy",
            "Update-MgPolicyTokenLifetimePolicy, with the lifetime of before",
        )
    else:
        yield look.fine(f"at most {minutes} minutes")


def _conditional_access(asked: Asked, look: Look) -> Iterator[Row]:
    graph, application = asked.graph(), asked.application_id()
    principal = ""
    if application and (known := applications.application(graph, application)):
        principal = find_service_principal(graph, known.app_id)
    found = [one for one in blocking(graph) if one.blocks(principal)]
    for one in found:
        where = ", from places that it does not trust" if one.by_place else ""
        whom = "may block" if one.by_attribute else "blocks"
        yield look.found(
            f"the policy {one.name} {whom} PlaceOS's application{where}",
            f"Entra, Conditional Access, {one.name}: trust the places where this and PlaceOS run, or exclude "
            "the application, which is there once the first run has stopped",
            f"Entra, Conditional Access, {one.name}: take the exception away",
        )
    if not found:
        yield look.fine("no policy blocks it")


def _sign_in_log(asked: Asked, look: Look) -> Iterator[Row]:
    claims = asked.identity.on_graph
    if claims is None or not claims.is_application:
        yield look.not_looked("there is no token of an application")
        return
    if _SIGN_IN_LOG not in claims.permissions:
        yield look.fine(f"not used: the deployer has no {_SIGN_IN_LOG}, and no run takes it")
        return
    try:
        last_sign_ins(asked.graph(), claims.client_id)
    except NotAuthorised as error:
        if NoLog.of(error) is not NoLog.NO_LICENCE:
            raise
        yield look.found(
            "the tenant has no Entra ID P1, so nobody is told",
            f"Entra ID P1 for the tenant, or take {_SIGN_IN_LOG} away from the deployer",
            "none",
        )
    else:
        yield look.fine("it may be read")


def _client_secrets(asked: Asked, settings: Settings, look: Look) -> Iterator[Row]:
    now = settings.clock or asked.clock().now()
    problems = list(secret_problems(settings, asked.application_id() or None, now, asked.graph()))
    for problem in problems:
        yield of_problem(look, problem, "take the exemption away")
    if not problems:
        yield look.fine(f"a client secret may live for two periods, {2 * settings.rotation_period_days} days")


def _contained(asked: Asked, look: Look) -> Iterator[Row]:
    object_id = asked.application_id()
    known = applications.application(asked.graph(), object_id) if object_id else None
    if known and (found := containment(known.notes)):
        yield look.found(
            f"the application is contained since {found.since} by {found.by}",
            f"once the leak is closed: roomctl resume --client-id {known.app_id}",
        )
    else:
        yield look.fine("the application is not contained" if known else "there is no application yet")


def _deleted_namesakes(asked: Asked, settings: Settings, look: Look) -> Iterator[Row]:
    deleted = deleted_named(asked.graph(), settings.application_name)
    others = [one for one in deleted if asked.mark not in one.notes]
    for one in others:
        yield look.found(
            f"a deleted {settings.application_name}, client id {one.app_id}, can be restored until 30 days "
            f"after {one.deleted[:10]}",
            "Entra, App registrations, Deleted applications: delete it permanently, if nobody wants it back; "
            "or write another applicationName",
            "none: it is gone for good",
        )
    if not others:
        yield look.fine("none" if not deleted else "only this stack's own, of an earlier run")
