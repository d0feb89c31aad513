"""What somebody changes in the tenant is drift (exit 7); `up --refresh` repairs it or says what to do."""

from typing import Any

import pytest

import permissions
from tests.engine.rehearsal import INSIDE, OUTSIDE, Rehearsal, brought_up, opens

pytestmark = pytest.mark.engine

AS_ADMINISTRATOR: dict[str, Any] = {"BypassSecurityGroupManagerCheck": True}


@brought_up
def test_every_managed_field_that_was_changed_is_shown_and_repaired(rehearsal: Rehearsal) -> None:
    made = rehearsal.outputs()
    exchange, graph, group = rehearsal.exchange, rehearsal.graph, made["roomGroupObjectId"]
    exchange.run(
        "Set-DistributionGroup",
        Identity=group,
        Name="Rooms",
        DisplayName="Rooms",
        Alias="rooms-by-hand",
        PrimarySmtpAddress="rooms-by-hand@contoso.example",
        ManagedBy=["ada.ashby@contoso.example"],
        HiddenFromAddressListsEnabled=False,
        MemberJoinRestriction="ApprovalRequired",
        RequireSenderAuthenticationEnabled=False,
        AcceptMessagesOnlyFromSendersOrMembers=["ada.bauer@contoso.example"],
        **AS_ADMINISTRATOR,
    )
    exchange.run("Set-Group", Identity=group, Notes="mine now", **AS_ADMINISTRATOR)
    exchange.run(
        "Add-DistributionGroupMember", Identity=group, Member="ada.bauer@contoso.example", **AS_ADMINISTRATOR
    )
    exchange.run(
        "Remove-DistributionGroupMember",
        Identity=group,
        Member="lon-01-effra@contoso.example",
        Confirm=False,
        **AS_ADMINISTRATOR,
    )
    exchange.run(
        "Set-ApplicationAccessPolicy", Identity=made["accessPolicyIds"][0], Description="changed by hand"
    )
    graph.patch(
        f"/v1.0/applications/{made['applicationObjectId']}",
        {"displayName": "Changed", "notes": "changed", "requiredResourceAccess": []},
    )

    drift = rehearsal.drift()
    assert drift.code == 7, drift.output
    for shown in (
        "name", "alias", "address", "owners", "hiddenFromAddressLists", "memberJoin",
        "requireSenderAuthentication", "allowedSenders", "mark", "ada.bauer@contoso.example",
        "lon-01-effra@contoso.example", "descriptions", "findings", "displayName", "notes",
        "requiredResourceAccesses",
    ):  # fmt: skip
        assert shown in drift.output, f"{shown} is not shown:\n{drift.output}"

    repaired = rehearsal.up("--refresh")
    assert repaired.code == 0, repaired.output
    clean = rehearsal.drift()
    assert clean.code == 0, clean.output


@brought_up
def test_what_was_removed_by_hand_is_made_again_and_no_secret_before_graph_refuses(
    rehearsal: Rehearsal,
) -> None:
    made = rehearsal.outputs()
    application = f"/v1.0/applications/{made['applicationObjectId']}"
    principal = f"/v1.0/servicePrincipals/{made['servicePrincipalObjectId']}"
    rehearsal.exchange.run(
        "Remove-ApplicationAccessPolicy", Identity=made["accessPolicyIds"][0], Confirm=False
    )
    graph = rehearsal.graph
    for grant in graph.list(f"{principal}/appRoleAssignments")[:2]:
        graph.delete(f"/v1.0/servicePrincipals/{grant['resourceId']}/appRoleAssignedTo/{grant['id']}")
    graph.post(f"{application}/removePassword", {"keyId": made["clientSecretKeyId"]})

    rehearsal.tenant.clock.advance(13 * 3600)  # the removal has reached Graph: every mailbox is open

    drift = rehearsal.drift()
    assert drift.code == 7, drift.output
    assert drift.output.count("delete") >= 4
    seen = rehearsal.requests()[-1]["position"]

    repaired = rehearsal.up("--refresh")
    assert repaired.code == 0, repaired.output
    assert rehearsal.drift().code == 0
    again = rehearsal.outputs(secrets=True)
    made_again = [one for one in rehearsal.requests(seen) if one["path"].endswith("/addPassword")]
    refused = [one["position"] for one in rehearsal.requests(seen) if one["status"] == 403]
    assert len(made_again) == 2, "the probe's and the slot's"
    assert refused[-1] < made_again[-1]["position"], "refused first, then the secret"
    placeos = rehearsal.as_placeos(again)
    assert opens(placeos, INSIDE)
    assert not opens(placeos, OUTSIDE)
    assert again["clientSecretKeyId"] != made["clientSecretKeyId"]
    assert again["accessPolicyIds"] == made["accessPolicyIds"], "the same identity, and yet not in force"
    assert again["enforcedAccess"]["since"] > made["enforcedAccess"]["since"], "so Graph was asked again"


@brought_up
def test_access_that_the_code_did_not_give_is_drift_and_stops_the_next_up(rehearsal: Rehearsal) -> None:
    made = rehearsal.outputs()
    graph = rehearsal.graph
    resource = graph.list("/v1.0/servicePrincipals", {"$filter": f"appId eq '{permissions.GRAPH_APP_ID}'"})[0]
    extra = graph.post(
        f"/v1.0/servicePrincipals/{resource['id']}/appRoleAssignedTo",
        {
            "principalId": made["servicePrincipalObjectId"],
            "resourceId": resource["id"],
            "appRoleId": permissions.find("Mail.Send").id,
        },
    )
    drift = rehearsal.drift()
    assert drift.code == 7, drift.output
    assert "Mail.Send of Microsoft Graph is granted and not asked for by the code" in drift.output

    stopped = rehearsal.up("--refresh")
    assert stopped.code != 0
    assert "is granted and not asked for by the code" in stopped.output
    assert "Traceback" not in stopped.output

    graph.delete(f"/v1.0/servicePrincipals/{resource['id']}/appRoleAssignedTo/{extra['id']}")
    assert rehearsal.up("--refresh").code == 0
    assert rehearsal.drift().code == 0


@brought_up
def test_a_tenant_that_cannot_be_asked_is_not_clean(rehearsal: Rehearsal) -> None:
    rehearsal.environment["ARM_CLIENT_SECRET"] = "wrong"
    blind = rehearsal.drift()
    assert blind.code not in (0, 7), blind.output
    assert "AADSTS7000215" in blind.output
    assert "Traceback" not in blind.output
