"""Reading on a Dask cluster (TRACKER_DASK): batches of documents out, mentions back, in their order."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING

from tracker.errors import ConfigError, ModelError
from tracker.extract import parallel
from tracker.extract.document import Document
from tracker.extract.parallel import Found, Result
from tracker.extract.pipeline import Extractor
from tracker.models.mention import Mention

if TYPE_CHECKING:
    from distributed import Client, Future

PATIENCE = 10
"""Seconds to wait for the scheduler."""

_alone = threading.Lock()
"""A pipeline reads for one thread at a time; workers do well to have one each."""


class ClusterExtractor(Extractor):
    """An extractor whose documents are read by the workers of a Dask scheduler; the mentions are the same."""

    def __init__(self, spacy_model: str, address: str) -> None:
        super().__init__(spacy_model)
        self.address = address

    @property
    def batch(self) -> int:
        """Documents that keep every worker busy."""
        return parallel.BATCH * parallel.WAITING * self._workers()

    @cached_property
    def client(self) -> Client:
        """The connection. Raises ConfigError where nobody answers."""
        try:
            from distributed import Client
        except ImportError as error:
            hint = "pip install 'market-signal-tracker[dask]'"
            raise ConfigError("TRACKER_DASK needs a package that is not installed", hint=hint) from error
        with self._answering():
            return Client(self.address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]

    def extract(self, documents: Iterable[Document]) -> Iterator[tuple[str, list[Mention]]]:
        """What `Extractor.extract` gives. Raises ConfigError where the cluster is lost, ModelError where a
        worker would read something else.
        """
        return parallel.in_order(documents, self._submit, self._workers)

    def _submit(self, batch: list[Document]) -> Result:
        with self._answering():
            # Not pure: what is read twice is read twice, and not remembered by the cluster.
            future = self.client.submit(_read, self.spacy_model, self.version, batch, pure=False)
        return partial(self._result, future)

    def _result(self, future: Future[Found]) -> Found:
        with self._answering():
            found: Found = future.result()
        return found

    def _workers(self) -> int:
        with self._answering():
            return max(1, len(self.client.scheduler_info(n_workers=-1)["workers"]))

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except (ModelError, ConfigError):
            raise
        except Exception as error:  # Dask's own are of many kinds, and a lost worker's tasks raise others
            told = f"the Dask cluster of TRACKER_DASK ({self.address}) failed: {error}"
            hint = "start its scheduler and workers, or unset TRACKER_DASK; what was read is kept"
            raise ConfigError(told, hint=hint) from error


@lru_cache(maxsize=1)
def _local(spacy_model: str) -> Extractor:
    return Extractor(spacy_model)


def _read(spacy_model: str, version: str, batch: list[Document]) -> Found:
    """Done by a worker. Raises ModelError where it has another program or pipeline than who asks."""
    with _alone:
        extractor = _local(spacy_model)
        if extractor.version != version:
            told = f"a Dask worker reads by {extractor.version}, this machine by {version}"
            raise ModelError(told, hint="install the same version everywhere")
        return list(extractor.extract(batch))
