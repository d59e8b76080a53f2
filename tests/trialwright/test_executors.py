"""The same build whoever computes it: in process, in two processes, on a local Dask cluster, in buckets of any size."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

import raw
from engine import Built
from raw.simulation import simulate
from specs import Records, Study, UserError
from trialwright.build import build_study
from trialwright.compute import compute, number_of_subjects
from trialwright.executors import Workers, workers
from trialwright.names import LATEST
from trialwright.shipped import study_folder
from trialwright.studies import load_study

STUDY = "nct01988506"


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(STUDY)


@pytest.fixture(scope="module")
def export_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / STUDY
    simulate(study_folder(STUDY) / "simulation.yaml", folder, subjects=8, seed=11)
    return folder


@pytest.fixture(scope="module")
def tables(study: Study, export_folder: Path) -> dict[str, Records]:
    return dict(raw.read_export(study, export_folder).tables)


@pytest.fixture(scope="module")
def whole(study: Study, tables: dict[str, Records]) -> Built:
    return compute(study, tables)


@pytest.fixture(scope="module")
def dask_address() -> Iterator[str]:
    distributed = pytest.importorskip("distributed", reason="needs trialwright[cluster]")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        yield cluster.scheduler_address.removeprefix("tcp://")


def assert_same(made: Built, expected: Built) -> None:
    assert list(made.datasets) == list(expected.datasets)
    for name, records in expected.datasets.items():
        pd.testing.assert_frame_equal(made.datasets[name].data, records.data)
        pd.testing.assert_frame_equal(made.datasets[name].sources, records.sources)
    assert made.findings == expected.findings
    pd.testing.assert_frame_equal(made.left_out, expected.left_out)


@pytest.mark.parametrize("size", (1, 7, 50, None))
def test_the_size_of_a_bucket_changes_nothing(
    size: int | None, study: Study, tables: dict[str, Records], whole: Built
) -> None:
    assert number_of_subjects(tables) > 7
    assert_same(compute(study, tables, bucket=size), whole)


def test_two_processes_make_the_same(study: Study, tables: dict[str, Records], whole: Built) -> None:
    with ProcessPoolExecutor(2) as pool:
        assert_same(compute(study, tables, executor=pool, bucket=4), whole)


def test_a_dask_cluster_makes_the_same(
    dask_address: str, study: Study, tables: dict[str, Records], whole: Built
) -> None:
    with workers(f"dask://{dask_address}") as by:
        assert by.count == 2
        assert_same(compute(study, tables, executor=by.executor, bucket=3), whole)


def test_the_files_of_a_build_are_the_same_bytes(study: Study, export_folder: Path, tmp_path: Path) -> None:
    made = {}
    for name in ("one", "two"):
        with workers("processes:2" if name == "two" else None) as by:
            build = build_study(
                study, export_folder, tmp_path / name, by=by, bucket=3 if name == "two" else None
            )
        files = (path for path in build.folder.rglob("*") if path.is_file())
        made[name] = {path.relative_to(build.folder).as_posix(): path.read_bytes() for path in files}
    assert made["one"] == made["two"]


class Dying(Executor):
    """An executor whose workers die."""

    def __init__(self) -> None:
        self.pool = ProcessPoolExecutor(1)

    def submit(self, function, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        return self.pool.submit(os._exit, 1)


def test_a_worker_that_dies_is_told_and_the_last_build_stays(
    study: Study, export_folder: Path, tmp_path: Path
) -> None:
    first = build_study(study, export_folder, tmp_path)
    with pytest.raises(UserError) as caught, workers("processes:1") as by:
        build_study(study, export_folder, tmp_path, by=Workers(Dying(), by.count), bucket=2)
    assert str(caught.value) == (
        "a worker died\n  where: --executor processes:1\n"
        "  to do: see its memory: take fewer workers or a smaller --bucket"
    )
    home = tmp_path / STUDY
    assert (home / LATEST).resolve() == first.folder
    assert sorted(path.name for path in home.iterdir()) == sorted([".lock", first.id, LATEST])


def test_an_error_in_one_bucket_is_the_users_error(study: Study, tables: dict[str, Records]) -> None:
    demography = tables["raw.DM"]
    twice = pd.concat([demography.data, demography.data.tail(1)], ignore_index=True)
    sources = pd.concat([demography.sources, demography.sources.tail(1)], ignore_index=True)
    sources = sources.assign(record=range(len(sources)))
    broken = {**tables, "raw.DM": Records(twice, sources, file=demography.file, lines=demography.lines)}
    with ProcessPoolExecutor(1) as pool, pytest.raises(UserError) as caught:
        compute(study, broken, executor=pool, bucket=4)
    assert "DM has several records of a subject" in str(caught.value)


@pytest.mark.parametrize("text", ("threads:2", "processes:none", "processes:0", "dask:here"))
def test_an_executor_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UserError) as caught, workers(text):
        pass
    assert str(caught.value) == (
        f"no executor '{text}'\n  where: --executor\n"
        "  to do: name processes:N, such as processes:4, or dask://host:port"
    )
