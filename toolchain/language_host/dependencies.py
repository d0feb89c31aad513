"""How a program's packages are installed."""

import shutil
from pathlib import Path


class NoUvError(Exception):
    """There is no uv on this machine; the text says what to do."""


def install_commands(folder: Path) -> list[list[str]]:
    """The commands that install what the program in `folder` needs; none when it names nothing.

    Raises NoUvError when something is to be installed and uv is not on PATH.
    """
    if any((parent / "pyproject.toml").is_file() for parent in (folder, *folder.parents)):
        commands = [["sync"]]
    elif (folder / "requirements.txt").is_file():
        python = folder / ".venv" / "bin" / "python"
        make = [] if python.exists() else [["venv", str(folder / ".venv")]]
        commands = [
            *make,
            ["pip", "install", "--python", str(python), "-r", str(folder / "requirements.txt")],
        ]
    else:
        return []
    uv = shutil.which("uv")
    if uv is None:
        raise NoUvError(f"uv is not on PATH, so what {folder} needs can't be installed. Run `make setup`.")
    return [[uv, *command] for command in commands]
