"""The Pulumi engine of this machine: found where there is one, made where there is none."""

import os
import sys
from collections.abc import Mapping

from toolchain import by_installer, from_module, on_path
from toolchain.cache import cache_root, locked
from toolchain.report import Report
from toolchain.versions import OLDEST_ENGINE
from toolchain.ways import Engine, Way, WayClosedError

__all__ = ["Engine", "NoEngineError", "engine_environment", "ensure_engine", "find_engine"]

_WAYS: tuple[Way, ...] = (on_path, by_installer, from_module)


class NoEngineError(Exception):
    """No way led to an engine; the text says which were tried, why each failed and what to install."""


def find_engine(environ: Mapping[str, str]) -> Engine | None:
    """The engine that is already on this machine, in the order of the ways."""
    return next((engine for way in _WAYS if (engine := way.find(environ))), None)


def ensure_engine(report: Report | None = None, environ: Mapping[str, str] | None = None) -> Engine:
    """The engine of this machine; made first where there is none, by one process at a time.

    Raises NoEngineError when no way leads to one.
    """
    report = report or Report()
    environ = os.environ if environ is None else environ
    if engine := find_engine(environ):
        return engine
    with locked(cache_root(environ) / "engine.lock", report):
        return find_engine(environ) or _make_engine(environ, report)


def engine_environment(engine: Engine, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables under which a command finds this engine and the engine finds its Python.

    An engine built from its module gets no plugin from the internet and brings its own language host,
    which runs on the interpreter that runs this. Bytecode is kept even where PYTHONDONTWRITEBYTECODE
    (images of containers) says not to: one `pulumi up` starts five Pythons, and each would compile all that
    it imports, seconds of it.
    """
    variables = {**environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    if engine.origin != "path":
        variables["PATH"] = os.pathsep.join([str(engine.bin_dir), environ.get("PATH", os.defpath)])
    if engine.origin == "module":
        variables["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] = "true"
        variables["PULUMI_PYTHON_CMD"] = sys.executable
    return variables


def _make_engine(environ: Mapping[str, str], report: Report) -> Engine:
    reasons = []
    for way in _WAYS:
        try:
            return way.make(environ, report)
        except WayClosedError as closed:
            reasons.append(f"  {way.NAME}: {closed}")
    tried = "\n".join(reasons)
    raise NoEngineError(
        f"There is no Pulumi engine on this machine, and none could be made. Tried:\n{tried}\n"
        f"Install Pulumi {OLDEST_ENGINE} or newer (https://www.pulumi.com/docs/install/) "
        "or Go 1.25.11 or newer (https://go.dev/doc/install), then run the command again."
    )
