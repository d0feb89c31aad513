import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from emulator import latency
from emulator.store import Store
from emulator.tenant import Tenant


@pytest.mark.parametrize(("path", "waits"), [("/v1.0/users", [0.25]), ("/emulator/clock", [])])
def test_calls_to_the_cloud_wait_before_they_are_served(monkeypatch, path, waits):
    done: list[object] = []

    async def sleep(seconds: float) -> None:
        done.append(seconds)

    async def app(*_: Any) -> Any:
        done.append("served")

    monkeypatch.setattr(latency, "asyncio", SimpleNamespace(sleep=sleep))
    tenant = Tenant(Store(), "https://localhost", latency=0.25)
    scope = {"type": "http", "path": path}
    asyncio.run(latency.Latency(app, tenant)(scope, app, app))
    assert done == [*waits, "served"]
