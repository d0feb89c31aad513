"""What somebody can do to a tenant by hand, each with the finding that must come of it.

One dictionary, so that the looks alone are held against it, and the engine's drill as well.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from permissions import EXCHANGE_APP_ID, GRAPH_APP_ID, Level
from tests.certificates import Certificate
from tests.drift.made import GROUP, Made, consent

PERSON, OTHER = "ada.bauer@contoso.example", "ada.ashby@contoso.example"
ROOM = "lon-01-effra@contoso.example"
OLD_ROOMS = "old-rooms@contoso.example"
TRAVEL = "travel-desk-mailboxes@contoso.example"
_AS_ADMINISTRATOR: dict[str, Any] = {"BypassSecurityGroupManagerCheck": True}
_EXCHANGE_ADMINISTRATOR = "29232cdf-9323-42fd-ade2-1d097af3e4de"
_FULL_ACCESS_AS_APP = "dc890d15-9560-4a4c-9b7f-a736ec74ec40"
_MAIL_SEND, _MAIL_READ = "b633e1c5-b582-4048-a93e-9f11b44c7e96", "810c84a8-4a9e-49e6-bf7d-12d183f40d01"


@dataclass(frozen=True)
class Tampering:
    """`do` is done by an administrator; then a finding of `rule` and `level` tells of `of`, in its words."""

    do: Callable[[Made], None]
    rule: str
    level: Level
    of: str


def _extra_permission(made: Made) -> None:
    consent(made.graph, made.code.principal, GRAPH_APP_ID, _MAIL_SEND)


def _full_access(made: Made) -> None:
    consent(made.graph, made.code.principal, EXCHANGE_APP_ID, _FULL_ACCESS_AS_APP)


def _consent_revoked(made: Made) -> None:
    grant = made.graph.list(f"{made.principal}/appRoleAssignments")[0]
    made.graph.delete(f"{made.principal}/appRoleAssignments/{grant['id']}")


def in_the_name_of(made: Made, scopes: str, address: str = "", principal: str = "") -> None:
    """Let a principal, else the application, act on Microsoft Graph in this person's or everybody's name."""
    service = made.graph.list("/v1.0/servicePrincipals", {"$filter": f"appId eq '{GRAPH_APP_ID}'"})[0]
    person = {"consentType": "Principal", "principalId": user(made, address)} if address else {}
    made.graph.post("/v1.0/oauth2PermissionGrants", {
        "clientId": principal or made.code.principal, "resourceId": service["id"], "scope": scopes,
        "consentType": "AllPrincipals", **person,
    })  # fmt: skip


def _delegated(made: Made) -> None:
    in_the_name_of(made, "User.Read")


def _delegated_of_person(made: Made) -> None:
    in_the_name_of(made, "User.Read", PERSON)


def _secret(made: Made) -> None:
    made.graph.post(f"{made.application}/addPassword", {"passwordCredential": {"displayName": "mine"}})


def _secret_of_our_name(made: Made) -> None:
    slot = {"passwordCredential": {"displayName": "PlaceOS until 2027-01-01"}}
    made.graph.post(f"{made.application}/addPassword", slot)


def _secret_removed(made: Made) -> None:
    made.graph.post(f"{made.application}/removePassword", {"keyId": min(made.code.secrets)})


def _federated(made: Made) -> None:
    trust = {
        "name": "elsewhere",
        "issuer": "https://token.actions.githubusercontent.com",
        "subject": "repo:somebody/else:ref:refs/heads/main",
        "audiences": ["api://AzureADTokenExchange"],
    }
    made.graph.post(f"{made.application}/federatedIdentityCredentials", trust)


def _certificate(made: Made) -> None:
    key = Certificate(made.emulated.tenant.clock.now()).der()
    certificate = {"type": "AsymmetricX509Cert", "usage": "Verify", "displayName": "CN=mine", "key": key}
    made.graph.patch(made.application, {"keyCredentials": [certificate]})


def _secret_of_principal(made: Made) -> None:
    made.graph.post(f"{made.principal}/addPassword", {"passwordCredential": {"displayName": "hidden"}})


def _owner(path: str) -> Callable[[Made], None]:
    def add(made: Made) -> None:
        owner = {"@odata.id": made.graph.address(f"/v1.0/directoryObjects/{user(made, PERSON)}")}
        made.graph.post(f"{getattr(made, path)}/owners/$ref", owner)

    return add


def _owns_another(made: Made) -> None:
    other = made.graph.post("/v1.0/applications", {"displayName": "Payroll"})["id"]
    itself = {"@odata.id": made.graph.address(f"/v1.0/directoryObjects/{made.code.principal}")}
    made.graph.post(f"/v1.0/applications/{other}/owners/$ref", itself)


def _role_over(path: str) -> Callable[[Made], None]:
    """Given by an administrator: whoever has an application is not who gives roles."""

    def give(made: Made) -> None:
        graph = made.emulated.administrator.graph
        action = "microsoft.directory/applications/credentials/update"
        role = {"displayName": "helper", "isEnabled": True, "description": "x"}
        allowed = {"rolePermissions": [{"allowedResourceActions": [action]}]}
        definition = graph.post("/v1.0/roleManagement/directory/roleDefinitions", role | allowed)["id"]
        given = {"principalId": user(made, PERSON), "roleDefinitionId": definition}
        scope = {"directoryScopeId": f"/{getattr(made.code, path)}"}
        graph.post("/v1.0/roleManagement/directory/roleAssignments", given | scope)

    return give


def _owner_removed(path: str) -> Callable[[Made], None]:
    def remove(made: Made) -> None:
        whose = getattr(made, path)
        owner = made.graph.list(f"{whose}/owners")[0]["id"]
        made.graph.delete(f"{whose}/owners/{owner}/$ref")

    return remove


def _patched(path: str, **body: Any) -> Callable[[Made], None]:
    return lambda made: made.graph.patch(getattr(made, path), body)


def _directory_role(made: Made) -> None:
    role = {
        "principalId": made.code.principal,
        "roleDefinitionId": _EXCHANGE_ADMINISTRATOR,
        "directoryScopeId": "/",
    }
    made.graph.post("/v1.0/roleManagement/directory/roleAssignments", role)


def _in_group(made: Made) -> None:
    [group] = made.graph.list("/v1.0/groups", {"$filter": "displayName eq 'Facilities'"})
    member = {"@odata.id": made.graph.address(f"/v1.0/directoryObjects/{made.code.principal}")}
    made.graph.post(f"/v1.0/groups/{group['id']}/members/$ref", member)


def _policy_removed(made: Made) -> None:
    [policy] = [one for one in made.exchange.run("Get-ApplicationAccessPolicy") if _is_ours(made, one)]
    made.exchange.run("Remove-ApplicationAccessPolicy", Identity=policy["Identity"], Confirm=False)


def _is_ours(made: Made, policy: dict[str, Any]) -> bool:
    return str(policy["AppId"]).lower() == made.code.client_id


def _policy(right: str, app: str = "") -> Callable[[Made], None]:
    def add(made: Made) -> None:
        made.exchange.run(
            "New-ApplicationAccessPolicy",
            AccessRight=right, AppId=[app or made.code.client_id], PolicyScopeGroupId=TRAVEL,
            Description="mine",
        )  # fmt: skip

    return add


def _known_to_exchange(made: Made) -> None:
    made.exchange.run(
        "New-ServicePrincipal",
        AppId=made.code.client_id, ObjectId=made.code.principal, DisplayName=made.code.name,
    )  # fmt: skip


def _exchange_role(made: Made) -> None:
    _known_to_exchange(made)
    made.exchange.run("New-ManagementRoleAssignment", App=made.code.principal, Role="Application Mail.Read")


def _scoped_exchange_role(made: Made) -> None:
    _known_to_exchange(made)
    made.exchange.run(
        "New-ManagementRoleAssignment",
        App=made.code.principal, Role="Application Calendars.Read", RecipientGroupScope=TRAVEL,
    )  # fmt: skip


def role_group(made: Made, name: str = "Helpers") -> None:
    """The application's principal in a role group of Exchange."""
    _known_to_exchange(made)
    made.exchange.run("New-RoleGroup", Name=name, Roles=["Distribution Groups"])
    made.exchange.run("Add-RoleGroupMember", Identity=name, Member=made.code.principal, **_AS_ADMINISTRATOR)


