"""How Microsoft Graph refuses: the codes and texts that clients match on."""

import uuid
from datetime import datetime

from emulator.clock import stamp
from emulator.store import Document


class GraphError(Exception):
    """A refusal with its HTTP status, code and message.

    Shape: https://learn.microsoft.com/en-us/graph/errors
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    def body(self, now: datetime) -> Document:
        """The JSON body, as of a time."""
        request_id = str(uuid.uuid4())
        inner = {"date": stamp(now).rstrip("Z"), "request-id": request_id, "client-request-id": request_id}
        return {"error": {"code": self.code, "message": self.message, "innerError": inner}}


def not_found(object_id: str) -> GraphError:
    """The object, or one that the request refers to, does not exist."""
    return GraphError(
        404,
        "Request_ResourceNotFound",
        f"Resource '{object_id}' does not exist or one of its queried reference-property objects "
        "are not present.",
    )


def bad_request(message: str) -> GraphError:
    """The directory service refuses what was sent."""
    return GraphError(400, "Request_BadRequest", message)


def unsupported_query(message: str) -> GraphError:
    """A query option that the directory service can't follow."""
    return GraphError(400, "Request_UnsupportedQuery", message)


def request_denied() -> GraphError:
    """The token lacks a permission of the directory service."""
    return GraphError(
        403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."
    )


def access_denied() -> GraphError:
    """The token lacks a permission of Exchange Online."""
    return GraphError(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")


def blocked_by_policy() -> GraphError:
    """An application access policy keeps the app from this mailbox."""
    return GraphError(
        403,
        "ErrorAccessDenied",
        "Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings.",
    )


def devices_denied() -> GraphError:
    """The token lacks a permission of Intune."""
    return GraphError(
        403,
        "Forbidden",
        "Application is not authorized to perform this operation. Application must have one of the following "
        "scopes: DeviceManagementManagedDevices.Read.All, DeviceManagementManagedDevices.ReadWrite.All",
    )


def not_licensed() -> GraphError:
    """The tenant has no licence for the service, whoever asks."""
    return GraphError(400, "BadRequest", "Request not applicable to target tenant.")


def invalid_token(reason: str) -> GraphError:
    """The request carries no token that Graph accepts."""
    return GraphError(401, "InvalidAuthenticationToken", reason)


def not_implemented(call: str) -> GraphError:
    """The emulated tenant does not know this call; it never guesses."""
    return GraphError(
        501, "NotImplemented", f"The emulated tenant does not know {call}. COVERAGE.md lists what it knows."
    )
