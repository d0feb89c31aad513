"""Applications that nobody can sign in to."""

from collections.abc import Iterator

from pulumi_policy import Severity

from known import UNKNOWN, block
from rule import About, Config, Seen, resource_rule
from tokens import APPLICATION, APPLICATION_REDIRECT_URIS, APPLICATION_REGISTRATION

_PLATFORMS = ("web", "singlePageApplication", "publicClient")
_IMPLICIT = ("accessTokenIssuanceEnabled", "idTokenIssuanceEnabled")
_IMPLICIT_OF_REGISTRATION = ("implicitAccessTokenIssuanceEnabled", "implicitIdTokenIssuanceEnabled")


def _check(seen: Seen, _config: Config) -> Iterator[str]:
    if seen.type == APPLICATION:
        for platform in _PLATFORMS:
            yield from _redirects(block(seen.props.get(platform)).get("redirectUris"), platform)
        yield from _implicit(block(block(seen.props.get("web")).get("implicitGrant")), _IMPLICIT)
        if seen.props.get("fallbackPublicClientEnabled") is True:
            yield "allows public client flows"
    elif seen.type == APPLICATION_REDIRECT_URIS:
        yield from _redirects(seen.props.get("redirectUris"), str(seen.props.get("type")))
    elif seen.type == APPLICATION_REGISTRATION:
        yield from _implicit(seen.props, _IMPLICIT_OF_REGISTRATION)


def _redirects(uris: object, platform: str) -> Iterator[str]:
    if uris is UNKNOWN:
        yield f"has redirect URIs ({platform}) that are not known at preview"
    for uri in uris if isinstance(uris, list) else []:
        yield f"has the redirect URI {'that is not known at preview' if uri is UNKNOWN else uri} ({platform})"


def _implicit(flags: dict[str, object], keys: tuple[str, str]) -> Iterator[str]:
    if any(flags.get(key) is True for key in keys):
        yield "allows the implicit flow"


RULE = resource_rule(
    About(
        name="no-sign-in-flow",
        refuses="Redirect URIs, the implicit flow and public client flows.",
        severity=Severity.HIGH,
        why="PlaceOS signs in with its secret alone, and where people sign in, tokens can be caught.",
        mend="Take it out.",
        url="https://learn.microsoft.com/entra/identity-platform/reply-url",
    ),
    _check,
)