def _member(address: str) -> Callable[[Made], None]:
    def add(made: Made) -> None:
        made.exchange.run(
            "Add-DistributionGroupMember", Identity=made.group, Member=address, **_AS_ADMINISTRATOR
        )

    return add


def _room_removed(made: Made) -> None:
    made.exchange.run(
        "Remove-DistributionGroupMember",
        Identity=made.group, Member=ROOM, Confirm=False, **_AS_ADMINISTRATOR,
    )  # fmt: skip


def _in_mail_group(made: Made) -> None:
    made.exchange.run("Add-DistributionGroupMember", Identity=TRAVEL, Member=made.group, **_AS_ADMINISTRATOR)


def _in_entra_group(made: Made) -> None:
    entra_group(made, "Reception", made.group)


def _send_as(made: Made) -> None:
    made.exchange.run(
        "Add-RecipientPermission", Identity=OTHER, Trustee=GROUP, AccessRights=["SendAs"], Confirm=False
    )


def _other_application(made: Made) -> None:
    [travel] = made.graph.list("/v1.0/servicePrincipals", {"$filter": "displayName eq 'Travel Desk'"})
    made.exchange.run(
        "New-ApplicationAccessPolicy",
        AccessRight="RestrictAccess", AppId=[travel["appId"]], PolicyScopeGroupId=made.group, Description="x",
    )  # fmt: skip


