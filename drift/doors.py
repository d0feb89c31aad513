"""Other doors of the application: whose accounts may use it, where tokens go, who may ask for them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from drift import commands
from drift.counted import counted
from drift.facts import among, facts
from drift.finding import Finding, Managed
from drift.tenant import Tenant
from graph.containment import containment
from graph.registrations import SINGLE_TENANT
from permissions import Level
from review.types import APPLICATION, SERVICE_PRINCIPAL

_AUTHENTICATION = "Entra, App registrations, Authentication"
_REDIRECTS = {"web": "web", "spa": "singlePageApplication", "publicClient": "publicClient"}
"""The parts of an application with redirect addresses, and what azuread calls them."""
_FOLLOWS = {
    "signInAudience": {Managed(SERVICE_PRINCIPAL, "signInAudience")},
    **{f"{one}.redirectUris": {Managed(SERVICE_PRINCIPAL, "redirectUris")} for one in _REDIRECTS.values()},
    "identifierUris": {Managed(SERVICE_PRINCIPAL, "servicePrincipalNames")},
    "api.oauth2PermissionScopes": {
        Managed(APPLICATION, "oauth2PermissionScopeIds"),
        Managed(SERVICE_PRINCIPAL, "oauth2PermissionScopeIds"),
        Managed(SERVICE_PRINCIPAL, "oauth2PermissionScopes"),
    },
}
"""What else azuread shows otherwise where a property of the application is."""
HELD = frozenset({
    *(
        Managed(APPLICATION, one)
        for one in ("signInAudience", "identifierUris", "fallbackPublicClientEnabled")
    ),
    Managed(SERVICE_PRINCIPAL, "signInAudience"),
    Managed(SERVICE_PRINCIPAL, "servicePrincipalNames"),
})  # fmt: skip
STOPPED = frozenset({Managed(SERVICE_PRINCIPAL, "accountEnabled")})
"""What of Pulumi's own drift the code says better than the state, of either look."""
_TOKENS = {
    "enableAccessTokenIssuance": "accessTokenIssuanceEnabled",
    "enableIdTokenIssuance": "idTokenIssuanceEnabled",
}
"""Of what gives tokens without a code, and what azuread calls it."""


def doors(tenant: Tenant) -> Iterator[Finding]:
    """Doors of an application that the stack made: it is made with none of them."""
    if tenant.code.existing:
        return
    held = tenant.document("application")
    audience = str(held.get("signInAudience") or "")
    if audience != SINGLE_TENANT:
        yield _door(
            tenant, "audience-open", audience, f"accounts of {audience or 'an unknown audience'} may use it",
            Level.HIGH, {"signInAudience": SINGLE_TENANT}, "signInAudience",
        )  # fmt: skip
    yield from _redirects(tenant, held)
    yield from _people(tenant, held)
    yield from _api(tenant, held)


def stopped(tenant: Tenant) -> Iterator[Finding]:
    """Whether the application is contained, or may not sign in."""
    code = tenant.code
    contained = containment(str(tenant.document("application").get("notes") or ""))
    resume = f"roomctl resume --stack {code.stack}"
    if contained:
        yield Finding(
            rule="contained",
            subject=code.client_id,
            what=f"the application is contained since {contained.since} by {contained.by}",
            where="Entra, App registrations, the application's notes",
            level=Level.HIGH,
            since=contained.since,
            repair=resume,
            also=frozenset({Managed(APPLICATION, "notes")}),
        )
    if tenant.document("principal").get("accountEnabled") is False:
        yield Finding(
            rule="sign-in-disabled",
            subject=code.client_id,
            what="nobody can sign in as the application",
            where="Entra, Enterprise applications, Properties",
            level=Level.MODERATE,
            repair=resume if contained else _switched_on(tenant),
            also=frozenset({Managed(SERVICE_PRINCIPAL, "accountEnabled")}),
        )


def _switched_on(tenant: Tenant) -> str:
    """No command for an application that is somebody else's."""
    ask = "ask who switched it off, and why: one that somebody misused is stopped so"
    if tenant.code.existing:
        return commands.note(f"{ask}; whoever keeps the application switches it on")
    path = f"/servicePrincipals/{tenant.code.principal}"
    return f"{commands.note(f'{ask}; then')}\n{commands.patch(tenant.graph, path, {'accountEnabled': True})}"


