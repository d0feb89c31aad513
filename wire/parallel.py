"""Many independent requests at once, a few at a time."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

# Exchange counts concurrent requests a tenant, not an app: more than a few only buys throttling.
AT_ONCE = 4


def in_parallel(
    work: Callable[[_Item], _Result], items: Iterable[_Item], *, at_once: int = AT_ONCE
) -> list[_Result]:
    """`work` done to every item, `at_once` at a time; results in the order of the items.

    The first exception is raised once the calls under way have ended; calls not begun are dropped.
    """
    with ThreadPoolExecutor(max_workers=at_once) as pool:
        futures = [pool.submit(work, item) for item in items]
        try:
            return [future.result() for future in futures]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
