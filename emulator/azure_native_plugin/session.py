"""azure-native, configured: a session with Azure Resource Manager, and tokens for vaults."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import urllib3

from emulator.plugin import session
from emulator.plugin.errors import PluginError

_CHALLENGE = re.compile(r'resource="(https://[^"]+)"')


@dataclass(frozen=True)
class Settings(session.Settings):
    """azure-native's configuration."""

    package = "azure-native"
    subscription_id: str = ""

    @classmethod
    def read(cls, arguments: Mapping[str, Any], environ: Mapping[str, str]) -> Self:
        """As for every plugin; the subscription has to be said, too."""
        subscription = str(arguments.get("subscriptionId") or environ.get("ARM_SUBSCRIPTION_ID", ""))
        if not subscription:
            raise PluginError(
                "A Subscription ID must be configured when authenticating as a Service Principal using a "
                "Client Secret."
            )
        found = super().read(arguments, environ)
        return cls(**{**vars(found), "subscription_id": subscription})


class Session(session.Session):
    """A signed-in azure-native."""

    settings: Settings
    vault_suffix = ""
    """What follows a vault's name in its host, with a period."""

    def service(self, metadata: Mapping[str, Any]) -> tuple[str, str]:
        """Azure Resource Manager; its name in tokens is the first of the cloud's audiences."""
        self.vault_suffix = str((metadata.get("suffixes") or {}).get("keyVaultDns") or "")
        audiences = (metadata.get("authentication") or {}).get("audiences") or [""]
        return str(metadata.get("resourceManager") or ""), str(audiences[0])

    def at_vault(
        self, method: str, vault: str, path: str, body: bytes | None = None
    ) -> urllib3.BaseHTTPResponse:
        """One request at a vault, which first says for what it wants a token; raises urllib3's HTTPError."""
        if not self.vault_suffix:
            raise PluginError("The provider configuration must include a value for keyVaultDNSSuffix")
        host = f"{vault}.{self.vault_suffix.lstrip('.')}"
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        asked = self._at(host, method, path, headers, None)
        found = _CHALLENGE.search(asked.headers.get("WWW-Authenticate", ""))
        if asked.status != 401 or found is None:
            raise PluginError(f"https://{host}: the vault did not say where to sign in ({asked.status})")
        resource = found[1]
        # https://devblogs.microsoft.com/azure-sdk/guidance-for-applications-using-the-key-vault-libraries/
        if not f"https://{host}".endswith("." + resource.removeprefix("https://")):
            raise PluginError(
                f'challenge resource "{resource}" doesn\'t match the requested domain. Set '
                "DisableChallengeResourceVerification to true in your client options to disable."
            )
        token, _ = self.mint(resource)
        return self._at(host, method, path, {**headers, "Authorization": f"Bearer {token}"}, body)

    def _at(
        self, host: str, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> urllib3.BaseHTTPResponse:
        name, _, port = host.partition(":")
        # Names under localhost are this machine (RFC 6761), but not every resolver knows that.
        address = "127.0.0.1" if name.endswith(".localhost") else name
        with urllib3.HTTPSConnectionPool(
            address,
            int(port or 443),
            ca_certs=self.settings.ca_bundle,
            cert_reqs="CERT_REQUIRED",
            server_hostname=name,
            assert_hostname=name,
            retries=False,
        ) as pool:
            named = {**headers, "Host": host, "User-Agent": self.agent}
            return pool.request(method, f"{path}?api-version=7.4", headers=named, body=body, redirect=False)
