"""Every kind of finding, and why it matters: the table of docs/drift.md."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """why: the harm, in a sentence. source: where the mechanism can be read."""

    why: str
    source: str = ""


_LEARN = "https://learn.microsoft.com/"
_PERMISSIONS = f"{_LEARN}graph/permissions-reference"
_CREDENTIALS = f"{_LEARN}graph/api/resources/application"
_POLICIES = f"{_LEARN}graph/auth-limit-mailbox-access"
_RBAC = f"{_LEARN}exchange/permissions-exo/application-rbac"
_GROUPS = f"{_LEARN}powershell/module/exchangepowershell/set-distributiongroup"

RULES = {
    # Whether it is there.
    "application-gone": Rule("PlaceOS can't sign in, and whoever restores it restores its permissions"),
    "principal-replaced": Rule(
        "PlaceOS's credentials sign in with a principal that this code did not make, and all it holds",
        f"{_LEARN}entra/identity-platform/app-objects-and-service-principals",
    ),
    "group-gone": Rule("a policy that names it opens nothing: every room is dark"),
    # Microsoft Graph: what the principal may do.
    "permission-not-in-code": Rule(
        "PlaceOS can do what nobody reviewed, in the whole tenant unless a policy narrows it", _PERMISSIONS
    ),
    "permission-missing": Rule("a function of PlaceOS fails", _PERMISSIONS),
    "delegated-grant": Rule(
        "it may act in the name of people, and PlaceOS never does: its driver signs in as itself",
        f"{_LEARN}graph/api/resources/oauth2permissiongrant",
    ),
    "directory-role": Rule(
        "an Entra role gives rights that no consent shows and no access policy limits",
        f"{_LEARN}entra/identity/role-based-access-control/permissions-reference",
    ),
    "group-membership": Rule(
        "what is given to the group is given to PlaceOS, too",
        f"{_LEARN}graph/api/serviceprincipal-list-transitivememberof",
    ),
    "owns-another": Rule(
        "with the right to manage what it owns it can sign in as that, too, or let others into it",
        f"{_LEARN}graph/api/serviceprincipal-list-ownedobjects",
    ),
    # Who can sign in as it, or change it.
    "secret-not-in-code": Rule("whoever made it signs in as PlaceOS, and no rotation ends it", _CREDENTIALS),
    "secret-missing": Rule("PlaceOS can't sign in with it any more", _CREDENTIALS),
    "certificate-not-in-code": Rule("whoever has its key signs in as PlaceOS", _CREDENTIALS),
    "federated-credential-not-in-code": Rule(
        "whoever runs there signs in as PlaceOS, without any secret",
        f"{_LEARN}graph/api/resources/federatedidentitycredential",
    ),
    "credential-on-principal": Rule(
        "it signs in as PlaceOS and is not shown among the application's own",
        f"{_LEARN}graph/api/serviceprincipal-addpassword",
    ),
    "owner-not-in-code": Rule(
        "an owner can add a secret, and so sign in as PlaceOS",
        f"{_LEARN}entra/identity/enterprise-apps/assign-app-owners",
    ),
    "role-over-application": Rule(
        "who holds it can add a secret, as an owner can, and so sign in as PlaceOS",
        f"{_LEARN}entra/identity/role-based-access-control/custom-available-permissions",
    ),
    "audience-open": Rule("accounts of other tenants may sign in to it", _CREDENTIALS),
    "redirect-address": Rule("people's tokens can go there, and PlaceOS's driver needs none", _CREDENTIALS),
    "public-client": Rule("people's tokens can be got without a secret", _CREDENTIALS),
    "exposed-api": Rule("other applications can ask for tokens for it", _CREDENTIALS),
    "sign-in-disabled": Rule("PlaceOS gets no token (AADSTS7000112)", _CREDENTIALS),
    "contained": Rule("a containment stops PlaceOS, and every run, until somebody ends it"),
    # Exchange: what limits it.
    "scope-missing": Rule("without a RestrictAccess policy every mailbox is open to it", _POLICIES),
    "policy-not-in-code": Rule("the policies of an application are a union: this one opens more", _POLICIES),
    "policy-denies": Rule("mailboxes of that group are closed to PlaceOS", _POLICIES),
    "policy-for-every-application": Rule("it has a say over PlaceOS, too, so the proof fails", _POLICIES),
    "exchange-role": Rule("a role in Exchange opens mailboxes beside consent, whatever a policy says", _RBAC),
    "exchange-role-group": Rule("it can run Exchange's cmdlets, and so change what limits it", _RBAC),
    # The groups of the scope.
    "member-not-in-code": Rule("PlaceOS opens this mailbox, and nobody reviewed it", _POLICIES),
    "member-of-another-kind": Rule("PlaceOS opens the mailbox of somebody who is no room", _POLICIES),
    "nested-group": Rule("access policies honour nested groups: who is in it is in the scope", _POLICIES),
    "room-missing-in-scope": Rule("PlaceOS shows this room without its bookings"),
    "room-missing-in-tenant": Rule("the code names a mailbox that nobody has: PlaceOS shows a dark panel"),
    "group-door-open": Rule("whoever can add a member widens what PlaceOS opens", _GROUPS),
    "group-not-locked": Rule("whoever finds or mails the group books every room in it", _GROUPS),
    "group-used-elsewhere": Rule("the group gives its members, or another application, more than a scope"),
    # What stands beside it.
    "look-alike": Rule("another principal of PlaceOS's name opens mailboxes, and this code does not know it"),
    "made-twice": Rule("a create whose answer was lost left a second one, or somebody made it by hand"),
    "retained-scope": Rule("what a destroyed stack kept counts against the tenant's limit of policies"),
    "retained-group": Rule("nobody watches it any more, and the next policy for it opens whom it holds"),
    "restorable-scope": Rule(
        "whoever restores the application opens these mailboxes again",
        f"{_LEARN}graph/api/directory-deleteditems-restore",
    ),
    # What Pulumi manages.
    "managed-changed": Rule("the next run changes it back or fails on it, or leaves it; the repair tells"),
    "managed-gone": Rule("the next run makes it anew"),
    "proof-fails": Rule("the proof no longer holds, so the next run stops before it grants anything"),
}  # fmt: skip
"""By name; a name never changes, for accepted findings hold it."""
