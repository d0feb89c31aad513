"""The settings of a stack's last update that succeeded, from Pulumi's own history."""

from collections.abc import Mapping

from roomctl.pulumi import ask_pulumi_json

_SEARCHED = 50
"""Updates that are looked through; a stack that failed as often has other worries."""


def last_settings(stack: str | None) -> Mapping[str, str] | None:
    """The texts by key, namespace included; None when no update succeeded. Secrets are masked."""
    history = ask_pulumi_json("stack", "history", "--json", "--page-size", str(_SEARCHED), stack=stack)
    for update in history or ():
        if update.get("kind") in {"update", "import"} and update.get("result") == "succeeded":
            return {key: _text(entry) for key, entry in (update.get("config") or {}).items()}
    return None


def _text(entry: Mapping[str, object]) -> str:
    return "[secret]" if entry.get("secret") else str(entry.get("value") or "")
