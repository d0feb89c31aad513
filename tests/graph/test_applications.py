from datetime import timedelta

import pytest

from deployer import client_secret_credential
from graph import applications
from graph.administrators import administrators
from graph.api import GraphApi
from tests.fake_service import reply
from wire import NotAuthorised, NotDone, NotFound, Throttled, Unclear

NOBODY = "00000000-0000-4000-8000-000000000000"
NAME = "Probe of plc:1a2b3c4d"


@pytest.fixture
def made(emulated):
    """An application without anything."""
    return emulated.graph.post("/v1.0/applications", {"displayName": "PlaceOS"})


@pytest.fixture
def ends(emulated):
    return emulated.deployer.clock.now() + timedelta(hours=1)


def test_an_application_with_its_owners_and_secrets(emulated, made, ends):
    graph = emulated.graph
    secret = applications.add_password(graph, made["id"], display_name=NAME, ends=ends)
    found = applications.application(graph, made["id"].upper())
    assert found is not None
    assert (found.object_id, found.app_id, found.name) == (made["id"], made["appId"], "PlaceOS")
    (listed,) = found.passwords
    assert (listed.key_id, listed.display_name) == (secret.key_id, NAME)
    assert listed.expires == ends.replace(microsecond=0)
    assert applications.passwords(graph, made["id"]) == found.passwords
    assert found.owners == tuple(sorted(found.owners))


def test_no_application_is_none(emulated):
    assert applications.application(emulated.graph, NOBODY) is None
    with pytest.raises(NotFound):
        applications.passwords(emulated.graph, NOBODY)


def test_a_secret_is_never_shown(emulated, made, ends):
    secret = applications.add_password(emulated.graph, made["id"], display_name=NAME, ends=ends)
    assert secret.secret
    assert secret.secret not in f"{secret!r} {secret} {[secret]}"


def test_removing_a_secret_twice_is_fine(emulated, made, ends):
    secret = applications.add_password(emulated.graph, made["id"], display_name=NAME, ends=ends)
    applications.remove_password(emulated.graph, made["id"], secret.key_id)
    applications.remove_password(emulated.graph, made["id"], secret.key_id)
    applications.remove_password(emulated.graph, NOBODY, secret.key_id)
    assert applications.passwords(emulated.graph, made["id"]) == ()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_secret_whose_answer_is_lost_leaves_no_second_one(emulated, made, ends, when):
    emulated.fault(path="addPassword", status="reset", when=when)
    secret = applications.add_password(emulated.graph, made["id"], display_name=NAME, ends=ends)
    assert [one.key_id for one in applications.passwords(emulated.graph, made["id"])] == [secret.key_id]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_removal_whose_answer_is_lost_is_made_whole(emulated, made, ends, when):
    secret = applications.add_password(emulated.graph, made["id"], display_name=NAME, ends=ends)
    emulated.fault(path="removePassword", status=503, when=when)
    applications.remove_password(emulated.graph, made["id"], secret.key_id)
    assert applications.passwords(emulated.graph, made["id"]) == ()


def test_a_removal_that_is_refused_is_an_error(emulated, made, ends):
    secret = applications.add_password(emulated.graph, made["id"], display_name=NAME, ends=ends)
    emulated.fault(path="removePassword", status=403)
    with pytest.raises(NotAuthorised):
        applications.remove_password(emulated.graph, made["id"], secret.key_id)


def test_an_answer_without_the_secret_is_unclear(deployer, script):
    graph = GraphApi(deployer.credential, deployer.cloud, deployer.clock)
    script.then(reply({}), reply({"id": "1", "passwordCredentials": []}), reply({}))
    with pytest.raises(Unclear, match="held no secret"):
        applications.add_password(graph, "1", display_name=NAME, ends=deployer.clock.now())


def test_consent_is_listed_by_resource_and_role(emulated):
    other = next(
        one for one in emulated.tenant.store.all("servicePrincipal") if one["displayName"] == "Travel Desk"
    )
    held = applications.app_role_assignments(emulated.graph, other["id"])
    stored = [
        one for one in emulated.tenant.store.all("appRoleAssignment") if one["principalId"] == other["id"]
    ]
    assert {one.assignment_id for one in held} == {one["id"] for one in stored}
    assert held
    assert all(one.resource_name for one in held)


def test_delegated_consent_says_for_whom(deployer, script):
    graph = GraphApi(deployer.credential, deployer.cloud, deployer.clock)
    script.then(
        reply(
            {
                "value": [
                    {"id": "2", "resourceId": "R", "scope": " b a ", "consentType": "AllPrincipals"},
                    {"id": "1", "resourceId": "r", "scope": None, "consentType": "Principal"},
                ]
            }
        )
    )
    one, two = applications.oauth_grants(graph, "sp")
    assert (one.scopes, one.everyone) == ((), False)
    assert (two.scopes, two.everyone) == (("a", "b"), True)


def test_administrators_of_every_role_are_named(emulated):
    people = emulated.tenant.store.all("user")
    admins = {one["id"] for one in people if one["displayName"] in ("Global Admin", "Exchange Admin")}
    assert len(admins) == 2
    assert admins <= administrators(emulated.graph)
    assert next(one["id"] for one in people if one["displayName"] == "Ada Ashby") not in administrators(
        emulated.graph
    )


def test_a_wrong_secret_says_which_and_what_to_do(emulated):
    deployer = emulated.deployer
    credential = client_secret_credential(
        deployer.tenant_id, deployer.client_id, "wrong~secret", deployer.cloud, deployer.clock
    )
    with pytest.raises(NotAuthorised, match=r"Sign-in: .*AADSTS7000215") as raised:
        GraphApi(credential, deployer.cloud, deployer.clock).get("/v1.0/directoryRoles")
    assert raised.value.code == "AADSTS7000215"
    assert "wrong~secret" not in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("status", ["reset", 429, 503])
def test_a_sign_in_that_fails_for_a_moment_is_repeated_for_writes_too(emulated, status):
    emulated.fault(path="/oauth2/v2.0/token", status=status, times=6)
    assert emulated.graph.post("/v1.0/applications", {"displayName": "PlaceOS"})["id"]


@pytest.mark.parametrize(("status", "kind"), [("reset", NotDone), (503, NotDone), (429, Throttled)])
def test_a_sign_in_that_never_answers_leaves_nothing_unclear(emulated, status, kind):
    emulated.fault(path="/oauth2/v2.0/token", status=status, times=999)
    with pytest.raises(kind, match=r"Sign-in: POST /v1\.0/applications: ") as raised:
        emulated.graph.post("/v1.0/applications", {"displayName": "PlaceOS"})
    assert not isinstance(raised.value, Unclear)


def test_a_token_older_than_the_tenants_hour_is_made_anew(emulated):
    graph = emulated.graph
    assert graph.list("/v1.0/directoryRoles")
    emulated.deployer.clock.sleep(2 * 3600)
    assert graph.list("/v1.0/directoryRoles")


def test_the_sign_in_waits_on_the_clock_of_the_tenant(emulated):
    before = emulated.deployer.clock.now()
    emulated.fault(path="/oauth2/v2.0/token", status=429, headers={"Retry-After": "120"})
    assert emulated.graph.list("/v1.0/directoryRoles")
    assert emulated.deployer.clock.now() - before >= timedelta(seconds=120)