def _role_on_room_group(made: Made) -> None:
    [travel] = made.graph.list("/v1.0/servicePrincipals", {"$filter": "displayName eq 'Travel Desk'"})
    made.exchange.run(
        "New-ServicePrincipal", AppId=travel["appId"], ObjectId=travel["id"], DisplayName="Travel Desk"
    )
    for name in ("first", "second"):
        made.exchange.run(
            "New-ManagementRoleAssignment",
            Name=name, App=travel["id"], Role="Application Mail.Read", RecipientGroupScope=made.group,
        )  # fmt: skip


def _look_alike(made: Made) -> None:
    registered = made.graph.post("/v1.0/applications", {"displayName": "PlaceOS (old)"})
    principal = made.graph.post("/v1.0/servicePrincipals", {"appId": registered["appId"]})
    consent(made.graph, principal["id"], GRAPH_APP_ID, _MAIL_READ)


def _left_scope(made: Made) -> None:
    _left_group(made)
    _left_policy(made, OLD_ROOMS)


def _left_group(made: Made) -> None:
    made.exchange.run(
        "New-DistributionGroup",
        Name="Old rooms", Type="Security", PrimarySmtpAddress=OLD_ROOMS, Notes="plc:0badcafe",
    )  # fmt: skip


def _left_policy(made: Made, group: str = TRAVEL) -> None:
    gone = made.graph.post("/v1.0/applications", {"displayName": "Gone"})
    made.exchange.run(
        "New-ApplicationAccessPolicy",
        AccessRight="RestrictAccess", AppId=[gone["appId"]], PolicyScopeGroupId=group,
        Description="Restrict PlaceOS to its room mailboxes. plc:0badcafe",
    )  # fmt: skip
    made.graph.delete(f"/v1.0/applications/{gone['id']}")
    made.graph.delete(f"/v1.0/directory/deletedItems/{gone['id']}")


def _group_set(**settings: Any) -> Callable[[Made], None]:
    return lambda made: _set_group(made, **settings)


def _set_group(made: Made, **settings: Any) -> None:
    made.exchange.run("Set-DistributionGroup", Identity=made.group, **settings, **_AS_ADMINISTRATOR)


def _mark_of_group(made: Made) -> None:
    made.exchange.run("Set-Group", Identity=made.group, Notes="mine now", **_AS_ADMINISTRATOR)


def _group_removed(made: Made) -> None:
    made.exchange.run("Remove-DistributionGroup", Identity=made.group, Confirm=False, **_AS_ADMINISTRATOR)


def _policy_described(made: Made) -> None:
    [policy] = [one for one in made.exchange.run("Get-ApplicationAccessPolicy") if _is_ours(made, one)]
    made.exchange.run("Set-ApplicationAccessPolicy", Identity=policy["Identity"], Description="mine now")


