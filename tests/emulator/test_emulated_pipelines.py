import jwt
import pytest

from emulator.federation import AUDIENCE
from emulator.pipelines import GITHUB, azure_devops_job, github_job

SUBJECT = "repo:contoso/rooms:environment:prod"
ISSUER = "https://vstoken.dev.azure.com/7f1b2c3d-0000-4000-8000-000000000001"
CONNECTION = "sc://contoso/rooms/deployer"


def claims(token):
    return jwt.decode(token, options={"verify_signature": False})


def bearer(text):
    return {"Authorization": f"Bearer {text}"}


def test_a_job_of_github_gets_a_token_for_the_audience_it_names(cloud):
    job = github_job(cloud.tenant, SUBJECT)
    url, given = job["ACTIONS_ID_TOKEN_REQUEST_URL"], bearer(job["ACTIONS_ID_TOKEN_REQUEST_TOKEN"])
    said = claims(cloud.http.get(f"{url}&audience={AUDIENCE}", headers=given).json()["value"])
    assert (said["iss"], said["sub"], said["aud"]) == (GITHUB, SUBJECT, AUDIENCE)
    assert claims(cloud.http.get(url, headers=given).json()["value"])["aud"] == "https://github.com/contoso"
    assert cloud.http.get(url, headers=bearer("guessed")).status_code == 401


@pytest.mark.parametrize(
    ("query", "token", "status"),
    [
        ("?api-version=7.1&serviceConnectionId=here", None, 200),
        ("?api-version=7.1&serviceConnectionId=another", None, 404),
        ("?serviceConnectionId=here", None, 401),
        ("?api-version=7.1&serviceConnectionId=here", "guessed", 401),
    ],
)
def test_a_job_of_azure_devops_gets_a_token_of_its_service_connection(cloud, query, token, status):
    job = azure_devops_job(cloud.tenant, ISSUER, CONNECTION, "here")
    given = bearer(token or job["SYSTEM_ACCESSTOKEN"])
    answer = cloud.http.post(job["SYSTEM_OIDCREQUESTURI"] + query, headers=given)
    assert answer.status_code == status
    if status == 200:
        said = claims(answer.json()["oidcToken"])
        assert (said["iss"], said["sub"], said["aud"]) == (ISSUER, CONNECTION, AUDIENCE)
