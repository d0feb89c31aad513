"""What is done to the tenant: each kind of tampering, and pairs of which one could hide the other."""

from dataclasses import dataclass

from tests.drift.tampering import SEEN_BY_PULUMI, TAMPERINGS, Tampering

KINDS = TAMPERINGS | SEEN_BY_PULUMI
"""Every kind, by what was done."""
PAIRS = (
    ("the policy removed", "a permission more"),
    ("the policy removed", "a secret"),
    ("the policy removed", "an owner"),
    ("a role in Exchange", "the policy removed"),
    ("a person in the scope", "a room taken out"),
    ("a person in the scope", "another address of the room group"),
    ("an owner", "a secret"),
    ("a redirect address", "accounts of other tenants"),
    ("a look-alike", "a group in the scope"),
    ("a consent revoked", "full access as an application"),
    ("sign-in stopped", "a federated credential"),
    ("a secret removed", "a secret of our name"),
)
SAMPLE = (
    ("a secret of our name",),
    ("an owner of the room group",),
    ("policy and group that a destroyed stack kept",),
    ("the policy removed", "a permission more"),
)
"""What every test run does; the rest is for the night."""


@dataclass(frozen=True)
class Case:
    """What is done, in this order, before anybody looks."""

    done: tuple[str, ...]

    @property
    def name(self) -> str:
        """As a person calls it."""
        return " + ".join(self.done)

    @property
    def tamperings(self) -> tuple[Tampering, ...]:
        """How it is done, and what must be found."""
        return tuple(KINDS[one] for one in self.done)


CASES = tuple(Case(done) for done in (*((one,) for one in KINDS), *PAIRS))
