"""The file by which a deployer's secret is handed over: shell exports, and which secret it is.

The secret's name is on the disk before the secret is made: whatever stops a run, the next one finds by it
what was left and nobody holds.
"""

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from graph.applications import NewPassword
from roomctl.private_file import exposed, keep, new_private_file, unfit

_LARGEST = 10_000
_APPLICATION = re.compile(r"^export ARM_CLIENT_ID=(.+)$", re.MULTILINE)
_NAME = re.compile(r"^# Its client secret, (.+):$", re.MULTILINE)
_KEY = re.compile(r"^# Key id (\S+)\.\n", re.MULTILINE)


class SecretFileError(Exception):
    """The file can't hold a secret, or is not of this command: why, and the fix, in one line."""


@dataclass(frozen=True)
class SecretFile:
    """What a file says: `key_id` is "" when a run stopped before the secret was in it."""

    app_id: str
    secret_name: str
    key_id: str


def read(path: Path) -> SecretFile | None:
    """What the file says; None when there is none yet and it can be made, SecretFileError when it can't."""
    if reason := unfit(path):
        raise SecretFileError(reason)
    if not path.exists():
        return None
    file = _parsed(path)
    if reason := exposed(path):
        raise SecretFileError(reason)
    return file


def _parsed(path: Path) -> SecretFile:
    try:
        text = path.read_bytes()[:_LARGEST].decode("utf-8", errors="replace")
    except OSError as error:
        raise SecretFileError(f"{path} can't be read: {error.strerror}. Name another file.") from None
    application, name, key = (pattern.search(text) for pattern in (_APPLICATION, _NAME, _KEY))
    if application and name:
        return SecretFile(application[1].strip("'"), name[1], key[1] if key else "")
    if text:
        raise SecretFileError(f"{path} exists and was not written by this command: name another file")
    return SecretFile("", "", "")  # a run was killed between making the file and its first line


def hand_over(
    path: Path,
    identity: dict[str, str],
    secret_name: str,
    make: Callable[[], NewPassword],
    take_back: Callable[[], None],
) -> None:
    """Make the secret and write it to this new file; when either fails neither is left.

    What `take_back` raises comes out, and the file stays, so that the next run takes the secret back.
    SecretFileError when the file can't be written.
    """
    exports = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in identity.items())
    try:
        with new_private_file(path) as file:
            try:
                file.write(f"{exports}# Its client secret, {secret_name}:\n")
                keep(file)
                made = make()
                file.write(f"export ARM_CLIENT_SECRET={shlex.quote(made.secret)}\n# Key id {made.key_id}.\n")
                keep(file)
            except BaseException:
                take_back()
                path.unlink()
                raise
    except OSError as error:
        raise SecretFileError(
            f"{path} can't be written: {error.strerror}. No secret is left; mend that, or name another file, "
            "and run it again."
        ) from None
