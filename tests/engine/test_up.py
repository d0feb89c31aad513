"""From nothing to hand-over, twice, and what the state then holds."""

import json
import re
from typing import Any

import pytest

from tests.engine.rehearsal import Rehearsal

pytestmark = pytest.mark.engine

OUTPUTS = {
    "clientId",
    "tenantId",
    "applicationObjectId",
    "servicePrincipalObjectId",
    "clientSecret",
    "clientSecretKeyId",
    "clientSecretExpires",
    "keyVaultSecretUri",
    "nextRotation",
    "roomGroupAddress",
    "roomGroupObjectId",
    "accessPolicyIds",
    "grantedPermissions",
    "configuredAccess",
    "enforcedAccess",
    "placeosCalendarConfig",
    "legacyEngineSettings",
    "legacyEngineEnvironment",
}


def test_up_then_up_again_changes_nothing_and_nothing_has_drifted(rehearsal: Rehearsal) -> None:
    first = rehearsal.up()
    assert first.code == 0, first.output
    assert "Traceback" not in first.output

    preview = rehearsal.pulumi("preview", "--expect-no-changes", "--diff")
    assert preview.code == 0, preview.output
    second = rehearsal.up("--expect-no-changes")
    assert second.code == 0, second.output
    drift = rehearsal.drift()
    assert drift.code == 0, drift.output

    outputs = rehearsal.outputs(secrets=True)
    assert set(outputs) == OUTPUTS
    config = outputs["placeosCalendarConfig"]["calendar_config"]
    assert config["client_id"] == outputs["clientId"]
    assert config["client_secret"] == outputs["clientSecret"]
    assert config["tenant"] == rehearsal.tenant.environment["ARM_TENANT_ID"]
    assert outputs["configuredAccess"]["rooms"] == 48
    assert outputs["enforcedAccess"]["since"].endswith("Z")
    _holds_no_secret_in_clear(rehearsal, first.output + preview.output + second.output, outputs)
    _policy_and_proof_come_before_grants_and_secrets(rehearsal)


def _holds_no_secret_in_clear(rehearsal: Rehearsal, printed: str, outputs: dict[str, Any]) -> None:
    state = json.dumps(rehearsal.resources())
    deployer = rehearsal.tenant.environment["ARM_CLIENT_SECRET"]
    for secret in (outputs["clientSecret"], deployer):
        assert secret not in state
        assert secret not in printed
        assert secret not in json.dumps(rehearsal.requests())
    plain = rehearsal.outputs()
    assert plain["clientSecret"] == "[secret]"
    assert plain["placeosCalendarConfig"] == "[secret]"
    assert outputs["clientSecret"] not in json.dumps(plain)


def _policy_and_proof_come_before_grants_and_secrets(rehearsal: Rehearsal) -> None:
    dependencies = {one["urn"]: set(one.get("dependencies", [])) for one in rehearsal.resources()}

    def every(kind: str) -> list[str]:
        return [urn for urn in dependencies if re.search(rf"{kind}::", urn)]

    [policies], [proof], [enforced] = (
        every("exchange:AccessPolicies"),
        every("exchange:ConfiguredAccess"),
        every("exchange:EnforcedAccess"),
    )
    grants, secrets = every("AppRoleAssignment"), every("ApplicationPassword")
    assert len(grants) == 4
    assert len(secrets) == 2
    for grant in grants:
        assert {policies, proof} <= dependencies[grant]
    for secret in secrets:
        assert {policies, proof, enforced, *grants} <= dependencies[secret]
