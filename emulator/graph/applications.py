"""Applications, their owners and their secrets.

https://learn.microsoft.com/en-us/graph/api/resources/application
"""

import uuid

from emulator.clock import stamp
from emulator.graph import key_credentials, passwords, query
from emulator.graph.authorization import MANAGE_APPLICATIONS, READ_APPLICATIONS, must_manage
from emulator.graph.deletion import delete_application
from emulator.graph.entities import APPLICATION, merge
from emulator.graph.errors import GraphError, bad_request, not_found
from emulator.graph.owners import first_owners, owner_operations, spread_owners
from emulator.graph.role_management import by_custom_role
from emulator.graph.routing import NO_CONTENT, Answer, Call, Operations
from emulator.store import Document, Store

OPERATIONS = Operations()

_BY_ID = ("/applications/{id}", "/applications(appId='{app_id}')")
_BY_UNIQUE_NAME = "/applications(uniqueName='{unique_name}')"
_CREATE_IF_MISSING = "create-if-missing"
_AUDIENCES = (
    "AzureADMyOrg",
    "AzureADMultipleOrgs",
    "AzureADandPersonalMicrosoftAccount",
    "PersonalMicrosoftAccount",
)
_NAMED = ("application", "deletedItem")


@OPERATIONS.on("GET", "/applications", needs=READ_APPLICATIONS)
def list_applications(call: Call) -> Answer:
    """List applications."""
    return query.many(call, APPLICATION, call.known("application", call.store.all("application")))


@OPERATIONS.on("GET", *_BY_ID, _BY_UNIQUE_NAME, needs=READ_APPLICATIONS)
def get_application(call: Call) -> Answer:
    """Read an application."""
    return query.one(call, APPLICATION, _with_known_secrets(call, find(call)))


@OPERATIONS.on("POST", "/applications", needs=MANAGE_APPLICATIONS)
def create_application(call: Call) -> Answer:
    """Create an application."""
    return _create(call, APPLICATION.accept(call.body))


@OPERATIONS.on("PATCH", _BY_UNIQUE_NAME, needs=MANAGE_APPLICATIONS)
def upsert_application(call: Call) -> Answer:
    """Change the application of this unique name, or create it if the request prefers that.

    https://learn.microsoft.com/graph/api/application-upsert. The name is unique in the directory, whatever
    a copy of it knows yet.
    """
    unique_name = call.params["unique_name"]
    for application in call.store.all("application"):
        if application.get("uniqueName") == unique_name:
            must_manage(call.token, application)
            return _change(call, application)
    if _CREATE_IF_MISSING not in call.request.headers.get("prefer", ""):
        raise not_found(unique_name)
    return _create(call, APPLICATION.accept(call.body) | {"uniqueName": unique_name})


def _create(call: Call, body: Document) -> Answer:
    if not body.get("displayName"):
        raise bad_request("Property displayName is required and must not be empty.")
    secrets_asked = body.pop("passwordCredentials", [])
    certificates = body.pop("keyCredentials", [])
    application = APPLICATION.whole({})
    merge(application, body)
    _check_audience(application)
    _check_identifier_uris(call.store, application, None)
    _check_unique_name(call.store, application)
    application |= {
        "id": str(uuid.uuid4()),
        "appId": str(uuid.uuid4()),
        "createdDateTime": stamp(call.tenant.clock.now()),
        "publisherDomain": call.tenant.domain,
        "_owners": first_owners(call),
        "_secrets": {},
    }
    key_credentials.replace(application, certificates)
    answered = [passwords.new(call, APPLICATION, application, asked) for asked in secrets_asked]
    call.store.put("application", application["id"], application)
    call.tenant.made("application", application["id"])
    spread_owners(call, application)
    return query.one(call, APPLICATION, application | {"passwordCredentials": answered}, 201)


@OPERATIONS.on("PATCH", *_BY_ID, needs=MANAGE_APPLICATIONS)
def update_application(call: Call) -> Answer:
    """Change an application."""
    return _change(call, _own(call))


def _change(call: Call, application: Document) -> Answer:
    change = APPLICATION.accept(call.body, application)
    kept = application["passwordCredentials"]
    if change.pop("passwordCredentials", kept) != kept:
        raise bad_request("Secrets can't be changed by PATCH: use addPassword and removePassword.")
    _check_disabled_first(application.get("appRoles", []), change.get("appRoles"))
    scopes = change.get("api", {}).get("oauth2PermissionScopes")
    _check_disabled_first(application.get("api", {}).get("oauth2PermissionScopes", []), scopes)
    whole = {**APPLICATION.whole({}), **application}
    if "keyCredentials" in change:
        key_credentials.replace(whole, change.pop("keyCredentials"))
    merge(whole, change)
    _check_audience(whole)
    _check_identifier_uris(call.store, whole, whole["id"])
    call.store.put("application", whole["id"], whole)
    _follow_in_service_principal(call.store, whole)
    return NO_CONTENT


