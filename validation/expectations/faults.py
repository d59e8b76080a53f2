"""Expectations that are not met, in the shape of findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from engine import Finding
from specs import RAW, SUBJECT_FIELD, TABLE_FIELD, RawTable, Records, Study
from validation.check import MOST, Fault, file_fault, record_faults
from validation.expectations.results import ExpectationResult
from validation.expectations.run import Outcome
from validation.expectations.suites import snake_case
from validation.written import Written, WrittenDataset

_ADDED = (SUBJECT_FIELD, TABLE_FIELD)


def result_of(outcome: Outcome) -> ExpectationResult:
    """An outcome as it is kept."""
    return ExpectationResult(
        dataset=outcome.dataset,
        expectation=snake_case(outcome.expectation.name),
        column=outcome.expectation.column,
        meaning=outcome.expectation.meaning,
        code=outcome.expectation.described.code,
        success=outcome.success,
        records=outcome.records,
        unexpected_count=len(outcome.positions),
    )


def dataset_faults(outcome: Outcome, written: Written) -> Iterator[Fault]:
    """The faults behind an expectation about a written dataset that is not met.

    A missing or unknown variable has findings of its own (VARIABLE_MISSING, VARIABLE_UNKNOWN).
    """
    if outcome.success:
        return
    expectation, dataset = outcome.expectation, written.datasets[outcome.dataset]
    if outcome.positions.size:
        wrong = np.zeros(len(dataset.records), dtype=np.bool_)
        wrong[outcome.positions] = True
        yield from record_faults(
            expectation.described,
            dataset,
            expectation.column,
            wrong,
            expectation.message,
            kind=expectation.kind,
        )
    elif _speaks_of_the_file(outcome, dataset):
        yield file_fault(
            expectation.described,
            dataset.name,
            expectation.column,
            expectation.message,
            kind=expectation.kind,
        )


def _speaks_of_the_file(outcome: Outcome, dataset: WrittenDataset) -> bool:
    if outcome.expectation.name == "ExpectTableColumnsToMatchOrderedList":
        return set(outcome.expectation.arguments["column_list"]) == set(dataset.columns)
    return dataset.has(*outcome.expectation.needs)


def raw_faults(outcome: Outcome, study: Study, raw: Mapping[str, Records]) -> Iterator[Fault]:
    """The faults behind an unmet expectation about a raw table: each names the cell of the export."""
    if outcome.success:
        return
    table, records = study.raw[outcome.dataset.removeprefix(f"{RAW}.")], raw[outcome.dataset]
    expectation = outcome.expectation
    if not outcome.positions.size:
        if not expectation.column:
            yield _raw_fault(outcome, table, (), "", table.file, ())
        return
    lines = _lines(records)
    columns = raw_columns(table, records)
    for position in outcome.positions[:MOST].tolist():
        texts = {name: columns[name].iloc[position] for name in (*table.keys, expectation.column)}
        keys = tuple(
            (name, str(texts[name]))
            for name in table.keys
            if name != expectation.column and not pd.isna(texts[name])
        )
        value = texts[expectation.column]
        origin = f"{table.file}:{lines[position]}:{expectation.column}"
        yield _raw_fault(outcome, table, keys, "" if pd.isna(value) else str(value), origin, (position,))
    rest = outcome.positions[MOST:]
    if rest.size:
        fault = _raw_fault(outcome, table, (), "", table.file, tuple(rest.tolist()))
        yield replace(fault, finding=replace(fault.finding, count=len(rest)))


def raw_columns(table: RawTable, records: Records) -> pd.DataFrame:
    """The columns of a raw table by their names in the export, without the fields that a reader adds."""
    prefix = f"{RAW}."
    named = records.data.rename(columns=lambda name: str(name).removeprefix(prefix))
    return named[[name for name in named.columns if name not in _ADDED]]


def _lines(records: Records) -> list[str]:
    """Where each record stands in its file; "" where that is not known."""
    if not len(records.lines):
        return [""] * len(records.data)
    row = records.sources.drop_duplicates("record").set_index("record")["row"]
    rows = row.reindex(range(len(records.data))).to_numpy(dtype=np.int64)
    return [str(line) for line in records.lines[rows]]


def _raw_fault(
    outcome: Outcome,
    table: RawTable,
    keys: tuple[tuple[str, str], ...],
    value: str,
    origin: str,
    positions: tuple[int, ...],
) -> Fault:
    expectation = outcome.expectation
    finding = Finding(
        code=expectation.described.code,
        severity=expectation.described.severity,
        dataset=table.name,
        variable=expectation.column,
        keys=keys,
        value=value,
        message=expectation.message,
        to_do=expectation.described.to_do,
        origin=origin,
    )
    return Fault(finding, expectation.kind, positions)
