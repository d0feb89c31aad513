from collections.abc import Callable
from dataclasses import replace

import pytest

from resource_manager.api import ResourceManager
from tests.emulated import Emulated, emulated

__all__ = ["emulated"]


@pytest.fixture
def azure(emulated: Emulated) -> ResourceManager:
    return emulated.azure


@pytest.fixture
def vault_is(emulated: Emulated) -> Callable[..., None]:
    """Change the tenant's vault."""

    def change(**changes: object) -> None:
        [vault] = emulated.tenant.store.all("keyVault")
        emulated.tenant.store.put("keyVault", vault["name"], vault | changes)

    return change


@pytest.fixture
def without_an_address(emulated: Emulated) -> Callable[[], ResourceManager]:
    """The client of a cloud that does not say where Azure Resource Manager is."""
    deployer = emulated.deployer
    cloud = replace(deployer.cloud, resource_manager="")
    return lambda: ResourceManager(deployer.credential, cloud, deployer.clock)
