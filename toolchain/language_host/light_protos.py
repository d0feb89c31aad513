"""Makes Pulumi's generated protocol modules importable without the rest of its SDK."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

_PACKAGES = {"pulumi": "", "pulumi.runtime": "runtime", "pulumi.runtime.proto": "runtime/proto"}


def skip_the_sdk() -> None:
    """Let `pulumi.runtime.proto.*` be imported while `pulumi/__init__` is not run (0.16 s instead of 0.45 s).

    For a process that needs nothing else of Pulumi. Raises ModuleNotFoundError when Pulumi is not installed.
    """
    spec = importlib.util.find_spec("pulumi")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(
            f"{sys.executable} has no package `pulumi`; run `make setup`", name="pulumi"
        )
    for name, folder in _PACKAGES.items():
        package = ModuleType(name)
        package.__path__ = [str(Path(spec.origin).parent / folder)]
        sys.modules[name] = package
