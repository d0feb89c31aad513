"""What the older PlaceOS Engine is configured with: its driver's settings and its container's environment.

Keys and fixed values are those of that Engine's own Office 365 guide. The guide leaves the form of the token
URL open ("token url here"); the whole address is written here, which an OAuth 2.0 client takes in any case.
"""

import json

_SITE = "https://login.microsoftonline.com"


def legacy_engine_settings(tenant_id: str, client_id: str, client_secret: str) -> str:
    """Settings of the driver "Office365 Room Bookings", as JSON text to paste.

    The Engine encrypts a setting whose name begins with `$`.
    """
    token_url = _token_url(tenant_id)
    settings = {
        "touch_enabled": True,
        "timeout": 1800,
        "booking_max_duration": 120,
        "update_every": "1m",
        "office_client_id": client_id,
        "$office_secret": client_secret,
        "office_tenant": tenant_id,
        "office_scope": "https://graph.microsoft.com/.default",
        "office_options": {"site": _SITE, "token_url": token_url},
        "office_site": _SITE,
        "office_token_url": token_url,
    }
    return json.dumps(settings, indent=2)


def legacy_engine_environment(
    tenant_id: str, client_id: str, client_secret: str, internal_domain: str
) -> str:
    """Environment variables of the Engine's container, one a line, as an env file has them."""
    variables = {
        "OFFICE_CLIENT_ID": client_id,
        "OFFICE_CLIENT_SECRET": client_secret,
        "OFFICE_TOKEN_URL": _token_url(tenant_id),
        "INTERNAL_DOMAIN": internal_domain,
    }
    return "".join(f"{name}={value}\n" for name, value in variables.items())


def _token_url(tenant_id: str) -> str:
    return f"{_SITE}/{tenant_id}/oauth2/v2.0/token"
