"""Findings kept in files: JSON for programs, a workbook for people."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from engine import SEVERITIES, Finding
from exchange import NUMBER, TEXT, Column, Table, xlsx
from specs import UserError

SCHEMA = 1
"""the version of the form of findings.json"""
_COLUMNS = (
    ("SEVERITY", "severity"),
    ("CODE", "code"),
    ("DATASET", "dataset"),
    ("VARIABLE", "variable"),
    ("KEYS", "keys"),
    ("VALUE", "value"),
    ("MESSAGE", "message"),
    ("TO_DO", "to_do"),
    ("ORIGIN", "origin"),
    ("COUNT", "count"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def write_json(findings: Sequence[Finding], path: Path) -> None:
    """Write findings as JSON, in the order given; UTF-8, two spaces, a line feed at the end.

    The object holds `schema` (1), `counts` (findings by severity: error, warning, notice) and `findings`: for
    each an object with the fields of Finding, texts all of them but `count` (a number) and `keys` (a list of
    `{"name": "USUBJID", "value": "..."}`). A text that is not there is "".
    """
    content = {
        "schema": SCHEMA,
        "counts": {severity: sum(each.severity == severity for each in findings) for severity in SEVERITIES},
        "findings": [
            {**asdict(each), "keys": [{"name": name, "value": value} for name, value in each.keys]}
            for each in findings
        ],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")


def read_json(path: Path) -> tuple[Finding, ...]:
    """The findings of a file that `write_json` wrote.

    Raises UserError where it is not such a file.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        assert content["schema"] == SCHEMA
        return tuple(_finding(each) for each in content["findings"])
    except (OSError, ValueError, KeyError, TypeError, AssertionError):
        raise UserError.of(
            f"'{path.name}' holds no findings",
            path.name,
            "name findings.json of a build, and build again if it is damaged",
        ) from None


def write_xlsx(findings: Sequence[Finding], path: Path, *, created: datetime) -> None:
    """Write findings as a workbook: SUMMARY counts them by severity, code and dataset, FINDINGS lists them
    all.

    Keys stand as `USUBJID=...; AESEQ=...`. A text that a spreadsheet would take for a formula is kept a text;
    a control character, which no workbook can hold, is shown by its number, as `\\x07`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    sheets = {table.name: table for table in (_summary(findings), _listing(findings))}
    xlsx.write(sheets, path, created=created)


def keys_text(finding: Finding) -> str:
    """The keys of a finding in one line."""
    return "; ".join(f"{name}={value}" for name, value in finding.keys)


def _finding(given: dict[str, Any]) -> Finding:
    known = {field.name for field in fields(Finding)}
    if set(given) != known or given["severity"] not in SEVERITIES:
        raise ValueError
    return Finding(**{**given, "keys": tuple((str(key["name"]), str(key["value"])) for key in given["keys"])})


def _summary(findings: Sequence[Finding]) -> Table:
    counted: Counter[tuple[str, str, str]] = Counter()
    records: Counter[tuple[str, str, str]] = Counter()
    for each in findings:
        counted[each.severity, each.code, each.dataset] += 1
        records[each.severity, each.code, each.dataset] += each.count
    order = sorted(counted, key=lambda place: (SEVERITIES.index(place[0]), *place[1:]))
    texts = {name: [place[at] for place in order] for at, name in enumerate(("SEVERITY", "CODE", "DATASET"))}
    numbers = {
        "FINDINGS": [counted[place] for place in order],
        "RECORDS": [records[place] for place in order],
    }
    return _table("SUMMARY", "Findings by severity, code and dataset", texts, numbers)


def _listing(findings: Sequence[Finding]) -> Table:
    texts = {
        name: [keys_text(each) if field == "keys" else str(getattr(each, field)) for each in findings]
        for name, field in _COLUMNS[:-1]
    }
    return _table("FINDINGS", "All findings", texts, {"COUNT": [each.count for each in findings]})


def _holdable(text: str) -> str:
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def _table(name: str, label: str, texts: dict[str, list[str]], numbers: dict[str, list[int]]) -> Table:
    columns = (*(Column(each) for each in texts), *(Column(each, type="Num", length=8) for each in numbers))
    data = {
        each: pd.array([_holdable(text) or None for text in values], dtype=TEXT)
        for each, values in texts.items()
    }
    counts = {
        each: pd.array([float(value) for value in values], dtype=NUMBER) for each, values in numbers.items()
    }
    return Table(name, label, columns, pd.DataFrame({**data, **counts}))
