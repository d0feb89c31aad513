"""The directory's audit log: who consented, for how long it is kept, and who may read it."""

import pytest

PATH = "/v1.0/auditLogs/directoryAudits"
CONSENT = "activityDisplayName eq 'Add app role assignment to service principal'"
DAY = 86400
GRAPH = "00000003-0000-0000-c000-000000000000"


@pytest.fixture
def admin(cloud):
    return cloud.caller("Application.ReadWrite.All", "Directory.Read.All", "AppRoleAssignment.ReadWrite.All")


RIGHTS = ("AuditLog.Read.All", "Directory.Read.All")


@pytest.fixture
def auditor(cloud):
    return cloud.caller(*RIGHTS)


@pytest.fixture
def consent(cloud, admin):
    """Somebody consents to one permission for a new principal: (the principal, the grant)."""

    def made(name="Calendars.ReadWrite"):
        app = admin.ok("POST", "/v1.0/applications", {"displayName": "rooms"})
        principal = admin.ok("POST", "/v1.0/servicePrincipals", {"appId": app["appId"]})
        [service] = [one for one in cloud.store.all("servicePrincipal") if one["appId"] == GRAPH]
        [role] = [one["id"] for one in service["appRoles"] if one["value"] == name]
        body = {"principalId": principal["id"], "resourceId": service["id"], "appRoleId": role}
        path = f"/v1.0/servicePrincipals/{service['id']}/appRoleAssignedTo"
        return principal, admin.ok("POST", path, body), (path, body)

    return made


def test_a_consent_is_told_with_who_gave_it_to_whom(auditor, admin, consent):
    consent()
    principal, grant, again = consent("User.Read.All")
    assert admin("POST", *again).status_code == 400, "what is refused is no consent"
    newest, before = auditor.ok("GET", PATH, filter=CONSENT)["value"]
    assert newest["activityDateTime"] == grant["createdDateTime"]
    assert newest["initiatedBy"]["user"] is None
    assert newest["initiatedBy"]["app"]["servicePrincipalId"]
    service, client = newest["targetResources"]
    assert (service["id"], client["id"]) == (grant["resourceId"], principal["id"])
    said = {one["displayName"]: one["newValue"] for one in service["modifiedProperties"]}
    assert said["AppRole.Value"] == '"User.Read.All"'
    assert said["AppRole.Id"] == f'"{grant["appRoleId"]}"'
    of_client = f"{CONSENT} and targetResources/any(t: t/id eq '{principal['id']}')"
    assert auditor.ok("GET", PATH, filter=of_client)["value"] == [newest]
    assert before != newest


def test_it_is_kept_for_thirty_days_and_for_seven_without_a_licence(cloud, consent):
    def kept(*, premium):
        cloud.store.put("tenant", "tenant", cloud.tenant.settings | {"premium": premium})
        return len(cloud.caller(*RIGHTS).ok("GET", PATH)["value"])

    consent()
    assert kept(premium=False) == 1
    cloud.clock.advance(8 * DAY)
    assert (kept(premium=False), kept(premium=True)) == (0, 1)
    cloud.clock.advance(23 * DAY)
    assert kept(premium=True) == 0


def test_it_takes_both_rights_and_the_filters_that_are_supported(cloud, auditor, refused):
    for right in RIGHTS:
        assert refused(cloud.caller(right)("GET", PATH))[0] == 403
    for unsupported in ("activityDisplayName ne 'x'", "result eq 'success'", "category in ('x')"):
        assert refused(auditor("GET", PATH, filter=unsupported)) == (400, "BadRequest")
