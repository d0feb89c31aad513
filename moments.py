"""Instants as Entra writes them."""

from datetime import UTC, datetime


def instant(moment: datetime) -> str:
    """UTC with a trailing `Z`: Graph echoes that form, and azuread replaces a secret for any other.

    Its `end_date` is compared as text (terraform-provider-azuread 3.9, application password resource).
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> datetime:
    """Read what `instant` wrote."""
    return datetime.fromisoformat(text)
