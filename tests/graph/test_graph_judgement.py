import pytest

from graph.judgement import judge
from wire import Invalid, NotAuthorised
from wire.answers import Answer

DENIED = {
    "code": "Authorization_RequestDenied",
    "message": "Insufficient privileges to complete the operation.",
}


def refusal(operation: str) -> NotAuthorised:
    error = judge(operation, Answer(403, {}, "", {"error": DENIED}))
    assert type(error) is NotAuthorised
    return error


@pytest.mark.parametrize(
    ("operation", "right"),
    [
        ("GET /v1.0/directoryRoles", "RoleManagement.Read.Directory"),
        ("GET /v1.0/directoryRoles/1/members", "RoleManagement.Read.Directory"),
        ("POST /v1.0/applications/1/addPassword", "Application.ReadWrite.OwnedBy, as an owner"),
        ("POST /v1.0/applications/1/removePassword", "microsoft.directory/applications/credentials/update"),
        ("PATCH /v1.0/applications/1", "or Application.ReadWrite.All"),
        ("GET /v1.0/applications/1", "Application.Read.All"),
        ("GET /v1.0/roleManagement/directory/roleAssignments", "RoleManagement.Read.Directory"),
        ("POST /v1.0/roleManagement/directory/roleAssignments", "RoleManagement.ReadWrite.Directory"),
        ("POST /v1.0/servicePrincipals", "Application.ReadWrite.All"),
        ("POST /v1.0/servicePrincipals/1/appRoleAssignedTo", "AppRoleAssignment.ReadWrite.All and"),
        ("GET /v1.0/applications", "Application.Read.All"),
        ("GET /v1.0/directory/deletedItems/microsoft.graph.application", "Application.Read.All"),
        ("GET /v1.0/servicePrincipals", "Application.Read.All"),
        ("GET /v1.0/servicePrincipals/1/appRoleAssignments", "Application.Read.All"),
        ("GET /v1.0/servicePrincipals/1/oauth2PermissionGrants", "Directory.Read.All"),
    ],
)
def test_a_refused_request_names_the_right_that_is_missing(operation, right):
    error = refusal(operation)
    assert error.advice.startswith("Grant the deployer ")
    assert right in error.advice
    assert error.advice in str(error)


@pytest.mark.parametrize("operation", ["GET /v1.0/users/ceo@contoso.example/events", "GET /v1.0/users/1"])
def test_a_refused_probe_names_no_right(operation):
    assert not refusal(operation).advice


def test_what_is_not_a_refusal_names_no_right():
    error = judge("GET /v1.0/applications/1", Answer(400, {}, "", {"error": {"code": "Request_BadRequest"}}))
    assert error is not None
    assert not error.advice


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("document", [None, {}, {"message": "blocked"}, {"error": "blocked"}])
def test_a_page_that_refuses_says_nothing_of_any_right(status, document):
    error = judge("GET /v1.0/applications/1", Answer(status, {}, "<html>", document))
    assert type(error) is Invalid
    assert "proxy" in error.advice
    assert "Grant" not in error.advice
