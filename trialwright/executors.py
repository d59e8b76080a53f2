"""Who computes: this process, a pool of processes, or a Dask cluster; all are executors of concurrent.futures."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from specs import UserError

_PER_WORKER = 4
"""buckets for each worker where no size of a bucket is asked for, so that a slow one does not keep the others waiting"""


@dataclass(frozen=True)
class Workers:
    """An executor, None for this process, and how many of its workers compute at once."""

    executor: Executor | None
    count: int

    def bucket(self, subjects: int) -> int | None:
        """The number of subjects in a bucket where none is asked for; None for all at once."""
        return None if self.executor is None else max(1, -(-subjects // (self.count * _PER_WORKER)))


IN_PROCESS = Workers(None, 1)


@contextmanager
def workers(text: str | None) -> Iterator[Workers]:
    """The workers that `--executor` names: `processes:N` or `dask://host:port`; this process where nothing is said.

    Raises UserError where the text is neither, Dask is not installed or does not answer, or a worker dies.
    """
    kind, _, rest = (text or "").partition(":")
    try:
        if not text:
            yield IN_PROCESS
        elif kind == "processes" and rest.isdigit() and int(rest) > 0:
            with ProcessPoolExecutor(int(rest)) as pool:
                yield Workers(pool, int(rest))
        elif kind == "dask" and rest.startswith("//"):
            with _dask(rest.removeprefix("//")) as found:
                yield found
        else:
            raise UserError.of(
                f"no executor '{text}'",
                "--executor",
                "name processes:N, such as processes:4, or dask://host:port",
            )
    except BrokenExecutor:
        raise UserError.of(
            "a worker died", f"--executor {text}", "see its memory: take fewer workers or a smaller --bucket"
        ) from None


@contextmanager
def _dask(address: str) -> Iterator[Workers]:
    try:
        from distributed import Client, KilledWorker
    except ImportError:
        raise UserError.of(
            "Dask is not installed", f"--executor dask://{address}", "pip install trialwright[cluster]"
        ) from None
    try:
        client = Client(f"tcp://{address}", timeout=10)  # type: ignore[no-untyped-call]
    except OSError:
        raise UserError.of(
            "the Dask cluster does not answer",
            f"--executor dask://{address}",
            "start its scheduler, or mend the address",
        ) from None
    with client:
        try:
            executor: Executor = client.get_executor(pure=False)  # type: ignore[no-untyped-call]
            yield Workers(executor, max(1, len(client.scheduler_info()["workers"])))
        except KilledWorker:
            raise BrokenExecutor from None
