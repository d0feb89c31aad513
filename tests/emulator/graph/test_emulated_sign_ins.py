"""The sign-in log of service principals: which key, from where, and who may read it."""

import pytest

FILTER = "signInEventTypes/any(t: t eq 'servicePrincipal') and appId eq '{}'"


@pytest.fixture
def auditor(cloud):
    return cloud.caller("AuditLog.Read.All")


def told(auditor, app):
    return auditor.ok("GET", "/beta/auditLogs/signIns", filter=FILTER.format(app.client_id))["value"]


def test_each_sign_in_is_told_the_newest_first_with_its_key_and_address(cloud, auditor):
    app = cloud.app()
    assert cloud.ask_token(app).status_code == 200
    cloud.clock.advance(60)
    assert cloud.ask_token(app, client_secret="guessed").status_code == 401
    failed, worked = told(auditor, app)
    assert (worked["servicePrincipalCredentialKeyId"], worked["ipAddress"]) == ("key", "127.0.0.1")
    assert (worked["status"]["errorCode"], failed["status"]["errorCode"]) == (0, 7000215)
    assert failed["servicePrincipalCredentialKeyId"] is None
    assert failed["createdDateTime"] > worked["createdDateTime"]
    assert worked["resourceDisplayName"] == "Microsoft Graph"
    assert worked["servicePrincipalId"] == app.principal_id


def test_without_the_filter_only_people_s_sign_ins_are_told(cloud, auditor):
    assert auditor.ok("GET", "/beta/auditLogs/signIns")["value"] == []
    assert auditor("GET", "/v1.0/auditLogs/signIns", filter=FILTER.format("x")).status_code == 400


def test_the_log_takes_its_right_and_a_licence(cloud, auditor, refused):
    path = "/beta/auditLogs/signIns"
    assert refused(cloud.caller("Directory.Read.All")("GET", path))[0] == 403
    cloud.store.put("tenant", "tenant", cloud.tenant.settings | {"premium": False})
    assert refused(auditor("GET", path)) == (403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant")


def test_an_application_that_nobody_knows_is_not_logged(cloud, auditor):
    ghost = cloud.app()
    cloud.store.delete("servicePrincipal", ghost.principal_id)
    assert cloud.ask_token(ghost).status_code == 401
    assert told(auditor, ghost) == []
