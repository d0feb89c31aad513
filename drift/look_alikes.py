"""Other principals that look like PlaceOS's and open mailboxes."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import permissions
from drift import delegated, exchange_roles, memberships
from drift.another_stack import is_another_stack_s, limiting
from drift.counted import counted
from drift.delegated import InTheNameOf
from drift.facts import facts
from drift.finding import Finding
from drift.tenant import Grant, Tenant
from exchange.admin_api import Record
from exchange.application_roles import accepted_as, scope_of
from exchange.other_grants import can_grant_itself, role_opens_mailboxes
from exchange.records import AccessPolicy
from graph import directory_roles
from permissions import Level
from rights import RIGHTS, On

_OF_DEPLOYERS = frozenset(one.name for one in RIGHTS if one.on in {On.GRAPH, On.EXCHANGE_ONLINE})


@dataclass(frozen=True)
class _Held:
    """What one of them opens mailboxes with: consents by name, roles in Exchange; limiting policies.

    as_people: consents in people's names, which no policy limits, as they are told together. of_a_stack: a
    stack of this code may hold each of the consents. keys: Entra's roles that lead to all of the tenant, by
    name, but for the one that a deployer has that the code knows.
    """

    consents: tuple[str, ...]
    roles: tuple[Record, ...]
    as_people: tuple[tuple[InTheNameOf, ...], ...]
    limiting: tuple[AccessPolicy, ...]
    of_a_stack: bool
    keys: tuple[str, ...]

    @property
    def is_no_more_than_a_deployer(self) -> bool:
        """Whether it opens nothing but by rights of a deployer, whose name begins with PlaceOS, too."""
        return not (self.roles or self.keys or self.as_people) and _OF_DEPLOYERS.issuperset(self.consents)

    @property
    def beyond_a_stack(self) -> bool:
        """Whether no stack of this code would hold it, whatever is written on its policies."""
        return bool(self.roles or self.keys or self.as_people) or not self.of_a_stack

    @property
    def opens_everything(self) -> bool:
        """A role is limited by its own scope alone, and a consent by policies."""
        unlimited = any(not scope_of(one) for one in self.roles)
        by_consent = bool(self.consents) and not self.limiting
        return unlimited or by_consent or bool(self.keys) or any(map(can_grant_itself, self.consents))

    @property
    def as_everybody(self) -> bool:
        """Whether it acts in everybody's name."""
        return any(not of[0].person for of in self.as_people)

    @property
    def in_words(self) -> str:
        """All of it, by name."""
        as_people = (f"{_scopes(of[0])} in the name of {delegated.in_words(of)}" for of in self.as_people)
        return ", ".join([*self.consents, *as_people, *self._roles])

    @property
    def named(self) -> list[str]:
        """The same one by one, each person's consent, too."""
        as_people = (
            f"{_scopes(one)} in the name of {one.whose or 'everybody'}" for of in self.as_people for one in of
        )
        return [*self.consents, *as_people, *self._roles]

    @property
    def _roles(self) -> list[str]:
        in_exchange = sorted({_named(one) for one in self.roles})
        return [*in_exchange, *(f"the Entra role {one}" for one in self.keys)]


def look_alikes(tenant: Tenant) -> Iterator[Finding]:
    """Those of PlaceOS's name, with what they open, but for those that another stack of this code limits."""
    for one in tenant.alike():
        client_id = str(one["appId"]).lower()
        held = _held(tenant, str(one["id"]).lower(), client_id)
        limited_by_a_stack = not held.beyond_a_stack and is_another_stack_s(tenant, client_id)
        if held.is_no_more_than_a_deployer or limited_by_a_stack:
            continue
        yield Finding(
            rule="look-alike",
            subject=client_id,
            what=f"{one.get('displayName')} ({client_id}) holds {held.in_words} and opens "
            f"{_reach(tenant, held)}",
            where="Entra, Enterprise applications",
            level=Level.CRITICAL if held.opens_everything or held.as_everybody else Level.MODERATE,
            holds=facts([*held.named, *_inside(tenant, held)]),
            repair=f"# if nobody uses it (its sign-ins say so):\naz ad sp delete --id {client_id}",
        )


def _held(tenant: Tenant, principal: str, client_id: str) -> _Held:
    opening = {grant: name for grant in tenant.grants_of(principal) if (name := _opening(tenant, grant))}
    roles = exchange_roles.of_principal(tenant, principal)
    in_names = delegated.read(tenant.delegated_grants_of(principal))
    as_people = delegated.together(delegated.that_open_mailboxes(tenant, in_names))
    return _Held(
        consents=tuple(sorted(set(opening.values()))),
        roles=tuple(roles),
        as_people=tuple(as_people),
        limiting=tuple(limiting(tenant, client_id)),
        of_a_stack=all(_grantable(tenant, grant) for grant in opening),
        keys=_keys(tenant, principal),
    )


def _grantable(tenant: Tenant, grant: Grant) -> bool:
    known = permissions.by_id(tenant.service(grant.resource).app_id, grant.role)
    return known is not None and known.grantable


def _keys(tenant: Tenant, principal: str) -> tuple[str, ...]:
    """An owner of the application that the code names deploys it, and may administer Exchange for that."""
    of_a_deployer = {directory_roles.EXCHANGE_ADMINISTRATOR} if principal in tenant.code.owners else set()
    held = tenant.directory_roles_of(principal) & (memberships.KEYS_OF_THE_TENANT - of_a_deployer)
    names = directory_roles.names(tenant.graph) if held else {}
    return tuple(sorted(names.get(one, one) for one in held))


def _reach(tenant: Tenant, held: _Held) -> str:
    if held.opens_everything:
        return "every mailbox of the tenant"
    opened = [counted(len(_inside(tenant, held)), "mailbox", "mailboxes")] if held.consents else []
    by_role = ["whom that scope matches"] if held.roles else []
    as_people = ["the mailboxes of those in whose name it acts"] if held.as_people else []
    return " and ".join([*opened, *by_role, *as_people])


def _inside(tenant: Tenant, held: _Held) -> Collection[str]:
    """The mailboxes to which policies limit what it was consented to; none where they limit nothing."""
    limited = held.consents and not held.opens_everything
    return tenant.everybody(one.group_object_id for one in held.limiting) if limited else ()


def _opening(tenant: Tenant, grant: Grant) -> str:
    """The name of a permission that opens mailboxes; "" for one that does not."""
    service = tenant.service(grant.resource)
    name = service.roles.get(grant.role, "")
    opens = role_opens_mailboxes(service.app_id, grant.role, name)
    return (name or f"app role {grant.role}") if opens else ""


def _scopes(grant: InTheNameOf) -> str:
    return ", ".join(grant.scopes)


def _named(role: Record) -> str:
    return f"the role {accepted_as(role)}"
