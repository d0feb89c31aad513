"""The command of a page that is generated: check that it is up to date, or renew it."""

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path


class CannotGenerateError(ValueError):
    """The page can't be made; the text says why and what to do."""


def markdown_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; whatever a cell may not hold is escaped by the caller."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def command(
    module: str,
    description: str | None,
    page: Path,
    renewed: Callable[[str], str],
    arguments: Sequence[str] | None,
) -> int:
    """Check or renew `page`, or another file that is named, and return the exit code.

    `renewed` makes the new text from the present one. 0: up to date, or renewed; 1: it can't be read, made or
    written; 2: wrong usage; 7: out of date.
    """
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=description)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--check", action="store_true", help="change nothing; 7 when it is out of date")
    what.add_argument("--write", action="store_true", help="renew it")
    parser.add_argument("file", nargs="?", type=Path, default=page)
    chosen = parser.parse_args(arguments)
    try:
        return _check_or_write(chosen.file, renewed, module, write=chosen.write)
    except OSError as error:
        sys.stderr.write(f"{chosen.file}: {error.strerror}.\n")
    except UnicodeDecodeError:
        sys.stderr.write(f"{chosen.file} is not text in UTF-8.\n")
    except CannotGenerateError as error:
        sys.stderr.write(f"{error}\n")
    return 1


def _check_or_write(file: Path, renewed: Callable[[str], str], module: str, *, write: bool) -> int:
    present = file.read_text(encoding="utf-8")
    wanted = renewed(present)
    if wanted == present:
        return 0
    if write:
        file.write_text(wanted, encoding="utf-8")
        return 0
    sys.stderr.write(f"{file.name} is out of date. Renew it: python -m {module} --write\n")
    return 7
