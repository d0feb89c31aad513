"""In whose name something is looked up, and what for."""

from dataclasses import dataclass

from rights import Role


@dataclass(frozen=True)
class Asker:
    """Who asks: the stack, whose objects carry `mark`, and the deployer's client id; "" is a person.

    tenant_id: the deployer's. role: what the rights that are looked up have to be enough for.
    """

    mark: str
    client_id: str
    tenant_id: str
    role: Role = Role.APPLY
