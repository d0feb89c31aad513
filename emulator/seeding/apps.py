"""Applications: Microsoft's own services, and the tenant's apps with their consents and policies."""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import yaml

from emulator.clock import stamp
from emulator.ids import security_id, stable_id
from emulator.issued import new_secret
from emulator.seeding.groups import object_id
from emulator.store import Document, Store
from emulator.tenants import App, Policy, TenantFile, TenantFileError
from emulator.tokens import LIFETIME, token_lifetime_policy

MICROSOFT = Path(__file__).parent / "microsoft.yaml"
MICROSOFT_TENANT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
SECRET_LIFETIME = timedelta(days=730)


def make(store: Store, tenant_file: TenantFile, began: datetime) -> None:
    """Write Microsoft's service principals, then each app of the file."""
    services = {
        name: _service(store, tenant_file, name, described, began) for name, described in _microsoft().items()
    }
    for app in tenant_file.apps:
        _app(store, tenant_file, app, began)
        for service, permissions in app.permissions.items():
            if service not in services:
                raise TenantFileError(f"app {app.name!r}: {service!r} is none of {', '.join(services)}")
            for permission in permissions:
                consent = _consent(tenant_file, app.name, services[service], permission)
                store.put("appRoleAssignment", consent["id"], consent | {"createdDateTime": stamp(began)})
        if app.policy is not None:
            _policy(store, tenant_file, app.name, app.policy, began)
    if tenant_file.deployer not in [app.name for app in tenant_file.apps if app.secret]:
        raise TenantFileError(f"the deployer {tenant_file.deployer!r} must be an app with `secret: true`")


@cache
def _microsoft() -> dict[str, Document]:
    """The file, read once a process: it is the same for every tenant."""
    return dict(yaml.safe_load(MICROSOFT.read_text(encoding="utf-8")))


def _service(
    store: Store, tenant_file: TenantFile, name: str, described: Document, began: datetime
) -> Document:
    service: Document = {
        "id": tenant_file.id_of("servicePrincipal", name),
        "appId": described["appId"],
        "displayName": name,
        "appDisplayName": name,
        "createdDateTime": stamp(began),
        "servicePrincipalType": "Application",
        "servicePrincipalNames": [described["appId"], *described["names"]],
        "appOwnerOrganizationId": MICROSOFT_TENANT,
        "accountEnabled": True,
        "signInAudience": "AzureADMultipleOrgs",
        "appRoles": [
            {
                "id": id_,
                "value": value,
                "displayName": display,
                "description": display,
                "allowedMemberTypes": ["Application"],
                "isEnabled": True,
                "origin": "Application",
            }
            for value, (id_, display) in described["roles"].items()
        ],
        "oauth2PermissionScopes": [
            {
                "id": id_,
                "value": value,
                "type": "User",
                "isEnabled": True,
                "adminConsentDisplayName": display,
                "adminConsentDescription": display,
                "userConsentDisplayName": display,
                "userConsentDescription": display,
            }
            for value, (id_, display) in described["scopes"].items()
        ],
        "_owners": [],
    }
    store.put("servicePrincipal", service["id"], service)
    return service


def _app(store: Store, tenant_file: TenantFile, app: App, began: datetime) -> None:
    if not app.managed_identity:
        _application(store, tenant_file, app, began)
    app_id = tenant_file.app_id_of(app.name)
    principal: Document = {
        "id": tenant_file.id_of("servicePrincipal", app.name),
        "appId": app_id,
        "displayName": app.name,
        "appDisplayName": None if app.managed_identity else app.name,
        "createdDateTime": stamp(began),
        "servicePrincipalType": "ManagedIdentity" if app.managed_identity else "Application",
        "servicePrincipalNames": [app_id],
        "appOwnerOrganizationId": tenant_file.id_of("tenant"),
        "accountEnabled": True,
        "signInAudience": "AzureADMyOrg",
        "_owners": _owners(tenant_file, app),
    }
    store.put("servicePrincipal", principal["id"], principal)
    lifetime = timedelta(minutes=app.token_lifetime_minutes)
    if lifetime != LIFETIME:
        id_ = tenant_file.id_of("tokenLifetimePolicy", app.name)
        policy = token_lifetime_policy(id_, f"Tokens of {app.name}", lifetime, [principal["id"]])
        store.put("tokenLifetimePolicy", id_, policy)


def _application(store: Store, tenant_file: TenantFile, app: App, began: datetime) -> None:
    application: Document = {
        "id": tenant_file.id_of("application", app.name),
        "appId": tenant_file.app_id_of(app.name),
        "displayName": app.name,
        "signInAudience": "AzureADMyOrg",
        "publisherDomain": tenant_file.domain,
        "createdDateTime": stamp(began),
        "passwordCredentials": [],
        "_secrets": {},
        "_owners": _owners(tenant_file, app),
    }
    if app.secret:
        _give_secret(store, application, began)
    store.put("application", application["id"], application)


def _owners(tenant_file: TenantFile, app: App) -> list[str]:
    known = {one.name for one in tenant_file.apps}
    if unknown := sorted(set(app.owners) - known):
        raise TenantFileError(f"app {app.name!r}: there is no app {unknown[0]!r} to own it")
    return [tenant_file.id_of("servicePrincipal", name) for name in app.owners]


def _give_secret(store: Store, application: Document, began: datetime) -> None:
    key_id, text = stable_id(application["id"], "secret"), new_secret(store, "emu")
    application["_secrets"][key_id] = text
    application["passwordCredentials"].append(
        {
            "keyId": key_id,
            "displayName": "set up with the tenant",
            "hint": text[:3],
            "secretText": None,
            "customKeyIdentifier": None,
            "startDateTime": stamp(began),
            "endDateTime": stamp(began + SECRET_LIFETIME),
        }
    )


def _consent(tenant_file: TenantFile, app: str, service: Document, permission: str) -> Document:
    roles = {role["value"]: role["id"] for role in service["appRoles"]}
    if permission not in roles:
        raise TenantFileError(f"app {app!r}: {service['displayName']} has no permission {permission!r}")
    return {
        "id": tenant_file.id_of("consent", app, service["displayName"], permission),
        "appRoleId": roles[permission],
        "principalId": tenant_file.id_of("servicePrincipal", app),
        "principalType": "ServicePrincipal",
        "principalDisplayName": app,
        "resourceId": service["id"],
        "resourceDisplayName": service["displayName"],
    }


def _policy(store: Store, tenant_file: TenantFile, app: str, policy: Policy, began: datetime) -> None:
    group_id = object_id(store, tenant_file, policy.group)
    group = store.get("recipient", group_id)
    if group is None:
        raise TenantFileError(f"app {app!r}: Exchange doesn't know the policy's group {policy.group!r}")
    app_id = tenant_file.app_id_of(app)
    scope = f"{security_id(group_id)};{group_id}"
    identity = f"{tenant_file.id_of('tenant')}\\{app_id}:{scope}"
    store.put(
        "accessPolicy",
        identity,
        {
            "Identity": identity,
            "AppId": app_id,
            "ScopeName": group["DisplayName"],
            "ScopeIdentity": group["Name"],
            "ScopeIdentityRaw": scope,
            "Description": policy.description,
            "AccessRight": "RestrictAccess",
            "ShardType": "All",
            "IsValid": True,
            "ObjectState": "Unchanged",
            "_created": stamp(began - timedelta(days=30)),
        },
    )
