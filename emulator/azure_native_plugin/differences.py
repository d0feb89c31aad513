"""What differs between recorded inputs and new ones, by path: azure-native never compares with the state."""

from emulator.azure_native_plugin.vault_secret import IN_PATH
from emulator.plugin.wire import Properties


def differences(old: Properties, new: Properties, inside: str = "") -> dict[str, str]:
    """Path -> how it changes; what stands in the id makes a new resource."""
    found: dict[str, str] = {}
    for name in sorted({*old, *new}):
        before, after, path = old.get(name), new.get(name), inside + name
        if isinstance(before, dict) and isinstance(after, dict):
            found |= differences(before, after, f"{path}.")
        elif before != after:
            how = "ADD" if name not in old else "DELETE" if name not in new else "UPDATE"
            found[path] = f"{how}_REPLACE" if path in IN_PATH else how
    return found
