"""The older Engine's documents hold every key of its guide, and nothing is missing from them."""

import json

from placeos.legacy_engine import legacy_engine_environment, legacy_engine_settings

TENANT, CLIENT, SECRET = "tenant-id", "client-id", "s3cret~with/special=chars"
TOKEN_URL = "https://login.microsoftonline.com/tenant-id/oauth2/v2.0/token"


def test_the_driver_s_settings():
    assert json.loads(legacy_engine_settings(TENANT, CLIENT, SECRET)) == {
        "touch_enabled": True,
        "timeout": 1800,
        "booking_max_duration": 120,
        "update_every": "1m",
        "office_client_id": CLIENT,
        "$office_secret": SECRET,
        "office_tenant": TENANT,
        "office_scope": "https://graph.microsoft.com/.default",
        "office_options": {"site": "https://login.microsoftonline.com", "token_url": TOKEN_URL},
        "office_site": "https://login.microsoftonline.com",
        "office_token_url": TOKEN_URL,
    }


def test_the_container_s_environment():
    text = legacy_engine_environment(TENANT, CLIENT, SECRET, "contoso.onmicrosoft.com")
    assert text.splitlines() == [
        f"OFFICE_CLIENT_ID={CLIENT}",
        f"OFFICE_CLIENT_SECRET={SECRET}",
        f"OFFICE_TOKEN_URL={TOKEN_URL}",
        "INTERNAL_DOMAIN=contoso.onmicrosoft.com",
    ]
