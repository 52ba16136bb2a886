"""For the whole suite: no network but loopback, and stores of both kinds."""

from __future__ import annotations

import os
import uuid
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import settings

from tests import network_guard
from tracker.store.engine import connect

network_guard.install()

# How long one example takes says more of the machine than of the program.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

SERVER = "TRACKER_TEST_POSTGRES"
"""The variable that names a database on a PostgreSQL server where tests may make and drop schemas."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    network_guard.ATTEMPTS.clear()
    result = yield
    if network_guard.ATTEMPTS:
        raise network_guard.NetworkRefused("; ".join(network_guard.ATTEMPTS))
    return result


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty store: a test that takes it runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/store.db"
    else:
        yield from _schema(os.environ.get(SERVER))


def _schema(server: str | None) -> Iterator[str]:
    """A schema of its own in the test database, dropped afterwards."""
    if not server:
        pytest.skip(f"no PostgreSQL: {SERVER} names none (.ci/run starts one)")
    name = f"test_{uuid.uuid4().hex}"
    engine = connect(server)
    with engine.begin() as connection:
        connection.execute(sa.schema.CreateSchema(name))
    try:
        url = sa.make_url(server).update_query_dict({"options": f"-csearch_path={name}"})
        yield url.render_as_string(hide_password=False)
    finally:
        with engine.begin() as connection:
            connection.execute(sa.schema.DropSchema(name, cascade=True))
        engine.dispose()
