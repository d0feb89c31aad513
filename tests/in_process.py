"""A command of `roomctl` in the process of the test: a new one takes a second to import everything."""

import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

import deployer
from exchange.admin_api import current_exchange
from graph.api import current_graph
from resource_manager.api import current_resource_manager
from roomctl.__main__ import app

_ONCE_A_PROCESS = (deployer._made, current_exchange, current_graph, current_resource_manager)


def roomctl(
    *arguments: str, variables: Mapping[str, str], folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run it with these variables beside the test's own, in that folder."""
    out, err = StringIO(), StringIO()
    for made in _ONCE_A_PROCESS:
        made.cache_clear()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name, value in variables.items():
            patch.setenv(name, value)
        if folder:
            patch.chdir(folder)
        patch.setattr(sys, "argv", ["roomctl", *arguments])
        patch.setattr(sys, "stdin", StringIO())
        with pytest.raises(SystemExit) as ended:
            app()
    return subprocess.CompletedProcess(arguments, int(ended.value.code or 0), out.getvalue(), err.getvalue())
