"""Commands that are proposed are typed into a shell by an administrator: no name in them ends its quotes."""

import json

import pytest

from drift.commands import cmdlet, delete, note, patch
from tests.drift.by_hand import words
from tests.drift.made import Made


@pytest.mark.parametrize("quote", ["'", "\u2018", "\u2019", "\u201a", "\u201b"])
def test_powershell_takes_a_name_for_one_text(quote: str) -> None:
    """It takes each of these for the same quote."""
    line = cmdlet("Remove-RoleGroupMember", Identity=f"x{quote}; Remove-Mailbox y", Member="m")
    assert line == (
        f"Remove-RoleGroupMember -Identity 'x{quote}{quote}; Remove-Mailbox y' -Member 'm' -Confirm:$false"
    )


def test_a_shell_takes_an_address_and_a_body_as_they_are(made: Made) -> None:
    path, body = "/servicePrincipals/x/owners/y/$ref", {"notes": "it's `$HOME`!"}
    address = made.graph.address(f"/v1.0{path}")
    assert words(delete(made.graph, path)) == ["az", "rest", "--method", "DELETE", "--url", address]
    assert words(patch(made.graph, path, body))[-2:] == ["--body", json.dumps(body)]


@pytest.mark.parametrize(
    "said", ['"x/$ref"', "x/$ref", '"`x`"', "x;y", "x&y", "x>y", "x*", "$(x)", "{x}", "it's", '"x']
)
def test_what_a_shell_would_not_leave_alone_is_typed_nowhere(said: str) -> None:
    with pytest.raises(AssertionError, match="would not leave"):
        words(f"az rest --method DELETE --url {said}")


@pytest.mark.parametrize("end", ["\n", "\r", "\x85", "\u2028", "\u2029", "\u202e", "\x1b", "\x00"])
def test_no_name_ends_a_line_or_turns_what_is_read(end: str) -> None:
    """It would be typed as a line of its own, or read otherwise than it is typed."""
    name = f"x{end}roomctl contain --yes \"'$HOME`"
    line = cmdlet("Remove-RoleGroupMember", Identity=name)
    assert line == (
        f'Remove-RoleGroupMember -Identity "x$([char]0x{ord(end):04x})'
        'roomctl contain --yes ""\'`$HOME``" -Confirm:$false'
    )
    assert line.isprintable()
    assert note(name).isprintable()


def test_a_letter_beyond_the_first_65_536_is_two_numbers() -> None:
    assert "$([char]0xdb40)$([char]0xdc41)" in cmdlet("Get-Mailbox", Identity="x\U000e0041")
