"""A file that holds a secret: nobody else may read it, and it is never written over."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def new_private_file(path: Path) -> Iterator[TextIO]:
    """A new file of mode 0600, removed again when what it is for fails; OSError when it can't be made.

    It is made before the secret is, so that no secret is made that nothing can hold.
    """
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        try:
            yield file
        except BaseException:
            path.unlink()
            raise
