"""Commands that are proposed are typed into a shell by an administrator: no name in them ends its quotes."""

import pytest

from drift.commands import cmdlet


@pytest.mark.parametrize("quote", ["'", "\u2018", "\u2019", "\u201a", "\u201b"])
def test_powershell_takes_a_name_for_one_text(quote: str) -> None:
    """It takes each of these for the same quote."""
    line = cmdlet("Remove-RoleGroupMember", Identity=f"x{quote}; Remove-Mailbox y", Member="m")
    assert line == (
        f"Remove-RoleGroupMember -Identity 'x{quote}{quote}; Remove-Mailbox y' -Member 'm' -Confirm:$false"
    )
