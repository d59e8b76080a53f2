"""An export against its contract: what drifted, and what the contract forbids."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from engine import Finding, Severity
from exchange import Table
from specs import Problem, RawColumn, RawTable, nearest

_NUMBER = {"integer": r"[+-]?\d+", "number": r"[+-]?\d+(?:[.,]\d+)?"}


def missing_columns(table: RawTable, found: Table) -> Iterator[Problem]:
    """Columns of the contract that the file does not have: nothing can be built without them."""
    there = [column.name for column in found.columns]
    for name in table.columns:
        if name not in there:
            remedy = nearest(name, there, "have the export repeated, or take the column out of raw.yaml")
            yield Problem(
                f"raw table '{table.name}' has no column '{name}'",
                f"{table.file}, {table.name}.{name}",
                remedy,
            )


def drift(table: RawTable, found: Table) -> Iterator[Finding]:
    """What the file has and the contract does not, and a file without rows."""
    for column in found.columns:
        if column.name not in table.columns:
            yield _finding(
                "RAW_COLUMN_NEW",
                "warning",
                table,
                column.name,
                "the export has a column that the contract does not know",
                "describe it in raw.yaml and map it, or say why it is not submitted",
            )
    if found.records.empty:
        yield _finding(
            "RAW_TABLE_EMPTY", "warning", table, "", "the table has no rows", "see whether that is right"
        )


def breaches(table: RawTable, found: Table) -> Iterator[Finding]:
    """Values that the contract forbids: missing where required, outside the allowed texts, of the wrong type."""
    for name, column in table.columns.items():
        values = found.records[name]
        for code, message, to_do, wrong in _wrong(column, values):
            for at in np.flatnonzero(wrong.to_numpy()):
                yield _at(code, table, found, name, int(at), message, to_do)


def repeated_keys(table: RawTable, found: Table, gone: np.ndarray) -> Iterator[Finding]:
    """Rows that stay and are equal on the keys: the export says two things of one record."""
    if not table.keys:
        return
    kept = found.records[~gone]
    repeated = kept.duplicated(list(table.keys), keep=False).to_numpy()
    for at in np.flatnonzero(~gone)[repeated]:
        message = f"several rows with the same {', '.join(table.keys)}"
        to_do = "have all but one deleted, or add to the keys in raw.yaml what tells them apart"
        yield _at("RAW_KEY_REPEATED", table, found, table.keys[0], int(at), message, to_do)


def superseded(table: RawTable, found: Table) -> np.ndarray:
    """Rows that a later row with the same keys replaces: all but the one with the latest value of `latest`.

    Of several with the same latest value none is chosen: they stay, and are reported as a repeated key.
    """
    if table.latest is None or not table.keys:
        return np.zeros(len(found.records), dtype=bool)
    latest = found.records.groupby(list(table.keys), dropna=False)[table.latest].transform("max")
    return (found.records[table.latest] < latest).fillna(False).to_numpy(dtype=bool)


def _wrong(column: RawColumn, values: pd.Series) -> Iterator[tuple[str, str, str, pd.Series]]:
    if column.required:
        yield "RAW_REQUIRED_MISSING", "a required value is missing", "have it completed", values.isna()
    if column.values:
        outside = values.notna() & ~values.isin(column.values)
        yield "RAW_VALUE_NOT_ALLOWED", "the value is not one of those allowed", "have it corrected", outside
    if column.type in _NUMBER:
        unlike = values.notna() & ~values.str.fullmatch(_NUMBER[column.type]).fillna(False).astype(bool)
        yield "RAW_TYPE", f"the value is no {column.type}", "have it corrected", unlike


def _at(code: str, table: RawTable, found: Table, name: str, at: int, message: str, to_do: str) -> Finding:
    value = found.records[name].iloc[at]
    keys = tuple(
        (key, str(text))
        for key in table.keys
        if not pd.isna(text := found.records[key].iloc[at]) and key != name
    )
    return Finding(
        code=code,
        severity="error",
        dataset=table.name,
        variable=name,
        keys=keys,
        value="" if pd.isna(value) else str(value),
        message=message,
        to_do=to_do,
        origin=f"{table.file}:{found.rows[at]}:{name}",
    )


def _finding(code: str, severity: Severity, table: RawTable, name: str, message: str, to_do: str) -> Finding:

    return Finding(code, severity, table.name, name, (), "", message, to_do, origin=table.file)
