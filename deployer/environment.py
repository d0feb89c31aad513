"""How the variables are read: as azuread reads them, so that both find the same."""

from collections.abc import Mapping
from pathlib import Path
from uuid import UUID


class DeployerError(Exception):
    """The environment names no usable identity: what is missing and what to set, in one line."""


def value_or_file(environ: Mapping[str, str], name: str) -> str:
    """The variable, or what stands in the file that NAME_FILE_PATH names; they must not disagree."""
    value, path = environ.get(name, "").strip(), environ.get(f"{name}_FILE_PATH")
    if not path:
        return value
    read = read_file(path, f"{name}_FILE_PATH")
    if value and value != read:
        raise DeployerError(f"{name} and the file of {name}_FILE_PATH differ; keep one of them.")
    return read


def read_file(path: str, variable: str) -> str:
    """The text of a file, without the line's end; DeployerError, naming `variable`, if there is none."""
    try:
        content = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise DeployerError(f"{variable}: {path} can't be read: {reason}.") from None
    if not content:
        raise DeployerError(f"{variable}: {path} is empty. Write the value into it.")
    return content


def first_of(environ: Mapping[str, str], *names: str) -> tuple[str, str]:
    """The first of these variables that is set, and its value; the first name and "" when none is."""
    return next(((name, environ[name]) for name in names if environ.get(name)), (names[0], ""))


def flag(value: str) -> bool | None:
    """A boolean as Go reads it (strconv.ParseBool), because azuread does; None when it is none."""
    if value in ("1", "t", "T", "true", "True", "TRUE"):
        return True
    if value in ("0", "f", "F", "false", "False", "FALSE"):
        return False
    return None


def is_on(environ: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    """Whether the variable switches something on; DeployerError when it says neither yes nor no."""
    value = environ.get(name, "")
    if not value:
        return default
    if (on := flag(value)) is None:
        raise DeployerError(f"{name} must be true or false, got {value!r}.")
    return on


def check_switches(environ: Mapping[str, str]) -> None:
    """DeployerError for a switch that says neither yes nor no, as azuread does, even where it has no use."""
    for name in ("ARM_USE_OIDC", "ARM_USE_AKS_WORKLOAD_IDENTITY", "ARM_USE_MSI", "ARM_USE_CLI"):
        is_on(environ, name)


def tenant_of(environ: Mapping[str, str]) -> str:
    """The tenant's id, in small letters; DeployerError when there is none, or two."""
    tenant = environ.get("ARM_TENANT_ID", "").strip()
    if is_on(environ, "ARM_USE_AKS_WORKLOAD_IDENTITY") and (cluster := environ.get("AZURE_TENANT_ID", "")):
        if tenant and tenant.lower() != cluster.lower():
            raise DeployerError(
                f"ARM_TENANT_ID is {tenant} and the cluster's AZURE_TENANT_ID is {cluster}: the workload "
                "identity is of one tenant. Make them the same, or remove ARM_TENANT_ID."
            )
        tenant = cluster
    try:
        UUID(tenant)
    except ValueError:
        raise DeployerError(
            f"ARM_TENANT_ID {'is no GUID' if tenant else 'is not set'}. Set it to the tenant's id: Exchange "
            "refuses domain names."
        ) from None
    if (other := environ.get("EXCHANGE_TENANT_ID", tenant).strip()) and other.lower() != tenant.lower():
        raise DeployerError(
            f"EXCHANGE_TENANT_ID is {other} and ARM_TENANT_ID is {tenant}: an application and its mailbox "
            "scope live in one tenant. Set both to the same, or remove EXCHANGE_TENANT_ID."
        )
    return tenant.lower()
