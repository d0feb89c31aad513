"""What an application may do in the name of people, told once however many they are."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from drift import commands
from drift.counted import counted
from drift.facts import MOST, facts
from drift.finding import Finding
from drift.granted import WHERE, called
from drift.tenant import Tenant
from exchange.other_grants import scope_opens_mailboxes
from graph.api import Document, GraphApi
from permissions import Level

# What signing in itself takes (learn.microsoft.com/entra/identity-platform/scopes-oidc).
_OF_SIGN_IN = frozenset({"openid", "profile", "email", "offline_access", "User.Read"})
_ALL = "https://learn.microsoft.com/entra/identity/enterprise-apps/manage-application-permissions says"


@dataclass(frozen=True)
class InTheNameOf:
    """A grant; person: an object id, "" for everybody. service: an object id. others: scopes beside these."""

    id: str
    person: str
    service: str
    scopes: tuple[str, ...]
    others: tuple[str, ...] = ()

    @property
    def kind(self) -> tuple[str, tuple[str, ...], bool]:
        """What grants have in common that are told together."""
        return self.service, self.scopes, not self.person

    @property
    def whose(self) -> str:
        """The person in words; "" for everybody."""
        return f"the person {self.person}" if self.person else ""

    def without(self, graph: GraphApi) -> str:
        """The command that takes the scopes away and leaves the others."""
        path = f"/oauth2PermissionGrants/{self.id}"
        if self.others:
            return commands.patch(graph, path, {"scope": " ".join(self.others)})
        return commands.delete(graph, path)


def delegated_permissions(tenant: Tenant) -> Iterator[Finding]:
    """Each service and set of scopes that it may use so; the code never grants one.

    People sign in with an existing application: of that only what opens mailboxes is told.
    """
    held = read(tenant.entries("delegated grants"))
    for of in together(that_open_mailboxes(tenant, held) if tenant.code.existing else held):
        scopes, service = of[0].scopes, called(tenant.service(of[0].service), of[0].service)
        whose = "single people" if of[0].person else "everybody"
        yield Finding(
            rule="delegated-grant",
            subject=f"{' '.join(scopes)} of {service} in the name of {whose}",
            what=f"it may use {', '.join(scopes) or 'no scope'} of {service} in the name of {in_words(of)}",
            where=WHERE,
            level=_level(tenant, of[0]),
            holds=facts(one.whose for one in of),
            repair=_without(tenant, of, ()),
            sparing=partial(_without, tenant, of),
        )


def read(grants: Iterable[Document]) -> list[InTheNameOf]:
    """As Graph tells of them: https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant ."""
    return [
        InTheNameOf(
            id=str(one["id"]),
            person=str(one.get("principalId") or "").lower(),
            service=str(one["resourceId"]).lower(),
            scopes=tuple(sorted(set(str(one.get("scope") or "").split()))),
        )
        for one in grants
    ]


def that_open_mailboxes(tenant: Tenant, grants: Iterable[InTheNameOf]) -> list[InTheNameOf]:
    """Those with scopes that do, which all their other scopes then stand beside."""
    found = []
    for one in grants:
        opening = tuple(scope for scope in one.scopes if _opens(tenant, one, scope))
        others = tuple(scope for scope in one.scopes if scope not in opening)
        found += [replace(one, scopes=opening, others=others)] if opening else []
    return found


def together(grants: Iterable[InTheNameOf]) -> list[tuple[InTheNameOf, ...]]:
    """Those of one kind, sorted by person: ten thousand people who sign in are one finding."""
    alike: dict[tuple[str, tuple[str, ...], bool], list[InTheNameOf]] = {}
    for one in sorted(grants, key=lambda one: (one.person, one.id)):
        alike.setdefault(one.kind, []).append(one)
    return [tuple(alike[kind]) for kind in sorted(alike)]


def in_words(of: Sequence[InTheNameOf]) -> str:
    """In whose names these are."""
    return counted(len(of), "person", "people") if of[0].person else "everybody"


def _without(tenant: Tenant, of: Sequence[InTheNameOf], accepted: Collection[str]) -> str:
    """A line for each of the first: ten thousand would hide all that is told after them."""
    open_ = [one for one in of if one.whose not in accepted]
    lines = [one.without(tenant.graph) for one in open_[:MOST]]
    if more := open_[MOST:]:
        lines.append(
            commands.note(f"{in_words(more)} more: look again after these, or take all away as {_ALL}")
        )
    return "\n".join(lines)


def _opens(tenant: Tenant, grant: InTheNameOf, scope: str) -> bool:
    return scope_opens_mailboxes(tenant.service(grant.service).app_id, scope)


def _level(tenant: Tenant, grant: InTheNameOf) -> Level:
    if _OF_SIGN_IN.issuperset(grant.scopes):
        return Level.LOW
    opens = any(_opens(tenant, grant, one) for one in grant.scopes)
    return Level.CRITICAL if opens and not grant.person else Level.HIGH
