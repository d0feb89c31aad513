"""What is proposed is cut where the shell changes."""

from drift.shell import Shell, by_shell

UP = "pulumi up --refresh --stack dev"
HANDOVER = "roomctl handover --stack dev"


def test_what_is_typed_in_two_shells_is_cut_where_the_shell_changes_and_keeps_its_order() -> None:
    guarded = ("# if nobody uses it:", "Remove-ApplicationAccessPolicy -Identity 'x' -Confirm:$false")
    lines = ("az ad sp delete --id x", *guarded, "# then", UP, HANDOVER, "# tell people")
    assert by_shell(lines) == (
        (Shell.SH, lines[:1]),
        (Shell.POWERSHELL, guarded),
        (Shell.SH, lines[3:]),
    )
    assert by_shell((*guarded, "# tell people")) == ((Shell.POWERSHELL, (*guarded, "# tell people")),)
    assert by_shell(["# ask somebody"]) == ((Shell.SH, ("# ask somebody",)),)
    assert by_shell([]) == ()
