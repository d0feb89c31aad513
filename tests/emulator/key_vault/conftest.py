"""Somebody at Azure Resource Manager, and somebody at a vault."""

from collections.abc import Callable

import pytest

from tests import emulated_vault
from tests.emulated_vault import Ask
from tests.emulator.conftest import Cloud


@pytest.fixture
def vault_id(cloud: Cloud) -> str:
    return emulated_vault.vault_id(cloud.served)


@pytest.fixture
def arm(cloud: Cloud) -> Callable[[str], Ask]:
    """Calls to Azure Resource Manager as an application of the tenant."""
    return lambda name: emulated_vault.asking_arm(cloud.served, name)


@pytest.fixture
def at_vault(cloud: Cloud) -> Callable[[str], Ask]:
    """Calls to the vault as an application of the tenant; "" has no token."""
    return lambda name: emulated_vault.asking_vault(cloud.served, name)
