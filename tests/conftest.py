"""The order of all tests, and what each may ask for: the azuread plugin that the run was started with."""

import pytest

from roomctl.emulate import AzureadPlugin


def pytest_addoption(parser: pytest.Parser) -> None:
    """The same option as `roomctl emulate` has."""
    parser.addoption(
        "--azuread-plugin",
        choices=[one.value for one in AzureadPlugin],
        default=AzureadPlugin.STANDIN.value,
        help="own: tests of the engine use the azuread plugin that it finds on PATH or installed",
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, in whatever order within: no core waits at the end for another's last minute."""
    items.sort(key=lambda item: item.get_closest_marker("engine") is None)


@pytest.fixture(scope="session")
def azuread_plugin(pytestconfig: pytest.Config) -> AzureadPlugin:
    """Which azuread plugin the engine uses."""
    return AzureadPlugin(pytestconfig.getoption("azuread_plugin"))
