"""One stack, three identities: one applies it, one rotates its client secrets, one reads."""

import csv
from datetime import timedelta
from typing import Any

import pytest

from rights import Role, needed
from tests.docs.test_deployer_rights import lacking, told
from tests.engine.promise import holds
from tests.engine.rehearsal import INSIDE, OUTSIDE, ROOT, Rehearsal, opens
from tests.in_process import roomctl
from tests.roomctl.desk import exported

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

PERIOD = 14


def made_by_the_command(rehearsal: Rehearsal, name: str, *arguments: str) -> dict[str, str]:
    """The environment of an identity of `roomctl create-deployer`."""
    file = rehearsal.folder / f"{name}.env"
    command = ["create-deployer", "--name", name, "--secret-file", str(file), "--yes", *arguments]
    administrator = rehearsal.environment | rehearsal.tenant.environment_of("Tenant Administrator")
    done = roomctl(*command, variables=administrator, folder=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    variables = exported(file)
    file.unlink()  # no secret is left behind
    return rehearsal.tenant.environment | variables


def test_who_rotates_changes_the_client_secrets_and_nothing_else(rehearsal: Rehearsal) -> None:
    tenant, store = rehearsal.tenant, rehearsal.tenant.store
    rehearsal.configure(
        rotationAnchor=f"{tenant.clock.now():%Y-%m-%d}",
        rotationPeriodDays=PERIOD,
        applicationOwners=[OUTSIDE],
    )
    assert rehearsal.up().code == 0
    first = rehearsal.outputs(secrets=True)
    rotating = made_by_the_command(
        rehearsal, "Rotation", "--role=rotate", "--application", first["clientId"], "--application-owners"
    )
    reading = made_by_the_command(rehearsal, "Looks only", "--role=read", "--application-owners")
    before, made, since = everything_else(rehearsal), keys(rehearsal, first), len(rehearsal.requests())

    with rehearsal.run_by(rotating):
        quiet = rehearsal.rotate("--expect-no-changes")
        assert quiet.code == 0, quiet.output
        boundary(rehearsal)
        for right in needed({Role.ROTATE}, "applicationOwners"):
            with lacking(store, right, "Rotation"):
                refused = rehearsal.rotate()
            assert refused.code not in (0, 7), refused.output
            told(right, refused.output)
            assert keys(rehearsal, first) == made
        second = rotated(rehearsal, first)
        holds(tenant, OUTSIDE)

        with (ROOT / "examples/contoso/rooms.csv").open() as file:
            rooms = [row["email"] for row in csv.DictReader(file)]
        inventory = rehearsal.settings["inventory"]
        fewer = ["Calendars.ReadWrite", "GroupMember.Read.All", "User.Read.All"]
        rehearsal.configure(inventory=None, rooms=rooms[:9], permissions=fewer)
        boundary(rehearsal)
        third = rotated(rehearsal, second)
        assert third["grantedPermissions"] == first["grantedPermissions"], "what the tenant has"
        with rehearsal.run_by(reading):
            assert rehearsal.drift().code == 0

        boundary(rehearsal)
        rehearsal.configure(rooms=[*rooms, "reception@contoso.example"], permissions=None)
        stopped(rehearsal, third, "let the deployer apply the settings first")
        rehearsal.configure(rooms=None, inventory=inventory)
        rehearsal.configure(permissions=[*first["grantedPermissions"], "Mail.Send"])
        stopped(rehearsal, third, "not specified in --target")
        rehearsal.configure(permissions=None)

        assert everything_else(rehearsal) == before
        rehearsal.exchange.run(
            "Remove-ApplicationAccessPolicy", Identity=first["accessPolicyIds"][0], Confirm=False
        )
        tenant.clock.advance(timedelta(hours=3).total_seconds())
        stopped(rehearsal, third, "WAITING for Microsoft Graph")
    mended = rehearsal.up("--refresh")
    assert mended.code == 0, mended.output
    assert changed_by(rehearsal, rotating, since) == {"addPassword", "removePassword"}

    with rehearsal.run_by(reading):
        preview = rehearsal.pulumi("preview", "--expect-no-changes")
        assert preview.code == 0, preview.output
    assert {one[:4] for one in changed_by(rehearsal, reading, since)} <= {"Get-", "Test"}


def boundary(rehearsal: Rehearsal) -> None:
    rehearsal.tenant.clock.advance(timedelta(days=PERIOD).total_seconds())


def rotated(rehearsal: Rehearsal, before: dict[str, Any]) -> dict[str, Any]:
    """A run that hands out another secret, while the one before goes on working."""
    done = rehearsal.rotate()
    assert done.code == 0, done.output
    after = rehearsal.outputs(secrets=True)
    assert after["clientSecretKeyId"] != before["clientSecretKeyId"]
    assert keys(rehearsal, before) == {before["clientSecretKeyId"], after["clientSecretKeyId"]}
    for one in (before, after):
        assert opens(rehearsal.as_placeos(one), INSIDE)
        assert not opens(rehearsal.as_placeos(one), OUTSIDE)
    return after


def stopped(rehearsal: Rehearsal, made: dict[str, Any], said: str) -> None:
    """A run that says why it stops, and leaves everything as it was."""
    before = keys(rehearsal, made)
    done = rehearsal.rotate()
    assert done.code not in (0, 7), done.output
    assert said in " ".join(done.output.split()), done.output
    assert "Traceback" not in done.output
    assert keys(rehearsal, made) == before


def keys(rehearsal: Rehearsal, outputs: dict[str, Any]) -> set[str]:
    application = rehearsal.tenant.store.get("application", outputs["applicationObjectId"])
    assert application is not None
    return {one["keyId"] for one in application["passwordCredentials"]}


def everything_else(rehearsal: Rehearsal) -> dict[str, list[Any]]:
    """The tenant without client secrets."""
    kinds = ("application", "servicePrincipal", "appRoleAssignment", "recipient", "group", "accessPolicy")
    secret = ("passwordCredentials", "_secrets")
    store = rehearsal.tenant.store
    return {
        kind: sorted(
            ({name: v for name, v in one.items() if name not in secret} for one in store.all(kind)), key=str
        )
        for kind in (*kinds, "roleGroup", "roleAssignment", "roleDefinition")
    }


def changed_by(rehearsal: Rehearsal, identity: dict[str, str], since: int) -> set[str]:
    """What this identity did beside signing in and reading Microsoft Graph."""
    done = [
        one
        for one in rehearsal.requests()[since:]
        if one.get("client") == identity["ARM_CLIENT_ID"] and one["method"] != "GET" and one["status"] < 300
    ]
    return {one.get("cmdlet") or one["path"].rpartition("/")[2] for one in done} - {"token"}
