"""Shows a review in which everything changes, for the terminal that looks at it."""

from dataclasses import replace

from review.policy import Violation
from roomctl.review_on_terminal import show
from tests.review.stack import ROOM_GROUP, clean, reviewed

stack = clean().members("staff", "group-2", "Ada")
stack["policies"].update(groupObjectIds=[ROOM_GROUP, "group-2"], accessRights=["RestrictAccess"] * 2)
stack["application"]["signInAudience"] = "AzureADMultipleOrgs"
stack["application"]["displayName"] = "Rooms [bold]of the firm[/]"
stack["rooms-members"]["members"] = {"bay@contoso.example": "Bay"}
rule = Violation(
    "single-tenant", "application", "application has another audience. Write AzureADMyOrg.", True
)
show(
    replace(reviewed(stack), violations=(rule,), notes=("applicationName is a secret: its default was used",))
)