@OPERATIONS.on("DELETE", *_BY_ID, needs=MANAGE_APPLICATIONS)
def remove_application(call: Call) -> Answer:
    """Delete an application and its service principal; both can be restored for 30 days."""
    delete_application(call.store, _own(call), call.tenant.clock.now())
    return NO_CONTENT


@OPERATIONS.on("POST", "/applications/{id}/addPassword", needs=MANAGE_APPLICATIONS, or_by=by_custom_role)
def add_password(call: Call) -> Answer:
    """Add a secret, as a custom role on the application lets one, too; its text is answered this once."""
    return passwords.add(call, APPLICATION, _own_or_given(call))


@OPERATIONS.on("POST", "/applications/{id}/removePassword", needs=MANAGE_APPLICATIONS, or_by=by_custom_role)
def remove_password(call: Call) -> Answer:
    """Remove a secret, as a custom role on the application lets one, too."""
    return passwords.remove(call, APPLICATION, _own_or_given(call))


def find(call: Call) -> Document:
    """The application that the path names by id, appId or unique name; GraphError when there is none."""
    if "unique_name" in call.params:
        unique_name = call.params["unique_name"]
        named = [one for one in call.store.all("application") if one.get("uniqueName") == unique_name]
        if not call.known("application", named, "read"):
            raise not_found(unique_name)
        return named[0]
    if "app_id" in call.params:
        app_id = call.params["app_id"].lower()
        for application in call.store.all("application"):
            if application["appId"].lower() == app_id:
                return application
        raise not_found(app_id)
    found = call.store.get("application", call.params["id"])
    if found is None or not call.known("application", [found], "read"):
        raise not_found(call.params["id"])
    return found


def _with_known_secrets(call: Call, application: Document) -> Document:
    kept = [
        one
        for one in application["passwordCredentials"]
        if call.tenant.knows("passwordCredential", one["keyId"], "list")
    ]
    return application | {"passwordCredentials": kept}


def _own(call: Call) -> Document:
    application = find(call)
    must_manage(call.token, application)
    return application


def _own_or_given(call: Call) -> Document:
    return find(call) if by_custom_role(call) else _own(call)


owner_operations(OPERATIONS, "/applications/{id}/owners", APPLICATION, find)


def _check_disabled_first(before: list[Document], after: list[Document] | None) -> None:
    """A role or scope that others may hold must be disabled before it goes or changes its value."""
    if after is None:
        return
    remaining = {item.get("id"): item for item in after}
    for item in before:
        now = remaining.get(item["id"])
        changed = now is None or (now.get("isEnabled", True) and now.get("value") != item.get("value"))
        if item.get("isEnabled", True) and changed:
            raise GraphError(
                400,
                "CannotDeleteOrUpdateEnabledEntitlement",
                "Permission (scope or role) cannot be deleted or updated unless disabled first.",
            )


def _check_audience(application: Document) -> None:
    """Who may sign in is one of four words; the refusal's text is not confirmed."""
    audience = application["signInAudience"]
    if audience not in _AUDIENCES:
        raise bad_request(f"Invalid value specified for property 'signInAudience' of resource: '{audience}'.")


def _check_unique_name(store: Store, application: Document) -> None:
    """A deleted application keeps its name as long as it can be restored.

    github.com/microsoftgraph/msgraph-bicep-types/issues/137
    """
    name = application.get("uniqueName")
    if name and name in [one.get("uniqueName") for kind in _NAMED for one in store.all(kind)]:
        raise bad_request("Another object with the same value for property uniqueName already exists.")


def _check_identifier_uris(store: Store, application: Document, own_id: str | None) -> None:
    for other in store.all("application"):
        if other["id"] != own_id and set(other.get("identifierUris", [])) & set(
            application["identifierUris"]
        ):
            raise bad_request(
                "Another object with the same value for property identifierUris already exists."
            )


def _follow_in_service_principal(store: Store, application: Document) -> None:
    """What a service principal takes over from its application in the same tenant."""
    for principal in store.all("servicePrincipal"):
        if principal["appId"] == application["appId"]:
            store.put("servicePrincipal", principal["id"], principal | taken_over(application))


def taken_over(application: Document) -> Document:
    """The properties of a service principal that its application decides."""
    whole = APPLICATION.whole(application)
    return {
        "displayName": whole["displayName"],
        "appDisplayName": whole["displayName"],
        "appRoles": whole["appRoles"],
        "oauth2PermissionScopes": whole["api"]["oauth2PermissionScopes"],
        "signInAudience": whole["signInAudience"],
        "homepage": whole["web"]["homePageUrl"],
        "logoutUrl": whole["web"]["logoutUrl"],
        "replyUrls": whole["web"]["redirectUris"] + whole["spa"]["redirectUris"],
        "servicePrincipalNames": [whole["appId"], *whole["identifierUris"]],
    }
