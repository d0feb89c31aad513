"""A stack's objects in a tenant of the test's own."""

from tests.drift.conftest import made
from tests.emulated import emulated

__all__ = ["emulated", "made"]
