"""Application access policies: which groups' mailboxes an app may open."""

from datetime import timedelta
from typing import Literal

from exchange.admin_api import SERVICE, ExchangeAdmin
from exchange.patience import looks
from exchange.records import RESTRICT, AccessPolicy
from wire import AlreadyExists, Invalid, NotFound, NotReady, Unclear

LONGEST_DELAY = timedelta(hours=12)
"""How long a policy may take to reach Microsoft Graph, by PlaceOS's documentation ("up to 12 hours",
https://docs.placeos.com/how-to/configure-placeos-for-microsoft-365/calendar-access/limit-application-permissions);
Microsoft only says that it can be more than one (https://learn.microsoft.com/graph/auth-limit-mailbox-access).
"""

Access = Literal["granted", "denied", "unknown"]


def description(mailboxes: str, mark: str) -> str:
    """What a policy of the stack with this mark says; short, for it counts against the tenant's limit.

    mailboxes: what those of the group are called.
    """
    return f"Restrict PlaceOS to its {mailboxes}. {mark}"


def list_policies(exchange: ExchangeAdmin) -> list[AccessPolicy]:
    """Every policy of the tenant, by identity.

    A tenant without policies answers "object not found" to the question for all of them
    (Microsoft365DSC #687 and #2998, prowler #12149).
    """
    try:
        records = exchange.run("Get-ApplicationAccessPolicy")
    except NotFound:
        return []
    return sorted((AccessPolicy.of(record) for record in records), key=lambda policy: policy.identity)


def restricting(exchange: ExchangeAdmin, app_id: str) -> dict[str, AccessPolicy]:
    """The app's RestrictAccess policies by their groups' object ids, whoever made them: several unite."""
    return {
        policy.group_object_id: policy
        for policy in list_policies(exchange)
        if policy.app_id == app_id.lower() and policy.access_right == RESTRICT
    }


def groups(exchange: ExchangeAdmin, app_id: str) -> set[str]:
    """The object ids of the groups of every policy that has a say over the app, of either right."""
    found = (policy.group_object_id for policy in list_policies(exchange) if policy.names(app_id))
    return {group for group in found if group}


def add(
    exchange: ExchangeAdmin, app_id: str, group_object_id: str, description: str
) -> dict[str, AccessPolicy]:
    """Restrict the app to the group's mailboxes; `description` marks the policy as ours.

    What comes back is `restricting`, asked once the policy is there, which also verifies it.
    The policy is there under any other description: AlreadyExists. A create whose answer is lost is looked
    up, and repeated once if nothing is there. NotFound when Exchange does not know the group (yet), NotReady
    when it does not list the policy yet.
    """
    try:
        _new(exchange, app_id, group_object_id, description)
    except Unclear:
        if group_object_id.lower() not in restricting(exchange, app_id):
            _new(exchange, app_id, group_object_id, description)
    except AlreadyExists as error:
        _refuse_denying(exchange, app_id, group_object_id, error)  # any other is judged below
    operation = f"New-ApplicationAccessPolicy for app {app_id}"
    for _ in looks(exchange.clock):
        found = restricting(exchange, app_id)
        if group_object_id.lower() in found:
            break
    else:
        raise NotReady(SERVICE, operation, "Exchange accepted the policy but does not list it yet")
    present = found[group_object_id.lower()].description
    if present != description:
        raise AlreadyExists(
            SERVICE,
            operation,
            f"the policy exists with the description {present!r}",
            advice="If it is this stack's, hand it over with: Set-ApplicationAccessPolicy "
            f"-Identity '{found[group_object_id.lower()].identity}' -Description '{description}'",
        )
    return found


def describe(exchange: ExchangeAdmin, identity: str, description: str) -> None:
    """Change the only thing of a policy that can be changed."""
    exchange.ensure("Set-ApplicationAccessPolicy", Identity=identity, Description=description)


def remove(exchange: ExchangeAdmin, identity: str) -> None:
    """Remove the policy; one that is gone already is fine.

    With the last RestrictAccess policy of an app every mailbox opens to it: the caller asks first.
    """
    try:
        exchange.ensure("Remove-ApplicationAccessPolicy", Identity=identity, Confirm=False)
    except NotFound:
        return


def access(exchange: ExchangeAdmin, app_id: str, mailbox: str) -> Access:
    """What Exchange says the app may do with the mailbox, at once; Microsoft Graph follows later.

    "unknown" for an answer that is neither word; Invalid when the answer is about another app.
    """
    record = exchange.run_one("Test-ApplicationAccessPolicy", Identity=mailbox, AppId=app_id)
    answered = str(record.get("AppId") or "")
    if answered.lower() != app_id.lower():
        raise Invalid(
            SERVICE,
            f"Test-ApplicationAccessPolicy {mailbox}",
            f"asked about app {app_id}, got app {answered!r}",
            advice="Nothing was changed on the strength of it.",
        )
    results: dict[str, Access] = {"granted": "granted", "denied": "denied"}
    return results.get(str(record.get("AccessCheckResult")).lower(), "unknown")


def _new(exchange: ExchangeAdmin, app_id: str, group_object_id: str, description: str) -> None:
    exchange.run(
        "New-ApplicationAccessPolicy",
        AccessRight=RESTRICT,
        AppId=[app_id],
        PolicyScopeGroupId=group_object_id,
        Description=description,
    )


def _refuse_denying(exchange: ExchangeAdmin, app_id: str, group_object_id: str, error: AlreadyExists) -> None:
    """The right is no part of a policy's identity, so a DenyAccess policy takes the place of ours."""
    for policy in list_policies(exchange):
        same = (policy.app_id, policy.group_object_id) == (app_id.lower(), group_object_id.lower())
        if same and policy.access_right != RESTRICT:
            raise AlreadyExists.like(
                error,
                f"It is a {policy.access_right} policy of the same application and group. If nobody needs "
                f"it: Remove-ApplicationAccessPolicy -Identity '{policy.identity}'",
            ) from None
