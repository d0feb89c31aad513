"""Second way: Pulumi's own installer, which needs the internet."""

import contextlib
import http.client
import socket
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from toolchain.cache import cache_root, whole_directory
from toolchain.report import Report
from toolchain.versions import ENGINE
from toolchain.ways import Engine, WayClosedError

NAME = "Pulumi's installer"
_SILENCE_SECONDS = 15.0


def find(environ: Mapping[str, str]) -> Engine | None:
    """The engine that the installer brought earlier."""
    bin_dir = _home(environ) / "bin"
    return Engine(bin_dir, ENGINE, "installer") if (bin_dir / "pulumi").is_file() else None


def make(environ: Mapping[str, str], report: Report) -> Engine:
    """Run the installer. Raises WayClosedError when it cannot be fetched, or fails."""
    # Imported here because it takes half a second, and is needed once a machine.
    from pulumi.automation import PulumiCommand  # noqa: PLC0415
    from pulumi.automation.errors import InvalidVersionError  # noqa: PLC0415
    from semver import VersionInfo  # noqa: PLC0415

    report.say(f"Fetching the Pulumi engine {ENGINE} with Pulumi's installer ...")
    home = _home(environ)
    try:
        with _impatient(), whole_directory(home) as part:
            PulumiCommand.install(root=str(part), version=VersionInfo.parse(ENGINE))
    except subprocess.CalledProcessError as error:
        said = (error.output or b"").decode(errors="replace").strip().splitlines()
        raise WayClosedError(f"it failed: {said[-1] if said else error}") from error
    except (OSError, http.client.HTTPException, InvalidVersionError) as error:
        raise WayClosedError(f"it failed: {error}") from error
    return Engine(home / "bin", ENGINE, "installer")


def _home(environ: Mapping[str, str]) -> Path:
    return cache_root(environ) / f"pulumi-{ENGINE}-installer"


@contextlib.contextmanager
def _impatient() -> Iterator[None]:
    """A network that swallows packets counts as offline; the installer itself would wait for ever."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(_SILENCE_SECONDS)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
