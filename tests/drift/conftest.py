"""A stack's objects in a tenant of the test's own."""

import pytest

from tests.drift.made import Made, make
from tests.emulated import Emulated, emulated

__all__ = ["emulated"]


@pytest.fixture
def made(emulated: Emulated) -> Made:
    return make(emulated)
