"""The mail-enabled security group, locked: hidden, closed, owned and mailed by one administrator."""

from typing import Any, ClassVar

import pulumi
from pulumi.dynamic import Resource

from exchange import groups
from exchange.admin_api import current_exchange
from exchange.groups import GroupSettings
from exchange.provider import Properties, Stopped, TenantProvider, output, tell
from exchange.records import SecurityGroup as Record
from wire import AlreadyExists

LOCK = {
    "hiddenFromAddressLists": True,
    "memberJoin": "Closed",
    "memberDepart": "Closed",
    "requireSenderAuthentication": True,
}
"""What makes a group locked. They are inputs, so that a preview shows them and drift is found."""


class SecurityGroupProvider(TenantProvider):
    """One mail-enabled security group; its id is the Entra object id."""

    compared: ClassVar[tuple[str, ...]] = (
        "name",
        "alias",
        "address",
        "owners",
        "allowedSenders",
        "mark",
        *LOCK,
    )

    def creates(self, props: Properties) -> tuple[str, Properties]:
        """Make the group and lock it, or adopt the one that carries our mark."""
        exchange = current_exchange()
        try:
            made = groups.create(exchange, _settings(props))
        except AlreadyExists:
            if found := groups.find(exchange, props["address"]):
                _refuse_foreign(found, props)
            raise
        return made.group.object_id, {**_outputs(props, made.group), "adopted": made.adopted}

    def reads(self, id_: str, props: Properties) -> Properties | None:
        """Read the group by its object id: a renamed group is still ours."""
        found = groups.find(current_exchange(), id_)
        return None if found is None else _outputs(props, found)

    def updates(self, id_: str, olds: Properties, news: Properties) -> Properties:
        """Change in place: a new group would have another object id, on which the scope hangs."""
        exchange = current_exchange()
        found = groups.find(exchange, id_)
        if found is None:
            raise Stopped(
                f"the room group {news['address']} is gone from Exchange. Nothing was changed; "
                "run pulumi up --refresh to make it anew."
            )
        return _outputs({**olds, **news}, groups.change(exchange, found, _settings(news)))

    def deletes(self, id_: str, props: Properties) -> None:
        """Keep the group: it bounds tokens and deleted applications that may come back (docs/adr/0002)."""
        tell(
            f"Kept in Exchange: group {props['address']} and the access policies bound to it, which limit "
            "what can outlive this. Once the application is deleted for good, end them with: "
            f"roomctl finish-destroy {props['mark']} --group {props['address']}"
        )


def _refuse_foreign(found: Record, props: Properties) -> None:
    address, mark = props["address"], props["mark"]
    if found.is_synced:
        raise Stopped(
            f"group {address} is synchronised from on premises and can't be changed in Exchange Online. "
            "Choose another roomGroupAddress."
        )
    if not found.is_mail_enabled_security:
        raise Stopped(
            f"group {address} exists and is a {found.recipient_type}; an access policy needs a mail-enabled "
            "security group. Choose another roomGroupAddress."
        )
    if mark not in found.notes:
        raise Stopped(
            f"group {address} exists and is not this stack's. Choose another roomGroupAddress, or "
            f"hand the group over with: Set-Group -Identity {address} -Notes '{mark}' "
            "-BypassSecurityGroupManagerCheck"
        )


def _settings(props: Properties) -> GroupSettings:
    return GroupSettings(
        name=props["name"],
        alias=props["alias"],
        address=props["address"],
        owners=tuple(props["owners"]),
        accepted_senders=tuple(props["allowedSenders"]),
        mark=props["mark"],
        hidden=props["hiddenFromAddressLists"],
        join=props["memberJoin"],
        depart=props["memberDepart"],
        require_sender_auth=props["requireSenderAuthentication"],
    )


def _outputs(props: Properties, found: Record) -> Properties:
    return {
        "name": found.name,
        "alias": found.alias,
        "address": found.address,
        "owners": list(found.owners),
        "allowedSenders": list(found.accepted_senders),
        "mark": props["mark"] if props["mark"] in found.notes else "",
        "hiddenFromAddressLists": found.hidden,
        "memberJoin": found.join,
        "memberDepart": found.depart,
        "requireSenderAuthentication": found.require_sender_auth,
        "adopted": props.get("adopted", True),
    }


class SecurityGroup(Resource, module="exchange", name="SecurityGroup"):
    """A locked mail-enabled security group; `id` is its Entra object id."""

    def __init__(  # noqa: PLR0913 - what a group is
        self,
        resource_name: str,
        *,
        name: str,
        alias: str,
        address: str,
        owner: str,
        mark: str,
        opts: pulumi.ResourceOptions,
    ) -> None:
        inputs: dict[str, Any] = {
            "name": name,
            "alias": alias,
            "address": address.lower(),
            "owners": [owner.lower()],
            "allowedSenders": [owner.lower()],
            "mark": mark,
            **LOCK,
            "adopted": None,
        }
        super().__init__(SecurityGroupProvider(), resource_name, inputs, opts)

    @property
    def address(self) -> pulumi.Output[str]:
        """Primary SMTP address."""
        return pulumi.Output.from_input(output(self, "address"))

    @property
    def adopted(self) -> pulumi.Output[bool]:
        """Whether it was there when it was created, with members perhaps."""
        return pulumi.Output.from_input(output(self, "adopted"))
