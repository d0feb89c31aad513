"""The policy pack's own copy of the catalogue: a pack's process imports nothing but its own folder.

`python -m docs.policy_catalogue --write` renews `policies/catalogue.json`; `--check` ends with 7 when it is
out of date.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import permissions
from docs.generated import command

PAGE = Path(__file__).parent.parent / "policies/catalogue.json"


def reduced() -> dict[str, Any]:
    """What rules ask: the profiles' role ids, and each permission by its service's app id and its role id.

    Microsoft Graph and Exchange Online have some role ids in common.
    """
    services: dict[str, dict[str, Any]] = {}
    for one in sorted(permissions.known(), key=lambda one: (one.resource.app_id, one.name)):
        if one.id:
            services.setdefault(one.resource.app_id, {})[one.id] = {
                "name": one.name,
                "level": str(one.level),
                "mailbox": one.mailbox,
                "scoped": one.scoped_by_policy,
            }
    return {
        "profiles": {
            name: [one.id for one in permissions.profile(name)] for name in sorted(permissions.PROFILES)
        },
        "permissions": services,
    }


def renewed(_present: str) -> str:
    """The copy as text."""
    return json.dumps(reduced(), indent=2) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Renew or check the copy."""
    return command("docs.policy_catalogue", __doc__, PAGE, renewed, arguments)


if __name__ == "__main__":
    sys.exit(main())
