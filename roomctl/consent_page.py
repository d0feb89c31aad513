"""The page for the person who consents: what is asked, for whom, what limits it, who may, and how."""

from dataclasses import dataclass
from typing import Any

from roomctl.consent_request import ConsentRequest, Todo
from roomctl.consent_script import consent_script
from visible import in_markdown

WHO = (
    "a Privileged Role Administrator or a Global Administrator. An Application Administrator and a Cloud "
    "Application Administrator can't consent to Microsoft Graph's application permissions: "
    "https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent"
)
_PORTAL = (
    "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/CallAnAPI/appId/"
)
_REVOKING = "https://learn.microsoft.com/entra/identity/enterprise-apps/manage-application-permissions"
_TITLES = {
    Todo.CONSENT: "to consent",
    Todo.TAKE_BACK: "consent to take back",
    Todo.NOT_YET: "not yet",
    Todo.NOTHING: "nothing to do",
}


@dataclass(frozen=True)
class ConsentPage:
    """The request and its application. own: this stack made it, and requests what is asked for there.

    limited_to: what the access policy leaves open, in words.
    """

    stack: str
    request: ConsentRequest
    name: str
    client_id: str
    tenant_id: str
    own: bool
    limited_to: str

    @property
    def title(self) -> str:
        """What is to be done, in a few words."""
        return _TITLES[self.request.todo]

    @property
    def command(self) -> str:
        """What leads on; "" where a person has to do something first."""
        return f"{self.request.run} --stack {self.stack}" if self.request.run else ""

    @property
    def why(self) -> str:
        """Why, and that command."""
        return f"{self.request.why} Run: {self.command}" if self.command else self.request.why

    @property
    def is_time(self) -> bool:
        """Whether a person has to do something now."""
        return self.request.todo in {Todo.CONSENT, Todo.TAKE_BACK}

    @property
    def portal(self) -> str:
        """How it is done in the portal.

        The button there consents to what the application requests, so it does only for one of this stack's.
        """
        if self.request.todo is Todo.TAKE_BACK:
            return f"Enterprise applications, the application, Permissions, Revoke: {_REVOKING}"
        if not self.own:
            return (
                "not for this one: the application existed before and does not request these permissions, so "
                '"Grant admin consent" would not grant them, and may revoke others'
            )
        return f'"Grant admin consent" on {_PORTAL}{self.client_id}'

    @property
    def script(self) -> str:
        """The script for the permissions, which takes -Remove to take them back."""
        return consent_script(self.tenant_id, self.client_id, self.request.permissions)

    def as_markdown(self) -> str:
        """The page to hand over."""
        lines = [f"# Consent for PlaceOS, stack `{self.stack}`: {self.title}", "", in_markdown(self.why), ""]
        lines += ["| What | |", "| --- | --- |"]
        lines += [f"| {what} | {in_markdown(told)} |" for what, told in self.facts()]
        lines += [
            "",
            "| Permission | Granted | Opens | Narrowed by the policy |",
            "| --- | --- | --- | --- |",
        ]
        lines += [
            f"| `{one['name']}` | {'yes' if one['granted'] else 'no'} | {one['opens']} "
            f"| {'yes' if one['narrowedByPolicy'] else 'no: tenant-wide'} |"
            for one in self.permissions()
        ]
        if self.is_time:
            removing = " -Remove" if self.request.todo is Todo.TAKE_BACK else ""
            lines += ["", f"Who: {WHO}", "", f"In the portal: {self.portal}", ""]
            lines += [f"Or save this as consent.ps1, read it, and run `./consent.ps1{removing}`:", ""]
            lines += ["```powershell", self.script.rstrip(), "```", "", f"Then: `{self.then}`"]
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "todo": self.request.todo.value,
            "why": self.why,
            "application": {"name": self.name, "clientId": self.client_id, "tenantId": self.tenant_id},
            "limitedTo": self.limited_to,
            "permissions": self.permissions(),
            "portal": self.portal if self.is_time else None,
            "script": self.script if self.is_time else None,
        }

    def facts(self) -> list[tuple[str, str]]:
        """For which application, and what limits it."""
        return [
            ("application", self.name),
            ("client id", self.client_id),
            ("tenant", self.tenant_id),
            ("limited to", self.limited_to),
        ]

    def permissions(self) -> list[dict[str, Any]]:
        """Each permission, what it opens, and whether it is granted."""
        return [
            {
                "name": one.name,
                "opens": one.opens,
                "narrowedByPolicy": one.scoped_by_policy,
                "granted": one.name in self.request.granted,
            }
            for one in self.request.permissions
        ]

    @property
    def then(self) -> str:
        """What goes on when it is done."""
        return f"pulumi up --stack {self.stack}"
