"""The policy pack in the real engine: what passes, what is refused, and that nothing is made then."""

import json
import re
from typing import Any

import pytest

from tests.emulated_vault import vault_id
from tests.engine.rehearsal import ROOT, Rehearsal, Run

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

PACK = str(ROOT / "policies")
EXCEPTION = {"resource": "*-group", "reason": "A trial.", "owner": "rooms@contoso.example"}


def configuration(name: str) -> dict[str, Any]:
    """One that comes with the pack."""
    return dict(json.loads((ROOT / f"policies/config/{name}.json").read_text()))


def run(rehearsal: Rehearsal, config: dict[str, Any], *command: str) -> Run:
    """Preview, or another command, with the pack so configured."""
    file = rehearsal.folder / "policy-config.json"
    file.write_text(json.dumps(config))
    done = rehearsal.pulumi(
        *(command or ("preview",)), "--policy-pack", PACK, "--policy-pack-config", str(file)
    )
    assert "Traceback" not in done.output, done.output
    assert "can't run policy" not in done.output, done.output
    return done


def said(output: str) -> list[tuple[str, str, str]]:
    """Level, rule and message of each finding, as the engine shows them."""
    shown = re.findall(
        r"^ +- \[(\w+)\] +(?:\[severity: \w+\] +)?([\w-]+) .*\n +(\S.*)\n +(\S.*)$", output, re.MULTILINE
    )
    return sorted((level, rule, message) for level, rule, _description, message in shown)


def writes(request: dict[str, Any]) -> bool:
    """Whether a request of the log changes something in the tenant."""
    if cmdlet := request.get("cmdlet"):
        return not cmdlet.startswith(("Get-", "Test-"))
    return request["method"] != "GET" and not re.search(r"/oauth2/|/clock$|/\$batch$", request["path"])


def test_a_permission_beside_the_profile_is_refused_before_anything_is_made(rehearsal: Rehearsal) -> None:
    default = configuration("default")
    rehearsal.configure(permissions=["Calendars.ReadWrite", "Mail.Send", "Place.Read.All", "User.Read.All"])
    refused = run(rehearsal, default, "up", "--yes")
    assert refused.code not in (0, 7), refused.output
    assert [(level, rule, message.partition(".")[0]) for level, rule, message in said(refused.output)] == [
        ("mandatory", "permissions-on-list", "placeos-consent-Mail"),
        ("mandatory", "permissions-on-list", "placeos-identity-application asks for Mail"),
    ]
    assert "asks for Mail.Send, which profile room-booking does not have. What is not on" in refused.output
    assert not [one for one in rehearsal.resources() if not one["type"].startswith("pulumi:")]
    assert not [one for one in rehearsal.requests() if writes(one)], "nothing was asked of the tenant"

    rehearsal.configure(permissions=None)
    made = run(rehearsal, default, "up", "--yes")
    assert made.code == 0, made.output
    assert said(made.output) == []
    # Now every value is known, the secrets', too.
    again = run(rehearsal, default, "preview", "--expect-no-changes")
    assert again.code == 0, again.output
    assert said(again.output) == []


def test_production_wants_protection_and_exceptions_have_their_day(rehearsal: Rehearsal) -> None:
    production = configuration("production")
    unprotected = run(rehearsal, production)
    assert unprotected.code not in (0, 7), unprotected.output
    why = "Made anew it has another id, and consent, scope and PlaceOS's settings hang on the old one."
    mend = "Set protect to true in the stack's settings."
    expected = [
        ("mandatory", "protected-from-deletion", f"{name} is not protected. {why} {mend}")
        for name in ("placeos-identity-application", "placeos-rooms-group")
    ]
    assert said(unprotected.output) == expected

    entry = {**EXCEPTION, "resource": "placeos-*", "expires": "2999-12-31"}
    production["protected-from-deletion"]["exceptions"] = [entry]
    passed = run(rehearsal, production)
    assert passed.code == 0, passed.output
    assert [(level, rule) for level, rule, _ in said(passed.output)] == [
        ("advisory", "exceptions-in-force")
    ] * 2
    assert "placeos-rooms-group breaks protected-from-deletion and passes until 2999-12-31" in passed.output

    production["protected-from-deletion"]["exceptions"] = [{**EXCEPTION, "expires": "2026-01-31"}]
    expired = run(rehearsal, production)
    assert expired.code not in (0, 7), expired.output
    over = " Its exception, for which rooms@contoso.example answers, expired on 2026-01-31."
    [first, (level, rule, message)] = expected
    assert said(expired.output) == [first, (level, rule, message + over)]

    production["protected-from-deletion"]["exceptions"] = [EXCEPTION]
    malformed = run(rehearsal, production)
    assert malformed.code not in (0, 7), malformed.output
    assert "protected-from-deletion: exceptions.0: expires is required" in malformed.output

    rehearsal.configure(protect=True)
    protected = run(rehearsal, configuration("production"))
    assert protected.code == 0, protected.output
    assert said(protected.output) == []


def test_every_kind_of_stack_passes(rehearsal: Rehearsal) -> None:
    theirs = rehearsal.graph.post("/v1.0/applications", {"displayName": "Sign-in"})
    rehearsal.graph.post("/v1.0/servicePrincipals", {"appId": theirs["appId"]})
    deployer = rehearsal.graph.list("/v1.0/servicePrincipals", {"$filter": "displayName eq 'Deployer'"})[0]
    owner = {"@odata.id": f"{rehearsal.tenant.url}/v1.0/directoryObjects/{deployer['id']}"}
    rehearsal.graph.post(f"/v1.0/applications/{theirs['id']}/owners/$ref", owner)
    plain = dict(rehearsal.settings)
    kinds: list[dict[str, Any]] = [
        {"staff": ["ada.ashby@contoso.example"], "staffGroupAddress": "placeosstaff@contoso.example"},
        {"staffGroup": "travel-desk-mailboxes@contoso.example", "consent": "manual"},
        {"applicationClientId": theirs["appId"]},
        {"keyVault": vault_id(rehearsal.tenant)},
    ]
    for kind in kinds:
        rehearsal.settings = {**plain, **kind}
        passed = run(rehearsal, configuration("default"))
        assert passed.code == 0, passed.output
        assert said(passed.output) == [], kind
