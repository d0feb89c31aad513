"""What to grant when Microsoft Graph refuses azuread, whose own message names the call but not the right."""

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

import pulumi

from graph.judgement import AGAINST_POLICY, SHORTEN

_Answer = TypeVar("_Answer")

_CHECK = "Run it again; if that does not help, check the ARM_* variables and the network."
# What the SDK writes before a plugin's own words (github.com/pulumi/pulumi, sdk/python, runtime/invoke.py).
_INVOKED = "invoke of "
_BEFORE_THE_REASON = r"returned an error: |error occurred:|\* "
_DENIED = "Authorization_RequestDenied"
# In azuread's words for a duplicate name, Graph's for a service principal, and for a consent.
_EXISTS = re.compile(r"needs to be imported|already in use|already exists", re.IGNORECASE)
# terraform-provider-azuread 3.9, application data source
_ABSENT = re.compile(r"with object ID \"[^\"]+\" was not found")
_RECOVER = "If a killed run or a lost state left it there: roomctl recover prints the way back."
_OWNED = "Application.ReadWrite.OwnedBy, as an owner of it, or Application.ReadWrite.All"
_CREDENTIALS = (
    f"{_OWNED} (for rotation alone, a custom role of Entra with "
    "microsoft.directory/applications/credentials/update on it)"
)
# https://learn.microsoft.com/graph/permissions-reference, and the page of each method
_RIGHTS: Mapping[str, str] = {
    "azuread:index/application:Application": _OWNED,
    "azuread:index/servicePrincipal:ServicePrincipal": _OWNED,
    "azuread:index/applicationPassword:ApplicationPassword": _CREDENTIALS,
    "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential": _OWNED,
    "azuread:index/appRoleAssignment:AppRoleAssignment": (
        "AppRoleAssignment.ReadWrite.All and Application.Read.All"
    ),
}


def answered(invoke: Callable[[], _Answer], *, right: str = "") -> _Answer:
    """What a function of azuread answers; RunError, which is shown without a traceback, when it can't.

    It names the `right` that the function takes when that is refused, else what to check.
    """
    try:
        return invoke()
    except Exception as error:
        if not str(error).startswith(_INVOKED):  # the SDK raises no narrower one
            raise
        raise pulumi.RunError(_in_words(str(error), right)) from None


def existing(invoke: Callable[[], _Answer], *, right: str) -> _Answer | None:
    """The same of a function that looks up one object; None when azuread looked and there is none."""
    try:
        return answered(invoke, right=right)
    except pulumi.RunError as error:
        if _ABSENT.search(str(error)):
            return None
        raise


def _in_words(error: str, right: str) -> str:
    function = error.removeprefix(_INVOKED).partition(" ")[0].rpartition(":")[2]
    reason = " ".join(re.split(_BEFORE_THE_REASON, error)[-1].split()).rstrip(".")
    advice = _advice(error, right) if right else ""
    return f"azuread {function}: {reason}. {advice or _CHECK}"


def names_the_right(component: str) -> pulumi.ResourceHookBinding:
    """Tell beside azuread's error what to do about it, for all azuread resources of a component."""
    return told_beside(component, _tell)


def told_beside(component: str, tell: Callable[[pulumi.ErrorHookArgs], bool]) -> pulumi.ResourceHookBinding:
    """Let `tell` speak beside the errors of a component's resources; nothing is tried a second time.

    The engine knows it by the component's name.
    """
    return pulumi.ResourceHookBinding(on_error=[pulumi.ErrorHook(f"{component}-missing-right", tell)])


def _tell(args: pulumi.ErrorHookArgs) -> bool:
    if text := _advice(" ".join(args.errors), _RIGHTS[args.type]):
        pulumi.log.error(text)
    return False


def _advice(reason: str, right: str) -> str:
    """Which right to grant, or how what is there already is led back; "" for any other error."""
    if _DENIED in reason:
        return f"Grant the deployer {right} on Microsoft Graph, with admin consent."
    if AGAINST_POLICY in reason:
        return SHORTEN
    return _RECOVER if _EXISTS.search(reason) else ""
