"""The datasets of a study, bucket by bucket of subjects, on any executor: the same records whatever the buckets.

All derivations of a subject need that subject's records only. Trial design is nobody's: it is made once, before, and given
to every bucket.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import astuple, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

import adam
import sdtm
from engine import Built, build_datasets
from specs import RAW, SUBJECT_FIELD, Records, Study

_SUBJECT = f"{RAW}.{SUBJECT_FIELD}"
Places = npt.NDArray[np.int64]


def compute(
    study: Study, raw: Mapping[str, Records], *, executor: Executor | None = None, bucket: int | None = None
) -> Built:
    """The datasets of a study, SDTM and ADaM, of its raw tables.

    `executor` runs the buckets, in process where none is given; `bucket` is the number of subjects in one, all where none
    is given. Neither changes a byte of the result. Raises UserError as `engine.build_datasets` does.
    """
    reference = build_datasets([dataset for dataset in study.sdtm if dataset.reference_data], {})
    parts = list(_buckets(raw, bucket))
    if executor is None:
        done = [_bucket(study, part, reference.datasets) for part in parts]
    else:
        futures = [executor.submit(_bucket, study, part, reference.datasets) for part in parts]
        try:
            done = [future.result() for future in futures]
        finally:
            for future in futures:
                future.cancel()
    return _merged(study, [reference, *done])


def number_of_subjects(raw: Mapping[str, Records]) -> int:
    """How many subjects the raw tables are about."""
    return len(_subjects(raw))


def _subjects(raw: Mapping[str, Records]) -> pd.Index:
    numbers = [records.data[_SUBJECT].dropna() for records in raw.values()]
    subjects: pd.Index = pd.Index(pd.concat(numbers, ignore_index=True).unique())
    return subjects.sort_values()


def _bucket(study: Study, raw: Mapping[str, Records], reference: Mapping[str, Records]) -> Built:
    """Both models for some subjects."""
    tabulation = sdtm.build(study, {**raw, **reference})
    analysis = adam.build(study, {**reference, **tabulation.datasets})
    return Built(
        {**tabulation.datasets, **analysis.datasets},
        (*tabulation.findings, *analysis.findings),
        pd.concat([tabulation.left_out, analysis.left_out], ignore_index=True),
    )


def _buckets(raw: Mapping[str, Records], size: int | None) -> Iterator[dict[str, Records]]:
    """The raw tables cut into buckets of subjects; rows of a table of nobody go into the first."""
    subjects = _subjects(raw)
    if size is None or size >= len(subjects):
        yield dict(raw)
        return
    place = {
        name: np.maximum(subjects.get_indexer(pd.Index(records.data[_SUBJECT])), 0) // size
        for name, records in raw.items()
    }
    for number in range(-(-len(subjects) // size)):
        yield {name: _some(records, place[name] == number) for name, records in raw.items()}


def _some(records: Records, chosen: npt.NDArray[np.bool_]) -> Records:
    """Some of a raw table's records, each with the row of the file that it stood on."""
    sources = records.sources[chosen].assign(record=np.arange(int(chosen.sum()), dtype=np.int64))
    return replace(
        records, data=records.data[chosen].reset_index(drop=True), sources=sources.reset_index(drop=True)
    )


def _merged(study: Study, parts: Sequence[Built]) -> Built:
    """The parts as one: records in the order of the keys, sources in the places that records then have."""
    begun = {name: _begins(name, parts) for name in study.datasets}
    places = {name: _places(name, study.datasets[name].keys, parts) for name in study.datasets}
    merged = {name: _joined(name, parts, places, begun) for name in study.datasets}
    findings = sorted((finding for part in parts for finding in part.findings), key=astuple)
    left_out = pd.concat(
        [_moved(part.left_out, number, places, begun) for number, part in enumerate(parts)], ignore_index=True
    )
    ordered = left_out.sort_values(["table", "row", "dataset", "reason"], kind="stable").reset_index(
        drop=True
    )
    return Built(merged, tuple(findings), ordered)


def _begins(name: str, parts: Sequence[Built]) -> Places:
    """How many records of a dataset stand in the parts before each."""
    counts = [len(part.datasets[name].data) if name in part.datasets else 0 for part in parts]
    return np.cumsum([0, *counts[:-1]], dtype=np.int64)


def _places(name: str, keys: Sequence[str], parts: Sequence[Built]) -> Places:
    """The places that the records of all parts, one after the other, have in the order of the keys."""
    found = [part.datasets[name].data[list(keys)] for part in parts if name in part.datasets]
    if len(found) == 1:
        return np.arange(len(found[0]), dtype=np.int64)
    ordered = pd.concat(found, ignore_index=True).sort_values(list(keys), kind="stable", na_position="first")
    places = np.empty(len(ordered), dtype=np.int64)
    places[ordered.index.to_numpy()] = np.arange(len(ordered))
    return places


def _joined(
    name: str, parts: Sequence[Built], places: Mapping[str, Places], begun: Mapping[str, Places]
) -> Records:
    having = [(number, part.datasets[name]) for number, part in enumerate(parts) if name in part.datasets]
    data = pd.concat([records.data for _, records in having], ignore_index=True)
    sources = [
        _moved(records.sources, number, places, begun).assign(
            record=places[name][begun[name][number] + records.sources["record"].to_numpy(dtype=np.int64)]
        )
        for number, records in having
    ]
    told = pd.concat(sources, ignore_index=True).sort_values(["record", "table", "row"], kind="stable")
    order = np.argsort(places[name], kind="stable")
    return Records(data.iloc[order].reset_index(drop=True), told.reset_index(drop=True))


def _moved(
    sources: pd.DataFrame, number: int, places: Mapping[str, Places], begun: Mapping[str, Places]
) -> pd.DataFrame:
    """Rows of datasets in the places that they have when all parts are one; rows of raw tables stay as they are."""
    rows = sources["row"].to_numpy(dtype=np.int64)
    for table in sorted(places.keys() & set(sources["table"].unique())):
        of_it = (sources["table"] == table).to_numpy()
        rows = rows.copy()
        rows[of_it] = places[table][begun[table][number] + rows[of_it]]
    return sources.assign(row=rows)
