"""The order of all tests, what each may ask for (the azuread plugin of the run), and what none may leave."""

import os
from collections.abc import Generator

import pytest

from roomctl.emulate import AzureadPlugin
from tests import left_secrets


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
    items.sort(key=_length, reverse=True)


def _length(item: pytest.Item) -> tuple[bool, float]:
    """The engine's tests are long; of those the ones that may take longer than others."""
    limit = item.get_closest_marker("timeout")
    return item.get_closest_marker("engine") is not None, limit.args[0] if limit else 0


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """Half as many again as cores, unless told: a test of the engine waits for processes, which wait too."""
    cores = yield
    return cores if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ else cores * 3 // 2


@pytest.fixture(scope="session")
def azuread_plugin(pytestconfig: pytest.Config) -> AzureadPlugin:
    """Which azuread plugin the engine uses."""
    return AzureadPlugin(pytestconfig.getoption("azuread_plugin"))


def pytest_configure() -> None:
    """Command lines are remembered from the start."""
    left_secrets.watch_command_lines()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that leaves a secret fails, whatever else it was for."""
    report = yield
    if report.when == "teardown" and (left := left_secrets.after(item, report)):
        report.outcome = "failed"
        report.longrepr = f"A secret that the emulated tenant handed out was left in {left}."
    return report
