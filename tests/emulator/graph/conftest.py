"""What tests of Graph share beyond the tenant itself."""

import pytest

APPLICATIONS = ("Application.ReadWrite.All", "Directory.Read.All")


@pytest.fixture
def admin(shared_cloud):
    """A caller that may manage applications and consent."""
    return shared_cloud.caller(*APPLICATIONS, "AppRoleAssignment.ReadWrite.All")


@pytest.fixture
def application(admin):
    """An application with its service principal: (application, service principal)."""
    made = admin.ok("POST", "/v1.0/applications", {"displayName": "rooms"})
    return made, admin.ok("POST", "/v1.0/servicePrincipals", {"appId": made["appId"]})
