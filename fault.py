"""What is told of an exception: its own words when it was made for people, else whose fault it is."""

from deployer import DeployerError
from https_json import EndpointError
from visible import visible
from wire import WireError
from wire.errors import cleaned


def in_one_line(error: Exception) -> str:
    """What a person is told of any exception, on one line and without secrets."""
    if isinstance(error, DeployerError | EndpointError | WireError):
        return visible(str(error))
    return fault_of_ours(error)


def fault_of_ours(error: Exception) -> str:
    """Of one that nobody foresaw: where it happened, what it was, and that it is no mistake of the reader."""
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    where = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else "?"
    reason = cleaned(f"{type(error).__name__}: {error}")
    return f"{where}: {reason}. This is a fault of ours. Please report this line."
