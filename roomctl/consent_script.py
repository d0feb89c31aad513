"""The consent as a script for Microsoft Graph PowerShell, to be read and run by a person."""

from collections.abc import Iterable

import permissions
from permissions import Permission

_SCRIPT = """\
# Consents to the permissions below, those that lack; with -Remove it takes them back. It can be run again.
#Requires -Modules Microsoft.Graph.Authentication, Microsoft.Graph.Applications
param([switch] $Remove)
$ErrorActionPreference = 'Stop'

$permissions = [ordered]@{{
{permissions}
}}

$scopes = 'Application.Read.All', 'AppRoleAssignment.ReadWrite.All'
Connect-MgGraph -TenantId '{tenant}' -Scopes $scopes -NoWelcome
$app = Get-MgServicePrincipal -Filter "appId eq '{client_id}'"
$graph = Get-MgServicePrincipal -Filter "appId eq '{graph}'"
if (-not $app -or -not $graph) {{ throw 'This tenant has no such application.' }}
$held = Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $app.Id -All |
    Where-Object ResourceId -EQ $graph.Id

foreach ($name in $permissions.Keys) {{
    $grant = $held | Where-Object AppRoleId -EQ $permissions[$name]
    if ($Remove -and $grant) {{
        Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $app.Id -AppRoleAssignmentId $grant.Id
        "$name was taken back"
    }} elseif (-not $Remove -and -not $grant) {{
        New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $app.Id -PrincipalId $app.Id `
            -ResourceId $graph.Id -AppRoleId $permissions[$name] | Out-Null
        "$name was consented to"
    }} else {{
        "$name needs nothing"
    }}
}}
"""


def consent_script(tenant_id: str, client_id: str, wanted: Iterable[Permission]) -> str:
    """The script for these permissions of an application.

    Ids and names only, which can't hold a quote. Its calls, and the rights of who runs it:
    https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignments
    """
    return _SCRIPT.format(
        permissions="\n".join(f"    '{one.name}' = '{one.id}'" for one in wanted),
        tenant=tenant_id,
        client_id=client_id,
        graph=permissions.GRAPH_APP_ID,
    )
