"""The variables of one stack among many: its own identity, and never a neighbour's.

They stand in FOLDER/STACK.env, in the form of a shell's exports
(https://saurabh-kumar.com/python-dotenv/reference/): ids, and endpoints where they differ. A secret is
referred to, so that the file can be in git: `ARM_CLIENT_SECRET=${SECRET_OF_PROD_LONDON}` takes that variable
of the caller. Of the caller's own variables a stack gets none that says who signs in, and where: only those
by which a pipeline is trusted by all of them alike (ARM_USE_OIDC and the like).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from roomctl.private_file import exposed

_OF_ONE_TENANT = ("ARM_", "EXCHANGE_", "CLOCK_", "PULUMI_DEBUG_PROVIDERS")
_OF_ALL = ("ARM_ENVIRONMENT", "ARM_USE_OIDC", "ARM_USE_AKS_WORKLOAD_IDENTITY", "ARM_OIDC_", "ARM_ADO_")
"""Which cloud, and a pipeline's own token: each tenant judges by itself whether it trusts that."""
_TENANT = "ARM_TENANT_ID"
_WHO = {"ARM_CLIENT_ID", "ARM_CLIENT_ID_FILE_PATH", "ARM_USE_CLI", "ARM_USE_MSI"}
_SECRETS = {
    "ARM_CLIENT_CERTIFICATE", "ARM_CLIENT_CERTIFICATE_PASSWORD", "ARM_CLIENT_SECRET", "ARM_OIDC_TOKEN",
    "EXCHANGE_CLIENT_SECRET", "PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE",
}  # fmt: skip
_REFERENCE = "${"


class NoIdentityError(Exception):
    """The stack can't be signed in as itself: what is missing, where, and what to write."""


@dataclass(frozen=True)
class StackEnvironment:
    """The tenant's id, and the whole environment of a command about the stack; secrets are in it."""

    tenant_id: str
    variables: Mapping[str, str] = field(repr=False)


def stack_environment(stack: str, folder: Path, environ: Mapping[str, str]) -> StackEnvironment:
    """What a command about the stack runs with; NoIdentityError when it would not be the stack's own.

    References are to variables of this process.
    """
    path = folder / f"{stack.rpartition('/')[2]}.env"
    own = _read(path)
    if missing := _missing(own):
        raise NoIdentityError(
            f"{path} does not set {missing}: the stack would not be itself. Write it there."
        )
    others = {
        name: value
        for name, value in environ.items()
        if name.startswith(_OF_ALL) or not name.startswith(_OF_ONE_TENANT)
    }
    # The Azure CLI is somebody as well: only where the file says so.
    return StackEnvironment(own[_TENANT].lower(), {**others, "ARM_USE_CLI": "false", **own})


def _missing(own: Mapping[str, str]) -> str:
    if _TENANT not in own:
        return _TENANT
    return "" if own.keys() & _WHO else "ARM_CLIENT_ID (or ARM_USE_CLI=true, for who signed in by az login)"


def _read(path: Path) -> dict[str, str]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NoIdentityError(
            f"There is no {path}, which says in which tenant the stack signs in, and as whom. Make it, with "
            "ARM_TENANT_ID and ARM_CLIENT_ID."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text in UTF-8"
        raise NoIdentityError(f"{path} can't be read: {why}.") from None
    lines = [str(one.original.line) for one in parse_stream(StringIO(text)) if one.error]
    if lines:
        raise NoIdentityError(f"{path} has no NAME=VALUE in line {', '.join(lines)}. Correct it.")
    written = dotenv_values(stream=StringIO(text), interpolate=False)
    stands = sorted(name for name in _SECRETS if written.get(name) and _REFERENCE not in str(written[name]))
    if stands and exposed(path):
        raise NoIdentityError(
            f"{path} holds {stands[0]}, and others may read it. Write {stands[0]}=${{NAME}} and set NAME "
            "where this runs, or keep the file to yourself (chmod 600) and out of git."
        )
    own = {name: value or "" for name, value in dotenv_values(stream=StringIO(text)).items()}
    if empty := sorted(name for name, value in own.items() if not value):
        said = written[empty[0]] or ""
        why = f"{said} is not set here" if _REFERENCE in said else "it has no value"
        raise NoIdentityError(f"{path}: {empty[0]} is empty: {why}. Set it, or take the line out.")
    return own
