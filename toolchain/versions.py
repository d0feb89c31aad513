"""The versions of the Pulumi engine that this project accepts and makes."""

ENGINE = "3.259.0"
"""The engine that is installed or built where none is found; `engine/go.mod` pins the same."""

OLDEST_ENGINE = "3.226.0"
"""The first engine whose exit codes are a contract (7 is drift), see pulumi's `exit_codes.go`."""


def release(version: str) -> tuple[int, ...]:
    """The release numbers of a version text such as `v3.259.0-alpha.1`, so that versions compare.

    Raises ValueError when the text is no version.
    """
    numbers = version.strip().removeprefix("v").split("-")[0].split("+")[0]
    return tuple(int(number) for number in numbers.split("."))
