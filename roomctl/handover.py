"""What was made and what comes next, from the stack's plain outputs."""

import json
from typing import Annotated, Any

import typer
from rich.table import Table

from roomctl.console import console, table
from roomctl.outcome import could_not_look
from roomctl.pulumi import ask_pulumi_json

_NEEDED = frozenset(
    (
        "clientId",
        "clientSecretExpires",
        "configuredAccess",
        "enforcedAccess",
        "grantedPermissions",
        "nextRotation",
        "roomGroupAddress",
        "tenantId",
    )
)
"""What is shown; a stack that has not come so far lacks some of it."""


def handover(
    stack: Annotated[str | None, typer.Option(help="Stack name; the selected one when not given.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Show what PlaceOS needs, who is allowed and who is refused, and the next command to type."""
    outputs = _outputs(stack)
    if as_json:
        typer.echo(json.dumps(outputs, indent=2, sort_keys=True))
        return
    out = console()
    out.print(_identities(outputs))
    out.print(_sentence(outputs), style="green")
    out.print(f"\nNext, for PlaceOS:\n  {_next(outputs, stack)}", soft_wrap=True, markup=False)


def _outputs(stack: str | None) -> dict[str, Any]:
    outputs: dict[str, Any] = ask_pulumi_json("stack", "output", "--json", stack=stack)
    if not outputs.keys() >= _NEEDED:
        could_not_look(
            f"This stack has nothing to hand over yet, or its last run failed. Run: pulumi up{_chosen(stack)}"
        )
    return outputs


def _next(outputs: dict[str, Any], stack: str | None) -> str:
    """The command that shows what PlaceOS is given; the vault has it where the outputs don't."""
    if "placeosCalendarConfig" not in outputs:
        return f"az keyvault secret show --id {outputs['keyVaultSecretUri']} --query value --output tsv"
    return f"pulumi stack output placeosCalendarConfig --show-secrets{_chosen(stack)}"


def _chosen(stack: str | None) -> str:
    return f" --stack {stack}" if stack else ""


def _identities(outputs: dict[str, Any]) -> Table:
    rows = table()
    for title, key in (
        ("tenant", "tenantId"),
        ("application (client)", "clientId"),
        ("room group", "roomGroupAddress"),
        ("secret ends", "clientSecretExpires"),
        ("next rotation", "nextRotation"),
    ):
        rows.add_row(title, str(outputs[key]))
    rows.add_row("permissions", ", ".join(outputs["grantedPermissions"]))
    return rows


def _sentence(outputs: dict[str, Any]) -> str:
    configured, enforced = outputs["configuredAccess"], outputs["enforcedAccess"]
    allowed, refused = enforced["allowed"], enforced["refused"]
    people = f" and {configured['staff']} people's mailboxes" if "staff" in configured else ""
    return (
        f"\n{configured['rooms']} rooms{people} are in the scope. Of a sample, Microsoft Graph opened "
        f"{len(allowed)} of them and refused {len(refused)} outside.\n"
        f"Exchange has the rule; Graph enforces it since {enforced['since']}."
    )
