"""What to grant when Microsoft Graph refuses azuread, whose own message names the call but not the right."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import pulumi

_Answer = TypeVar("_Answer")

_DENIED = "Authorization_RequestDenied"
_OWNED = "Application.ReadWrite.OwnedBy, as an owner of it, or Application.ReadWrite.All"
# https://learn.microsoft.com/graph/permissions-reference, and the page of each method
_RIGHTS: Mapping[str, str] = {
    "azuread:index/application:Application": _OWNED,
    "azuread:index/servicePrincipal:ServicePrincipal": _OWNED,
    "azuread:index/applicationPassword:ApplicationPassword": _OWNED,
    "azuread:index/appRoleAssignment:AppRoleAssignment": (
        "AppRoleAssignment.ReadWrite.All and Application.Read.All"
    ),
}


def answered(invoke: Callable[[], _Answer], *, right: str) -> _Answer:
    """What azuread answers; RunError, which is shown without a traceback, with the right that it takes."""
    try:
        return invoke()
    except Exception as error:  # noqa: BLE001 - the SDK raises no narrower one
        reason = " ".join(str(error).rpartition("* ")[2].split())
        raise pulumi.RunError(f"{reason} {_advice(reason, right)}".strip()) from None


def names_the_right(component: str) -> pulumi.ResourceHookBinding:
    """Tell beside azuread's error which right is missing; nothing is tried a second time.

    One for all azuread resources of a component, by whose name the engine knows it.
    """
    return pulumi.ResourceHookBinding(on_error=[pulumi.ErrorHook(f"{component}-missing-right", _tell)])


def _tell(args: pulumi.ErrorHookArgs) -> bool:
    if text := _advice(" ".join(args.errors), _RIGHTS[args.type]):
        pulumi.log.error(text)
    return False


def _advice(reason: str, right: str) -> str:
    """Which right to grant; "" for what is no refusal."""
    return f"Grant the deployer {right} on Microsoft Graph, with admin consent." if _DENIED in reason else ""
