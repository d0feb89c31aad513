"""What holds for the whole tenant while trouble is rehearsed, beside the faults of single requests."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from emulator.replication import Delays

GLOBAL_READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
"""The directory role that sees everything and changes nothing
(learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference)."""


class Conditions(BaseModel):
    """Each is as usual until it is said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: str | None = Field(default=None, description="Exchange's, whatever a request asks for")
    page_size: int | None = Field(default=None, ge=1, description="the most that a page holds")
    deployer_reads_only: bool = Field(default=False, description="its roles are swapped for reading ones")
    replication: Delays = {}

    def said(self) -> dict[str, Any]:
        """The conditions that are not as usual."""
        return self.model_dump(exclude_defaults=True)
