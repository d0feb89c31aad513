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
    ("the application renamed", "a description of the application"),
)
REFRESH = "pulumi refresh --yes --stack rehearsal"
"""After it the state holds what was done, too."""
TAKEN_OVER = (
    ("an owner", "a secret removed", "the application renamed", "tags of the principal"),
    ("an owner of the principal", "tags of the application", "a description of the application"),
    ("a redirect address", "accounts of other tenants", "the mark of the application removed"),
    ("the room group renamed", "another description of the policy"),
    ("another address of the room group", "a join rule"),
    ("nothing asked for", "an assignment required", "an owner removed"),
    ("a person in the scope", "a consent revoked"),
)
"""What is found all the same once a refresh has written it into the state."""
SAMPLE = (
    ("a secret of our name",),
    ("an owner of the room group",),
    ("policy and group that a destroyed stack kept",),
    ("the policy removed", "a permission more"),
    TAKEN_OVER[0],
)
"""What every test run does; the rest is for the night."""


@dataclass(frozen=True)
class Case:
    """What is done, in this order, before anybody looks; and what somebody types then."""

    done: tuple[str, ...]
    then: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """As a person calls it."""
        return ", then ".join([" + ".join(self.done), *self.then])

    @property
    def tamperings(self) -> tuple[Tampering, ...]:
        """How it is done, and what must be found."""
        return tuple(KINDS[one] for one in self.done)


CASES = (
    *(Case((one,)) for one in KINDS),
    *(Case(pair) for pair in PAIRS),
    *(Case(done, (REFRESH,)) for done in TAKEN_OVER),
)
