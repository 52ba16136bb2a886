"""Reading on a real Dask cluster on loopback: one scheduler, two worker processes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from click.testing import CliRunner
from distributed import Client

from benchmarks.corpus import newsroom_set
from tests.mail_server import free_port
from tracker.cli import main
from tracker.config import Settings
from tracker.errors import ConfigError, ModelError
from tracker.extract.cluster import ClusterExtractor, _read
from tracker.extract.document import Document
from tracker.extract.pipeline import Extractor, load_extractor


@contextmanager
def clustering(workers: int = 2) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler, and the processes of its workers."""
    address = f"tcp://127.0.0.1:{free_port()}"
    port = address.rsplit(":", 1)[1]
    scheduler = ["scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard", "--no-show"]
    worker = ["worker", address, "--nthreads", "1", "--no-dashboard", "--no-nanny", "--host", "127.0.0.1"]
    dask = [sys.executable, "-m", "dask"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    processes = [subprocess.Popen([*dask, *what], **quiet) for what in (scheduler, *[worker] * workers)]
    try:
        for _ in range(60):
            with suppress(OSError), Client(address, timeout=2, set_as_default=False) as client:
                client.wait_for_workers(workers, timeout=30)
                break
            time.sleep(0.2)
        yield address, processes[1:]
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.extract.parallel.BATCH", 8)


@pytest.fixture(scope="module")
def cluster() -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    with clustering() as found:
        yield found


def test_a_cluster_reads_what_one_process_reads(cluster: tuple[str, list[subprocess.Popen[bytes]]]) -> None:
    texts = newsroom_set().documents[:60]
    here = load_extractor(Settings())
    there = load_extractor(Settings(dask=cluster[0]))
    assert isinstance(there, ClusterExtractor)
    assert (there.version, there.batch) == (here.version, 32)
    assert list(there.extract(texts)) == list(here.extract(texts))


def test_a_cluster_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.extract.cluster.PATIENCE", 0.5)
    lost = ClusterExtractor("x", "tcp://127.0.0.1:1")
    with pytest.raises(ConfigError, match=r"the Dask cluster of TRACKER_DASK \(tcp://127.0.0.1:1\) failed"):
        list(lost.extract([Document("a", "b", "c", None)]))


def test_a_worker_of_another_version_reads_nothing() -> None:
    with pytest.raises(ModelError, match="a Dask worker reads by"):
        _read(Settings().spacy_model, "other", [])
    assert _read(Settings().spacy_model, Extractor(Settings().spacy_model).version, []) == []


def test_a_lost_worker_is_made_up_for_by_the_other(
    cluster: tuple[str, list[subprocess.Popen[bytes]]],
) -> None:
    texts = newsroom_set().documents[:60]
    there = ClusterExtractor(Settings().spacy_model, cluster[0])
    stream = there.extract(texts)
    first = next(stream)
    cluster[1][0].kill()
    assert [first, *stream] == list(load_extractor(Settings()).extract(texts))


def test_the_command_line_says_what_to_do() -> None:
    done = CliRunner().invoke(
        main, ["extract", "-"], input='{"text": "a"}\n', env={"TRACKER_DASK": "nothing"}
    )
    assert done.exit_code == 1
    assert "start its scheduler and workers, or unset TRACKER_DASK" in done.stderr
