"""An `az` of a test's own on PATH: it says who is signed in, and signs in at the emulated tenant.

Forms and texts as `az` 2.70 prints them: learn.microsoft.com/cli/azure/account.
"""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

PERSON = {"name": "ada.ashby@contoso.example", "type": "user"}

_SCRIPT = """#!{python}
import json, os, ssl, sys, time
from urllib.parse import urlencode
from urllib.request import urlopen

signed_in = json.loads({signed_in!r})
asked = sys.argv[1:]
options = dict(zip(asked[2::2], asked[3::2]))
if asked == ["version", "-o=json"]:
    print(json.dumps({{"azure-cli": "2.70.0", "extensions": {{}}}}))
elif signed_in is None:
    sys.exit("ERROR: Please run 'az login' to setup account.")
elif asked[:2] == ["account", "show"]:
    print(json.dumps(signed_in["account"]))
elif asked[:2] == ["account", "get-access-token"]:
    if options.get("--tenant", signed_in["account"]["tenantId"]) != signed_in["account"]["tenantId"]:
        sys.exit("ERROR: AADSTS90072: User account does not exist in tenant.")
    resource = options.get("--resource") or options["--scope"].removesuffix("/.default")
    form = {{**signed_in["form"], "grant_type": "client_credentials", "scope": resource + "/.default"}}
    answer = json.load(urlopen(signed_in["url"], urlencode(form).encode(),
                               context=ssl.create_default_context(cafile=signed_in["ca"])))
    ends = int(time.time()) + answer["expires_in"]
    print(json.dumps({{
        "accessToken": answer["access_token"], "expires_on": ends, "tokenType": "Bearer",
        "expiresOn": time.strftime("%Y-%m-%d %H:%M:%S.000000", time.localtime(ends)),
        "tenant": signed_in["account"]["tenantId"],
    }}))
else:
    sys.exit(f"ERROR: {{asked}} is misspelled or not recognized by the system.")
"""


def put_on_path(folder: Path, monkeypatch: pytest.MonkeyPatch, signed_in: dict[str, Any] | None) -> Path:
    """Make the command the only one on PATH beside this machine's Python; `None`: nobody is signed in."""
    command = folder / "az"
    command.write_text(_SCRIPT.format(python=sys.executable, signed_in=json.dumps(signed_in)))
    command.chmod(0o700)
    monkeypatch.setenv("PATH", str(folder))
    return command


def signed_in_person(tenant_id: str) -> dict[str, Any]:
    """Ada at her desk, who has no token in these tests."""
    return {"account": {"tenantId": tenant_id, "user": PERSON}}


def signed_in_application(environment: dict[str, str], login: str) -> dict[str, Any]:
    """What `az login --service-principal` left, with the credential of an emulated tenant's environment."""
    tenant_id, client_id = environment["ARM_TENANT_ID"], environment["ARM_CLIENT_ID"]
    return {
        "account": {
            "id": tenant_id,
            "tenantId": tenant_id,
            "user": {"name": client_id, "type": "servicePrincipal"},
        },
        "url": f"{login}/{tenant_id}/oauth2/v2.0/token",
        "form": {"client_id": client_id, "client_secret": environment["ARM_CLIENT_SECRET"]},
        "ca": environment["SSL_CERT_FILE"],
    }
