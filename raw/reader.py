"""The export, table by table, against its contract: read, judged, and every row that is no record accounted for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from engine import TEXT, Finding
from exchange import Export, Table, csv, sas7bdat, text_records, xlsx, xpt
from raw.contract import breaches, drift, missing_columns, repeated_keys, superseded
from raw.subjects import SUBJECT_UNKNOWN, strangers, subjects_of
from specs import (
    SUBJECT_FIELD,
    TABLE_FIELD,
    Problem,
    RawTable,
    Records,
    Study,
    UserError,
    left_out_of,
    sources_of,
)

DUPLICATE = "DUPLICATE"


@dataclass(frozen=True)
class RawData:
    """An export as read: the records of each table (`raw.AE`), the findings, and the files that were opened."""

    tables: Mapping[str, Records]
    findings: tuple[Finding, ...]
    files: tuple[Path, ...]


def read_export(study: Study, root: Path) -> RawData:
    """The raw tables of a study from the export at `root`, a folder or a zip archive.

    Every column is text as it stands there. Raises UserError, all problems together, where a file is missing, cannot
    be read or has not the columns of the contract; what is wrong with the values is a finding.
    """
    if not root.exists():
        raise UserError.of(
            f"no export at '{root}'",
            str(root),
            "name the folder that holds the files of raw.yaml (--raw), or make one with `trialwright simulate`",
        )
    export = Export(root)
    found: dict[str, Table] = {}
    problems: list[Problem] = []
    for name, table in study.raw.items():
        try:
            found[name] = _read(export, table)
            problems += missing_columns(table, found[name])
        except UserError as error:
            problems += error.problems
    if problems:
        raise UserError(problems)
    registered = _registered(study, found)
    tables: dict[str, Records] = {}
    findings: list[Finding] = []
    for name, table in study.raw.items():
        tables[f"raw.{name}"], remarks = _records(study, table, found[name], registered)
        findings += remarks
    return RawData(tables, tuple(findings), _files(root, study))


def _read(export: Export, table: RawTable) -> Table:
    content = export.read(table.file)
    match table.format:
        case "csv":
            return csv.read(
                content, name=table.name, delimiter=table.delimiter, encoding=table.encoding, file=table.file
            )
        case "xlsx":
            return xlsx.read(content, name=table.name, sheet=table.sheet, file=table.file)
        case "xpt":
            return text_records(xpt.read(content, name=table.name, file=table.file))
        case "sas7bdat":
            return text_records(sas7bdat.read(content, name=table.name, file=table.file))


def _files(root: Path, study: Study) -> tuple[Path, ...]:
    """The files on disk that the tables stand in, each once: an archive for all of its members."""
    if root.is_file():
        return (root,)
    found: dict[Path, None] = {}
    for table in study.raw.values():
        path = root
        for part in table.file.split("/"):
            path = path / part
            if path.is_file():
                found[path] = None
                break
    return tuple(sorted(found))


def _registered(study: Study, found: Mapping[str, Table]) -> frozenset[str] | None:
    register = study.register
    if register is None:
        return None
    return frozenset(subjects_of(found[register.name].records, register, study.subject).dropna().unique())


def _records(
    study: Study, table: RawTable, found: Table, registered: frozenset[str] | None
) -> tuple[Records, list[Finding]]:
    key = f"raw.{table.name}"
    subjects = subjects_of(found.records, table, study.subject)
    nobody = strangers(subjects, table, registered)
    old = superseded(table, found) & (nobody == "")
    gone = old | (nobody != "")
    rows = np.arange(len(found.records), dtype=np.int64)
    left_out = [
        left_out_of(key, rows[old], DUPLICATE, f"a later row has the same {', '.join(table.keys)}"),
        *(
            left_out_of(key, rows[nobody == code], code, _because(code, study))
            for code in sorted(set(nobody) - {""})
        ),
    ]
    findings = [
        *drift(table, found),
        *_strange(table, found, nobody),
        *breaches(table, found),
        *repeated_keys(table, found, gone),
    ]
    kept = found.records[~gone].reset_index(drop=True)
    data = kept[list(table.columns)].rename(columns=lambda name: f"raw.{name}")
    data = data.assign(
        **{
            f"raw.{SUBJECT_FIELD}": subjects[~gone].reset_index(drop=True),
            f"raw.{TABLE_FIELD}": pd.Series(table.name, index=data.index, dtype=TEXT),
        }
    )
    return (
        Records(
            data,
            sources_of(key, rows[~gone]),
            pd.concat(left_out, ignore_index=True),
            file=table.file,
            lines=found.rows,
        ),
        findings,
    )


def _strange(table: RawTable, found: Table, nobody: np.ndarray) -> list[Finding]:
    assert table.subject is not None or not (nobody != "").any()
    return [
        Finding(
            code=str(nobody[at]),
            severity="error",
            dataset=table.name,
            variable=str(table.subject),
            keys=(),
            value=""
            if pd.isna(found.records[table.subject].iloc[at])
            else str(found.records[table.subject].iloc[at]),
            message="the row belongs to no subject that the study knows",
            to_do="have the subject's number corrected, or the row withdrawn",
            origin=f"{table.file}:{found.rows[at]}:{table.subject}",
        )
        for at in np.flatnonzero(nobody != "")
    ]


def _because(code: str, study: Study) -> str:
    register = study.register.name if study.register else "the register"
    return (
        f"the subject is not in {register}"
        if code == SUBJECT_UNKNOWN
        else "the subject's number cannot be read"
    )
