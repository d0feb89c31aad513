"""First way: an engine that is already installed."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from toolchain.cache import cache_root
from toolchain.report import Report
from toolchain.versions import OLDEST_ENGINE, release
from toolchain.ways import Engine, WayClosedError

NAME = "pulumi on PATH"


def find(environ: Mapping[str, str]) -> Engine | None:
    """The engine on PATH, unless it cannot be used."""
    try:
        return _look(environ)
    except WayClosedError:
        return None


def make(environ: Mapping[str, str], report: Report) -> Engine:  # noqa: ARG001 - as every way
    """Nothing is made here: raises WayClosedError with the reason why `find` found nothing."""
    return _look(environ)


def _look(environ: Mapping[str, str]) -> Engine:
    search = _foreign(environ)
    pulumi = shutil.which("pulumi", path=search)
    if pulumi is None:
        raise WayClosedError("there is none")
    version = _version(pulumi, environ)
    if release(version) < release(OLDEST_ENGINE):
        raise WayClosedError(f"{pulumi} is {version}; {OLDEST_ENGINE} or newer is needed")
    beside = os.pathsep.join([str(Path(pulumi).parent), str(Path(pulumi).resolve().parent), search])
    if shutil.which("pulumi-language-python", path=beside) is None:
        raise WayClosedError(f"{pulumi} comes without pulumi-language-python, which runs Python programs")
    return Engine(Path(pulumi).parent, version, "path")


def _foreign(environ: Mapping[str, str]) -> str:
    """PATH without this project's own cache, which `toolchain run` puts in front."""
    cache = cache_root(environ)
    entries = environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(entry for entry in entries if not Path(entry).is_relative_to(cache))


def _version(pulumi: str, environ: Mapping[str, str]) -> str:
    """What `pulumi version` prints, without the leading `v`. Raises WayClosedError when it is no version."""
    quiet = {**environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        answer = subprocess.run([pulumi, "version"], capture_output=True, text=True, check=True, env=quiet)
        version = answer.stdout.strip().removeprefix("v")
        release(version)
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        raise WayClosedError(f"{pulumi} does not tell its version: {error}") from error
    return version
