import pytest

from pipeline_subject import GITHUB, azure_devops_problem, credential_name, of_github, problem

ID = "7f1b2c3d-0000-4000-8000-000000000001"
ENTRA = f"https://login.microsoftonline.com/{ID}/v2.0"


@pytest.mark.parametrize(
    ("given", "subject"),
    [
        ({"environment": "prod"}, "repo:contoso/rooms:environment:prod"),
        ({"environment": "prod:eu"}, "repo:contoso/rooms:environment:prod%3Aeu"),
        ({"branch": "release/1"}, "repo:contoso/rooms:ref:refs/heads/release/1"),
        ({"tag": "v1.0"}, "repo:contoso/rooms:ref:refs/tags/v1.0"),
    ],
)
def test_the_forms_that_github_documents(given, subject):
    assert of_github("contoso/rooms", **given) == subject
    assert problem(subject, GITHUB) == ""


@pytest.mark.parametrize("given", [{}, {"environment": "prod", "tag": "v1"}])
def test_one_of_them_and_no_more(given):
    assert of_github("contoso/rooms", **given) == ""


@pytest.mark.parametrize(
    "subject",
    [
        "repo:contoso/rooms:pull_request",
        "repo:contoso/*:environment:prod",
        "repo:contoso/rooms:ref:refs/heads/?",
        "repo:contoso/rooms:ref:refs/pull/7/merge",
        "repo:contoso/rooms",
        "repo:contoso/rooms:environment:",
        "job_workflow_ref:contoso/rooms",
        "",
        " ",
    ],
)
def test_what_lets_in_too_many_is_refused(subject):
    assert problem(subject, GITHUB)


@pytest.mark.parametrize(
    ("issuer", "subject"),
    [
        (f"https://vstoken.dev.azure.com/{ID}", "sc://contoso/Meeting rooms/deployer"),
        (ENTRA, f"/eid1/c/pub/t/abc/a/def/sc/{ID}/{ID}"),
    ],
)
def test_a_service_connection_of_either_kind(issuer, subject):
    assert azure_devops_problem(subject, issuer) == ""


@pytest.mark.parametrize(
    ("issuer", "subject"),
    [
        (f"https://vstoken.dev.azure.com/{ID}", "sc://contoso/rooms"),
        (f"https://vstoken.dev.azure.com/{ID}", f"/eid1/c/pub/t/abc/a/def/sc/{ID}/{ID}"),
        ("https://vstoken.dev.azure.com/contoso", "sc://contoso/rooms/deployer"),
        (ENTRA, "sc://contoso/rooms/deployer"),
        (GITHUB, "sc://contoso/rooms/deployer"),
    ],
)
def test_what_is_no_service_connection(issuer, subject):
    assert azure_devops_problem(subject, issuer)


def test_a_name_that_graph_takes():
    assert credential_name("repo:contoso/rooms:environment:prod") == "repo-contoso-rooms-environment-prod"
    assert len(credential_name("x" * 200)) == 120
