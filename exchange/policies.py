"""Application access policies: which groups' mailboxes an app may open."""

from typing import Literal

from exchange.admin_api import SERVICE, ExchangeAdmin
from exchange.records import RESTRICT, AccessPolicy
from wire import AlreadyExists, Invalid, NotFound, Unclear

Access = Literal["granted", "denied", "unknown"]


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


def add(exchange: ExchangeAdmin, app_id: str, group_object_id: str, description: str) -> AccessPolicy:
    """Restrict the app to the group's mailboxes; `description` marks the policy as ours.

    The policy is there under any other description: AlreadyExists. A create whose answer is lost is looked
    up, and repeated once if nothing is there. NotFound when Exchange does not know the group (yet).
    """
    try:
        _new(exchange, app_id, group_object_id, description)
    except Unclear:
        if _existing(exchange, app_id, group_object_id) is None:
            _new(exchange, app_id, group_object_id, description)
    except AlreadyExists:
        pass  # what is there is judged below
    policy = _existing(exchange, app_id, group_object_id)
    operation = f"New-ApplicationAccessPolicy for app {app_id}"
    if policy is None:
        raise Unclear(SERVICE, operation, "Exchange accepted the policy but does not list it yet")
    if policy.description != description:
        raise AlreadyExists(
            SERVICE,
            operation,
            f"the policy exists with the description {policy.description!r}",
            advice="Adopt it, or remove it if nobody needs it.",
        )
    return policy


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


def _existing(exchange: ExchangeAdmin, app_id: str, group_object_id: str) -> AccessPolicy | None:
    wanted = (app_id.lower(), group_object_id.lower(), RESTRICT)
    return next(
        (
            policy
            for policy in list_policies(exchange)
            if (policy.app_id, policy.group_object_id, policy.access_right) == wanted
        ),
        None,
    )
