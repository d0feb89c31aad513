"""Fault plans by name: what they say, that a seed repeats them, and how they begin and end."""

import subprocess
import sys

import pytest

from emulator.exchange.errors import already_exists
from emulator.fault_plans import calm, plan, plans, rehearse
from emulator.faults import Match

PLANS = sorted(plans())


@pytest.mark.parametrize("name", PLANS)
def test_a_seed_repeats_a_plan_and_another_one_changes_it(name):
    chosen = plan(name)
    assert chosen.drawn("7") == chosen.drawn("7")
    delays = chosen.conditions.replication.values()
    varies = any(one.apart for one in chosen.faults) or any(most > 1 for most in delays)
    drawn = [chosen.drawn(str(seed)) for seed in range(20)]
    assert any(one != drawn[0] for one in drawn) == varies


@pytest.mark.parametrize("name", PLANS)
def test_every_plan_names_where_it_is_known_from(name):
    assert plan(name).source
    assert all("." in one or "#" in one for one in plan(name).source)


def test_a_plan_begins_by_name_and_seed_and_ends(cloud):
    begun = cloud.http.post("/emulator/faults", json={"plan": "throttled", "seed": 7}).json()
    assert [one["status"] for one in begun["faults"]] == [429] * len(begun["faults"])
    begun = cloud.http.post("/emulator/faults", json={"plan": "localized"}).json()
    assert begun["conditions"] == {"language": "de-DE"}
    assert cloud.http.delete("/emulator/faults").json() == {"faults": [], "conditions": {}}


@pytest.mark.parametrize("sent", [{"plan": "nonsense"}, {"plan": "throttled", "speed": 1}, {"seed": 1}])
def test_what_is_no_plan_is_refused_and_nothing_begins(cloud, sent):
    answer = cloud.http.post("/emulator/faults", json=sent)
    assert answer.status_code == 400
    if sent.get("plan") == "nonsense":
        assert all(name in answer.json()["error"]["message"] for name in PLANS)
    assert cloud.http.get("/emulator/faults").json() == {"faults": [], "conditions": {}}


@pytest.mark.parametrize("faults", ["nonsense", "throttled:often"])
def test_the_command_refuses_what_is_no_plan_and_lists_those_that_are(faults):
    done = subprocess.run(
        [sys.executable, "-m", "emulator", "serve", "--faults", faults],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "--faults" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_is_found_by_query_and_by_a_pattern_of_cmdlets():
    page, reading = Match(query=r"\$skiptoken"), Match(cmdlet="(Get|Test)-.*")
    assert page.covers("GET", "/v1.0/users", None, "$top=2&$skiptoken=x")
    assert not page.covers("GET", "/v1.0/users", None, "$top=2")
    assert reading.covers("POST", "/", "get-group")
    assert not reading.covers("POST", "/", "Remove-Get-Group")


def test_a_body_of_nuls_comes_as_it_is(cloud):
    rehearse(cloud.tenant, "nul-403", 1)
    path = f"/adminapi/beta/{cloud.tenant.id}/InvokeCommand"
    with cloud.http.stream("POST", path) as first:
        raw = b"".join(first.iter_raw())
    while first.status_code != 403:
        with cloud.http.stream("POST", path) as first:
            raw = b"".join(first.iter_raw())
    assert raw.strip(b"\0") == b""
    assert raw
    assert first.headers["Content-Encoding"] == "gzip"


def test_pages_are_short_while_a_page_may_get_lost(cloud):
    caller = cloud.caller("User.Read.All")
    assert len(caller.ok("GET", "/v1.0/users")["value"]) == 100
    rehearse(cloud.tenant, "lost-page")
    page = caller.ok("GET", "/v1.0/users")
    assert len(page["value"]) == 17
    assert page["@odata.nextLink"]


def test_a_deployer_that_only_reads_gets_tokens_without_writing_rights(cloud):
    deployer = cloud.tenant.settings["deployer"]
    secret = cloud.served.environment["ARM_CLIENT_SECRET"]

    def roles():
        form = {"client_id": deployer, "client_secret": secret, "grant_type": "client_credentials"}
        path = f"/{cloud.tenant.id}/oauth2/v2.0/token"
        assert cloud.http.post(path, data={**form, "scope": f"{cloud.url}/.default"}).is_success
        return cloud.log()[-1]["roles"]

    usual = roles()
    rehearse(cloud.tenant, "reads-only")
    assert roles() == [role for role in usual if "Write" not in role]
    calm(cloud.tenant)
    assert roles() == usual


def test_a_text_changes_with_the_language_and_the_exceptions_type_stays():
    refusal = already_exists("x")
    english, german = (refusal.body(refusal.status, english=one) for one in (True, False))
    assert english != german
    types = [one["error"]["innererror"]["internalexception"]["type"] for one in (english, german)]
    assert types[0] == types[1] == refusal.type
