"""A way to the engine's protocol that does not import all of the Pulumi SDK, which takes twice as long."""

import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType


def import_only_protocol() -> None:
    """Make `pulumi.runtime.proto` importable without running `pulumi` itself.

    Only for a process that uses nothing else of the SDK: `import pulumi` gives an empty module afterwards.
    """
    spec = find_spec("pulumi")
    if spec is None or not spec.submodule_search_locations:
        message = "the Pulumi SDK is not installed: run `uv sync`"
        raise SystemExit(message)
    root = Path(spec.submodule_search_locations[0])
    for name, place in (("pulumi", root), ("pulumi.runtime", root / "runtime")):
        module = ModuleType(name)
        module.__path__ = [str(place)]
        sys.modules[name] = module
