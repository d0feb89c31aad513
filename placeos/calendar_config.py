"""The settings of PlaceOS's calendar driver, "Microsoft Graph API"."""

from typing import Any


def calendar_config_document(
    tenant_id: str, client_id: str, client_secret: str, conference_type: str | None
) -> dict[str, Any]:
    """The whole `calendar_config`, to paste into the module's encrypted settings.

    Complete, because PlaceOS merges settings by top-level key: half of it elsewhere would be lost
    (https://docs.placeos.com/how-to/configure-placeos-for-microsoft-365/calendar-access/configure-placeos-calendar-driver).
    With the conference type `teamsForBusiness` every event that PlaceOS makes gets a Teams link.
    """
    config: dict[str, Any] = {"tenant": tenant_id, "client_id": client_id, "client_secret": client_secret}
    if conference_type:
        config["conference_type"] = conference_type
    return {"calendar_config": config}