def _redirects(tenant: Tenant, held: Mapping[str, Any]) -> Iterator[Finding]:
    for part, managed in _REDIRECTS.items():
        if addresses := sorted((held.get(part) or {}).get("redirectUris") or ()):
            yield _redirects_of(tenant, part, managed, addresses)


def _redirects_of(tenant: Tenant, part: str, managed: str, addresses: Sequence[str]) -> Finding:
    """All of a part, for Graph takes the list of them whole."""

    def sparing(accepted: Collection[str]) -> str:
        return _patch(tenant, {part: {"redirectUris": among(addresses, accepted)}})

    found = _door(
        tenant, "redirect-address", f"redirect addresses ({part})",
        f"people's tokens may go to {', '.join(addresses)}",
        Level.HIGH, {part: {"redirectUris": []}}, f"{managed}.redirectUris",
        holds=facts(addresses),
    )  # fmt: skip
    return replace(found, sparing=sparing)


def _people(tenant: Tenant, held: Mapping[str, Any]) -> Iterator[Finding]:
    if held.get("isFallbackPublicClient") is True:
        yield _door(
            tenant, "public-client", "public client flows", "it allows public client flows",
            Level.HIGH, {"isFallbackPublicClient": False}, "fallbackPublicClientEnabled",
        )  # fmt: skip
    implicit = (held.get("web") or {}).get("implicitGrantSettings") or {}
    for kind, managed in _TOKENS.items():
        if implicit.get(kind) is True:
            settings = {"web": {"implicitGrantSettings": {kind: False}}}
            yield _door(
                tenant, "public-client", kind, f"tokens are given without a code ({kind})",
                Level.HIGH, settings, f"web.implicitGrant.{managed}",
            )  # fmt: skip


def _api(tenant: Tenant, held: Mapping[str, Any]) -> Iterator[Finding]:
    if addresses := sorted(held.get("identifierUris") or ()):
        yield _door(
            tenant, "exposed-api", ", ".join(addresses), f"it can be asked for as {', '.join(addresses)}",
            Level.MODERATE, {"identifierUris": []}, "identifierUris",
        )  # fmt: skip
    api = held.get("api") or {}
    if scopes := api.get("oauth2PermissionScopes"):
        disabled = [{**one, "isEnabled": False} for one in scopes]
        yield _door(
            tenant, "exposed-api", "oauth2PermissionScopes",
            f"it offers an API with {counted(len(scopes), 'scope')}",
            Level.MODERATE, {"api": {"oauth2PermissionScopes": []}}, "api.oauth2PermissionScopes",
            before={"api": {"oauth2PermissionScopes": disabled}},
            holds=facts(f"{one.get('value')} ({one.get('type')})" for one in scopes),
        )  # fmt: skip
    if clients := api.get("preAuthorizedApplications"):
        yield _door(
            tenant, "exposed-api", "preAuthorizedApplications",
            f"it offers an API with {counted(len(clients), 'trusted client')}",
            Level.MODERATE, {"api": {"preAuthorizedApplications": []}}, "api.preAuthorizedApplications",
            holds=facts(_trusted(one) for one in clients),
        )  # fmt: skip


def _trusted(client: Mapping[str, Any]) -> str:
    return f"{client.get('appId')}: {', '.join(sorted(map(str, client['delegatedPermissionIds'])))}"


def _door(  # noqa: PLR0913, PLR0917 - the parts of one finding
    tenant: Tenant,
    rule: str,
    subject: str,
    what: str,
    level: Level,
    closed: Mapping[str, Any],
    managed: str,
    before: Mapping[str, Any] | None = None,
    holds: tuple[str, ...] = (),
) -> Finding:
    """before: what the application has to be like so that it can be closed, such as with disabled scopes.

    https://learn.microsoft.com/graph/api/resources/permissionscope : one that is enabled can't be removed.
    """
    return Finding(
        rule=rule,
        subject=subject,
        what=what,
        where=_AUTHENTICATION,
        level=level,
        holds=holds,
        repair="\n".join(_patch(tenant, one) for one in (before, closed) if one),
        also=frozenset({Managed(APPLICATION, managed)} | _FOLLOWS.get(managed, set())),
    )


def _patch(tenant: Tenant, body: Mapping[str, Any]) -> str:
    return commands.patch(tenant.graph, f"/applications/{tenant.code.application}", body)
