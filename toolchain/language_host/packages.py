"""What a program needs: the Pulumi plugins behind its packages, and the packages themselves."""

import base64
import json
import re
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

from pulumi.runtime.proto.language_pb2 import DependencyInfo
from pulumi.runtime.proto.plugin_pb2 import PackageDependency, PackageParameterization


class UnreadablePluginError(Exception):
    """A package's `pulumi-plugin.json` cannot be read; the text names the file."""


def required_packages(site_packages: Path) -> list[PackageDependency]:
    """The plugins that the installed Pulumi packages stand for, from the `pulumi-plugin.json` each carries.

    Only the first level of `site_packages` is looked at: that is where Pulumi's code generator puts the file.
    Raises UnreadablePluginError.
    """
    return [
        dependency
        for file in sorted(site_packages.glob("*/pulumi-plugin.json"))
        if (dependency := _package(file)) is not None
    ]


def program_dependencies(site_packages: Path, *, transitive: bool) -> list[DependencyInfo]:
    """The installed packages; without `transitive` only those that no other package requires."""
    installed = {_normal(found.name): found for found in distributions(path=[str(site_packages)])}
    hidden = set() if transitive else {name for found in installed.values() for name in _requirements(found)}
    return [
        DependencyInfo(name=found.name, version=found.version)
        for name, found in sorted(installed.items())
        if name not in hidden
    ]


def _package(file: Path) -> PackageDependency | None:
    """The plugin that a `pulumi-plugin.json` names; nothing when the package has none (pulumi-policy)."""
    try:
        plugin = json.loads(file.read_text())
        if not plugin.get("resource"):
            return None
        return PackageDependency(
            name=plugin.get("name") or file.parent.name.removeprefix("pulumi_").replace("_", "-"),
            kind="resource",
            version=plugin.get("version", ""),
            server=plugin.get("server", ""),
            parameterization=_parameterization(plugin.get("parameterization")),
        )
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise UnreadablePluginError(f"{file} is no readable description of a plugin: {error!r}") from error


def _parameterization(value: dict[str, str] | None) -> PackageParameterization | None:
    if value is None:
        return None
    return PackageParameterization(
        name=value["name"], version=value["version"], value=base64.b64decode(value["value"])
    )


def _requirements(found: Distribution) -> Iterator[str]:
    """The names of what a package always requires; extras do not count."""
    for requirement in found.requires or []:
        if "extra ==" not in requirement:
            yield _normal(re.split(r"[^\w.-]", requirement, maxsplit=1)[0])


def _normal(name: str) -> str:
    """The name as packages are compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
