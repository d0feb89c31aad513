"""Shows a report of drift, for the terminal that looks at it: clean, drifted, blind or accepted."""

import sys

from drift.reach import Reach
from permissions import Level
from roomctl.drift_on_terminal import show
from tests.drift.told import BLIND, acceptance, finding, reported

REPORTS = {
    "clean": reported(),
    "drifted": reported(
        finding(
            "1",
            rule="scope-missing",
            what="the rule that limits PlaceOS is gone. PlaceOS can open every mailbox of the tenant, 171",
            where="Exchange Online, Get-ApplicationAccessPolicy",
            level=Level.CRITICAL,
            repair="New-ApplicationAccessPolicy -AccessRight 'RestrictAccess' -Confirm:$false\n"
            "roomctl contain --yes --stack prod\npulumi up --refresh --stack prod",
        ),
        finding("0fd1e0b6-1d7e-4e33-9a0b-5a4f7e1e0f11", since="2026-01-05T08:00:00Z"),
        *(
            finding(
                f"room [bold]{one:02}[/]@contoso.example",
                what=f"room [bold]{one:02}[/]@contoso.example is not in the group",
                rule="room-missing-in-scope",
                level=Level.MODERATE,
                where="Exchange Online",
                repair="pulumi up --refresh --stack prod",
                accept="# the inventory: no row with the address",
            )
            for one in range(23)
        ),
        reach=Reach(48, 171, everything=True),
    ),
    "blind": reported(unseen=[BLIND], reach=None),
    "accepted": reported(
        accepted=[(finding(), acceptance())], ended=[acceptance("b")], unused=[acceptance("c")]
    ),
}

show(REPORTS[sys.argv[1]])
