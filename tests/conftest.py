"""For the whole suite: no network but loopback."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from tests import network_guard

network_guard.install()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    network_guard.ATTEMPTS.clear()
    result = yield
    if network_guard.ATTEMPTS:
        raise network_guard.NetworkRefused("; ".join(network_guard.ATTEMPTS))
    return result
