"""What the command line imports, which is what a person waits for before anything happens."""

import subprocess
import sys

import pytest
import typer

from roomctl.__main__ import cli
from roomctl.commands import Commands
from tests.engine.rehearsal import ROOT

_COMMANDS = dict(Commands(name="roomctl").commands)


@pytest.mark.parametrize("name", ["handover", "drift"])
def test_a_command_imports_no_other_and_nothing_that_only_help_needs(name):
    script = (
        "import sys, typer; from roomctl.__main__ import cli; "
        f"typer.main.get_command(cli).commands[{name!r}]; print(*sys.modules)"
    )
    imported = subprocess.check_output([sys.executable, "-c", script], cwd=ROOT, text=True).split()
    modules = {f"roomctl.{other.replace('-', '_')}" for other in _COMMANDS}
    assert modules & set(imported) == {f"roomctl.{name}"}
    assert "typer.rich_utils" not in imported


def test_the_command_line_has_them_all():
    group = typer.main.get_command(cli)
    assert isinstance(group, Commands)
    assert list(group.commands) == list(_COMMANDS)
    assert all(command.help for command in _COMMANDS.values())