def entra_group(made: Made, name: str, member: str) -> str:
    """A security group without mail that holds this object; its object id."""
    body = {"displayName": name, "mailNickname": name, "mailEnabled": False, "securityEnabled": True}
    held = {"members@odata.bind": [made.graph.address(f"/v1.0/directoryObjects/{member}")]}
    return str(made.graph.post("/v1.0/groups", body | held)["id"])


def user(made: Made, address: str) -> str:
    """The object id of a person."""
    return str(made.graph.get(f"/v1.0/users/{address}", {"$select": "id"})["id"])


def _deleted(path: str) -> Callable[[Made], None]:
    return lambda made: made.graph.delete(getattr(made, path))


_L = Level
_SCOPE = {
    "id": "7f3c2a52-7b3c-4a29-9f0e-0d4f5a3f6f11", "value": "Rooms.Read", "type": "User", "isEnabled": True,
    "adminConsentDescription": "PlaceOS's rooms", "adminConsentDisplayName": "Read rooms",
}  # fmt: skip
TAMPERINGS = {
    "a permission more": Tampering(_extra_permission, "permission-not-in-code", _L.HIGH, "Mail.Send"),
    "full access as an application": Tampering(
        _full_access, "permission-not-in-code", _L.HIGH, "full_access_as_app"
    ),
    "a consent revoked": Tampering(_consent_revoked, "permission-missing", _L.MODERATE, "is not granted"),
    "delegated to everybody": Tampering(_delegated, "delegated-grant", _L.LOW, "User.Read"),
    "delegated by a person": Tampering(_delegated_of_person, "delegated-grant", _L.LOW, "1 person"),
    "a secret": Tampering(_secret, "secret-not-in-code", _L.CRITICAL, "'mine'"),
    "a secret of our name": Tampering(
        _secret_of_our_name, "secret-not-in-code", _L.CRITICAL, "carries the name of ours"
    ),
    "a secret removed": Tampering(_secret_removed, "secret-missing", _L.MODERATE, "was removed"),
    "a federated credential": Tampering(
        _federated, "federated-credential-not-in-code", _L.CRITICAL, "repo:somebody/else"
    ),
    "a certificate": Tampering(_certificate, "certificate-not-in-code", _L.CRITICAL, "CN=mine"),
    "a secret of the principal": Tampering(
        _secret_of_principal, "credential-on-principal", _L.CRITICAL, "'hidden'"
    ),
    "an owner": Tampering(_owner("application"), "owner-not-in-code", _L.HIGH, "of the application"),
    "an owner of the principal": Tampering(
        _owner("principal"), "owner-not-in-code", _L.HIGH, "of the service principal"
    ),
    "another application that it owns": Tampering(_owns_another, "owns-another", _L.MODERATE, "Payroll"),
    "a role over the application": Tampering(
        _role_over("application"), "role-over-application", _L.HIGH, "helper over the application"
    ),
    "a role over the principal": Tampering(
        _role_over("principal"), "role-over-application", _L.HIGH, "helper over the service principal"
    ),
    "accounts of other tenants": Tampering(
        _patched("application", signInAudience="AzureADMultipleOrgs"),
        "audience-open", _L.HIGH, "AzureADMultipleOrgs",
    ),
    "a redirect address": Tampering(
        _patched("application", web={"redirectUris": ["https://elsewhere.example/back"]}),
        "redirect-address", _L.HIGH, "elsewhere.example",
    ),
    "a redirect address of a page": Tampering(
        _patched("application", spa={"redirectUris": ["https://page.example/back"]}),
        "redirect-address", _L.HIGH, "page.example",
    ),
    "tokens without a code": Tampering(
        _patched("application", web={"implicitGrantSettings": {"enableAccessTokenIssuance": True}}),
        "public-client", _L.HIGH, "enableAccessTokenIssuance",
    ),
    "public client flows": Tampering(
        _patched("application", isFallbackPublicClient=True), "public-client", _L.HIGH, "public client flows"
    ),
    "an address to ask for it": Tampering(
        _patched("application", identifierUris=["api://placeos-rooms"]),
        "exposed-api", _L.MODERATE, "api://placeos-rooms",
    ),
    "a scope to ask for": Tampering(
        _patched("application", api={"oauth2PermissionScopes": [_SCOPE]}),
        "exposed-api", _L.MODERATE, "1 scope",
    ),
    "the application deleted": Tampering(
        _deleted("application"), "application-gone", _L.HIGH, "the application and the service principal"
    ),
    "the service principal deleted": Tampering(
        _deleted("principal"), "application-gone", _L.HIGH, "the service principal of"
    ),
    "sign-in stopped": Tampering(
        _patched("principal", accountEnabled=False), "sign-in-disabled", _L.MODERATE, "nobody can sign in"
    ),
    "an Entra role": Tampering(_directory_role, "directory-role", _L.CRITICAL, "Exchange Administrator"),
    "a group that holds it": Tampering(_in_group, "group-membership", _L.MODERATE, "Facilities"),
    "the policy removed": Tampering(_policy_removed, "scope-missing", _L.CRITICAL, "every mailbox"),
    "a policy more": Tampering(_policy("RestrictAccess"), "policy-not-in-code", _L.HIGH, "2 members"),
    "a policy that denies": Tampering(_policy("DenyAccess"), "policy-denies", _L.MODERATE, "closes"),
    "a policy for every application": Tampering(
        _policy("RestrictAccess", "*"), "policy-for-every-application", _L.HIGH, "every application"
    ),
    "a policy that denies every application": Tampering(
        _policy("DenyAccess", "*"), "policy-for-every-application", _L.HIGH, "closes"
    ),
    "a role in Exchange": Tampering(_exchange_role, "exchange-role", _L.CRITICAL, "Application Mail.Read"),
    "a role in Exchange, scoped": Tampering(
        _scoped_exchange_role, "exchange-role", _L.HIGH, "Calendars.Read"
    ),
    "a role group": Tampering(role_group, "exchange-role-group", _L.CRITICAL, "Helpers"),
    "a person in the scope": Tampering(_member(PERSON), "member-of-another-kind", _L.HIGH, PERSON),
    "a group in the scope": Tampering(_member(TRAVEL), "nested-group", _L.HIGH, "Travel Desk"),
    "the room group removed": Tampering(_group_removed, "group-gone", _L.HIGH, "is gone from Exchange"),
    "a join rule": Tampering(
        _group_set(MemberJoinRestriction="ApprovalRequired"),
        "group-door-open", _L.HIGH, "is ApprovalRequired",
    ),
    "an owner of the room group": Tampering(
        _group_set(ManagedBy=[PERSON]), "group-door-open", _L.HIGH, f"is {PERSON}"
    ),
    "the room group shown": Tampering(
        _group_set(HiddenFromAddressListsEnabled=False),
        "group-not-locked", _L.MODERATE, "hiddenFromAddressLists",
    ),
    "a sender for the room group": Tampering(
        _group_set(AcceptMessagesOnlyFromSendersOrMembers=[PERSON]),
        "group-not-locked", _L.MODERATE, f"is {PERSON}",
    ),
    "mail from outside for the room group": Tampering(
        _group_set(RequireSenderAuthenticationEnabled=False),
        "group-not-locked", _L.MODERATE, "requireSenderAuthentication",
    ),
    "somebody who sends for the room group": Tampering(
        _group_set(GrantSendOnBehalfTo=[PERSON]), "group-not-locked", _L.MODERATE, f"{PERSON} may send"
    ),
    "a room taken out": Tampering(_room_removed, "room-missing-in-scope", _L.MODERATE, ROOM),
    "the room group in another": Tampering(
        _in_mail_group, "group-used-elsewhere", _L.MODERATE, "Travel Desk"
    ),
    "the room group in a group without mail": Tampering(
        _in_entra_group, "group-used-elsewhere", _L.MODERATE, "Reception"
    ),
    "people's mail for the room group": Tampering(_send_as, "group-used-elsewhere", _L.HIGH, "SendAs"),
    "another application on the room group": Tampering(
        _other_application, "group-used-elsewhere", _L.MODERATE, "another application"
    ),
    "the room group renamed": Tampering(_group_set(Name="Rooms"), "managed-changed", _L.LOW, "is Rooms"),
    "another alias of the room group": Tampering(
        _group_set(Alias="rooms-by-hand"), "managed-changed", _L.LOW, "is rooms-by-hand"
    ),
    "another address of the room group": Tampering(
        _group_set(PrimarySmtpAddress="rooms-by-hand@contoso.example"),
        "managed-changed", _L.LOW, "is rooms-by-hand@contoso.example",
    ),
    "the mark of the room group removed": Tampering(
        _mark_of_group, "managed-changed", _L.LOW, "is missing"
    ),
    "another description of the policy": Tampering(
        _policy_described, "managed-changed", _L.LOW, "description is 'mine now'"
    ),
    "the mark of the application removed": Tampering(
        _patched("application", notes="mine now"), "managed-changed", _L.LOW,
        "notes of the application is 'mine now'",
    ),
    "the mark of the principal removed": Tampering(
        _patched("principal", notes="mine now"), "managed-changed", _L.LOW,
        "notes of the service principal is 'mine now'",
    ),
    "the application renamed": Tampering(
        _patched("application", displayName="Rooms"), "managed-changed", _L.LOW, "is 'Rooms'"
    ),
    "nothing asked for": Tampering(
        _patched("application", requiredResourceAccess=[]),
        "managed-changed", _L.LOW, "requiredResourceAccess of the application is ''",
    ),
    "an owner removed": Tampering(
        _owner_removed("application"), "managed-changed", _L.LOW, "is no owner of the application any more"
    ),
    "an owner of the principal removed": Tampering(
        _owner_removed("principal"),
        "managed-changed", _L.LOW, "is no owner of the service principal any more",
    ),
    "an assignment required": Tampering(
        _patched("principal", appRoleAssignmentRequired=True),
        "managed-changed", _L.LOW, "appRoleAssignmentRequired of the service principal is 'True'",
    ),
    "tags of the application": Tampering(
        _patched("application", tags=["HideApp", "mine"]),
        "managed-changed", _L.LOW, "tags of the application is 'HideApp, mine'",
    ),
    "tags of the principal": Tampering(
        _patched("principal", tags=["HideApp"]),
        "managed-changed", _L.LOW, "tags of the service principal is 'HideApp'",
    ),
    "another application's role on the room group": Tampering(
        _role_on_room_group, "group-used-elsewhere", _L.MODERATE, "another service principal"
    ),
    "a look-alike": Tampering(_look_alike, "look-alike", _L.CRITICAL, "PlaceOS (old)"),
    "policy and group that a destroyed stack kept": Tampering(
        _left_scope, "retained-scope", _L.LOW, "gone for good"
    ),
    "a group that a destroyed stack kept": Tampering(
        _left_group, "retained-group", _L.LOW, "no policy names it"
    ),
    "a policy that a destroyed stack kept": Tampering(
        _left_policy, "retained-scope", _L.LOW, "gone for good"
    ),
}  # fmt: skip
"""By what was done."""
SEEN_BY_PULUMI = {
    "a description of the application": Tampering(
        _patched("application", description="ours"), "managed-changed", _L.LOW, "description is 'ours'"
    ),
}  # fmt: skip
"""What only Pulumi's own refresh sees, by what was done."""
BY_THE_ENGINE = {
    "a join rule", "an owner of the room group", "the room group shown", "a sender for the room group",
    "mail from outside for the room group", "the room group renamed", "another alias of the room group",
    "another address of the room group", "the mark of the room group removed",
    "another description of the policy", "the mark of the application removed",
    "the mark of the principal removed", "the application renamed", "nothing asked for",
    "an assignment required",
    "a consent revoked", "a secret removed", "the policy removed", "a person in the scope",
    "a group in the scope", "a room taken out", "the room group removed", "the application deleted",
    "the service principal deleted",
}  # fmt: skip
"""Those that only a run of the engine repairs."""
BY_PEOPLE = {
    "another application on the room group", "a policy that denies", "a policy for every application",
    "a policy that denies every application",
}  # fmt: skip
"""Those for which no command is right: somebody else has to be asked first."""
