"""Calls that nobody here makes with success: they are known so that they are refused as Graph refuses them.

Who holds their permission is told that the tenant does not know them.
"""

from emulator.graph.authorization import INVITE_GUESTS, READ_DEVICES
from emulator.graph.errors import bad_request, devices_denied, not_implemented
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
    """List Intune's devices; not known beyond the permission."""
    raise not_implemented("GET /deviceManagement/managedDevices")


OPERATIONS = Operations()
OPERATIONS.all += [*_DIRECTORY.all, *_INTUNE.all]
