"""Dataset-JSON 1.1, CDISC's exchange format in text: one object (.json), or one array per line (.ndjson).

A file holds one dataset: its attributes, then the records, each an array of one value per variable. Dates of
numeric variables are ISO 8601 texts in the file, and SAS days or seconds in the Table. A missing value is
null; the empty text, which a Table does not have, is taken for missing. SAS's special missing values become
null too.

Source: CDISC Dataset-JSON 1.1 (2024-12-05); RFC 8259 (JSON).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from exchange.dataset_json_header import Header, Variable, checked_header
from exchange.dataset_json_layout import Identity, WrittenType, data_types
from exchange.dataset_json_rows import FAULTS, Layout, Rows
from exchange.dataset_json_scan import Scanner
from exchange.dataset_json_writer import Writer, write
from exchange.source import file_name, open_source
from exchange.table import TEXT, Table
from specs import Problem, UserError

__all__ = ["Identity", "Writer", "WrittenType", "data_types", "read", "write"]


def read(source: Path | bytes, *, name: str = "", file: str = "") -> Table:
    """The dataset of a Dataset-JSON file of either layout; `name` replaces the name it has there, `file` is
    what messages call it.

    Dates, datetimes and times that are to become integers are SAS days and seconds, decimals are numbers,
    truth values are the texts true and false; null and "" are NA. A numeric variable has length 8. `rows`
    are the records' numbers.

    Raises UserError with line and record when the file is no Dataset-JSON 1.1: no UTF-8, no valid JSON,
    attributes missing, unknown or repeated, records of another number or length, values of another type.
    """
    file = file_name(source, file, name)
    with open_source(source, file) as stream:
        scanner = Scanner(stream, file)
        attributes, layout = _attributes(scanner)
        header = checked_header(attributes, file)
        rows = Rows(scanner, header.variables, layout)
        blocks = list(rows)
        if layout == "object":
            _end(scanner)
    _refuse(header, rows, file)
    records = pd.DataFrame(
        {at: _values(each, [block[at] for block in blocks]) for at, each in enumerate(header.variables)},
        copy=False,
    )
    records.columns = pd.Index([each.column.name for each in header.variables])
    columns = tuple(each.column for each in header.variables)
    return Table(
        name or header.name, header.label, columns, records, np.arange(1, rows.count + 1, dtype=np.int64)
    )


def _attributes(scanner: Scanner) -> tuple[dict[str, Any], Layout]:
    """The attributes, and how the records that follow are laid out; the scanner is left before the first."""
    scanner.take("{")
    found: dict[str, Any] = {}
    ended = scanner.peek() == "}" and bool(scanner.take("}"))
    while not ended:
        if scanner.peek() != '"':
            scanner.fail("a name in quotes is missing")
        key = scanner.value()
        if key in found:
            scanner.fail(f"the name '{key[:40]}' is given twice")
        scanner.take(":")
        if key == "rows":
            scanner.take("[")
            return found, "object"
        found[key] = scanner.value()
        ended = scanner.take(",}") == "}"
    return found, "lines"


def _end(scanner: Scanner) -> None:
    """The end of the object; nothing may follow the records."""
    if scanner.peek() == ",":
        raise UserError.of(
            "something stands after the rows, which come last",
            f"{scanner.file}, line {scanner.line}",
            "write the attributes in the order of the standard, the rows last",
        )
    scanner.take("}")
    if scanner.peek():
        scanner.fail("something stands after the end of the object")


def _refuse(header: Header, rows: Rows, file: str) -> None:
    problems = rows.faults.problems(f"{file}, {header.name}", FAULTS)
    if rows.count != header.records:
        problems.append(
            Problem(
                f"the file announces {header.records} records and holds {rows.count}",
                file,
                "export it again, or copy it again",
            )
        )
    if problems:
        raise UserError(problems)


def _values(variable: Variable, blocks: list[Any]) -> Any:
    """The values of a variable over all blocks."""
    if variable.column.type == "Char":
        return pd.array(pa.chunked_array(blocks, type=pa.large_string()), dtype=TEXT)
    numbers = np.concatenate([np.empty(0), *blocks])
    return pd.arrays.FloatingArray(numbers, np.isnan(numbers))
