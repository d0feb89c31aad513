"""Numbers of things as people say them."""


def counted(count: int, one: str, many: str = "") -> str:
    """`1 member`, `2 members`; many: how several of them are called, where an s is not enough."""
    return f"1 {one}" if count == 1 else f"{count:,} {many or one + 's'}"
