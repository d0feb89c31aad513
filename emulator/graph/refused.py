"""Calls that nobody here makes with success: they are known so that they are refused as Graph refuses them.

Who holds their permission is told that the tenant does not know them, or does not have the service.
"""

from emulator.graph.authorization import INVITE_GUESTS, READ_DEVICES
from emulator.graph.errors import bad_request, devices_denied, not_implemented, not_licensed
from emulator.graph.routing import Answer, Call, Operations

_DIRECTORY, _INTUNE = Operations(), Operations(denied=devices_denied)


@_DIRECTORY.on("POST", "/invitations", needs=INVITE_GUESTS)
def invite(call: Call) -> Answer:
    """Invite a guest; an invitation without an address is refused, any other is not known."""
    if not call.body.get("invitedUserEmailAddress"):
        raise bad_request("The invited user email address is required.")
    raise not_implemented("POST /invitations")


@_INTUNE.on("GET", "/deviceManagement/managedDevices", needs=READ_DEVICES)
def list_managed_devices(_: Call) -> Answer:
    """List Intune's devices; the emulated tenant has no licence for Intune.

    https://github.com/microsoftgraph/msgraph-beta-sdk-go/issues/198
    """
    raise not_licensed()


OPERATIONS = Operations()
OPERATIONS.all += [*_DIRECTORY.all, *_INTUNE.all]
