"""Writing Dataset-JSON, at once or piece by piece (see `dataset_json`)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from exchange.as_text import number_text
from exchange.dataset_json_layout import (
    Faults,
    Identity,
    WrittenType,
    data_types,
    is_whole,
    packed_header,
    planned_length,
)
from exchange.dataset_json_values import is_iso, iso_texts, number_texts
from exchange.table import Column, Table, arrow_texts, floats
from exchange.whole_file import WholeFile, WholeFileWriter
from specs import Problem, UserError

LINES = ".ndjson"
"""The file name extension of the layout of lines."""
_RECORDS_AT_ONCE = 20_000
_ESCAPED = r'["\\\x00-\x1f]'
_NULL = pa.scalar("null", pa.large_string())
_FAULTS: Mapping[str, tuple[str, str]] = {
    "infinite": ("infinite, which JSON has no number for", "correct the computation, or the export"),
    "integer": ("not whole, in a variable of type integer", "name the type float, or correct the values"),
    "date": (
        "no whole day of the years 1 to 9999, in a variable of type date",
        "correct the values, or name the type float",
    ),
    "datetime": (
        "no whole second of the years 1 to 9999, in a variable of type datetime",
        "correct the values, or name the type float",
    ),
    "time": (
        "no whole second of a day, in a variable of type time",
        "correct the values, or name the type float",
    ),
    "too long": ("longer than the planned length", "plan the length of the longest value"),
}


def write(
    table: Table,
    path: Path,
    *,
    created: datetime,
    identity: Identity | None = None,
    modified: datetime | None = None,
    keys: Sequence[str] = (),
) -> None:
    """Write a dataset as Dataset-JSON; `created` and `modified` (of the data) are the moments it states.

    A path that ends in .ndjson gets the layout of lines, any other one object. Without an identity the OIDs
    are made of the names. Numeric variables are date, datetime, time, integer or float as their formats and
    values say. Missing values become null. The file appears whole or not at all.

    Raises UserError with everything that Dataset-JSON cannot hold; faulty values are located by the variables
    `keys`, or by the record's number when there are none.
    """
    identity = identity or Identity.of(table.name, (column.name for column in table.columns))
    with Writer(
        path,
        name=table.name,
        label=table.label,
        columns=table.columns,
        types=data_types(table.columns, identity.types, table.records),
        records=len(table.records),
        identity=identity,
        created=created,
        modified=modified,
        keys=keys,
    ) as writer:
        writer.append(table.records)


class Writer(WholeFileWriter):
    """A Dataset-JSON file that is written piece by piece; its memory does not grow with the file.

    Used as a context manager: the file appears when the block ends well. The number of records stands before
    them, so that it is given from the start; so are the types, which follow from formats alone where neither
    `types` nor the identity name them. What the file cannot hold is gathered over all pieces and raised at
    the end as one UserError.
    """

    def __init__(
        self,
        path: Path,
        *,
        name: str,
        label: str,
        columns: Sequence[Column],
        records: int,
        identity: Identity,
        created: datetime,
        modified: datetime | None = None,
        types: Sequence[WrittenType] | None = None,
        keys: Sequence[str] = (),
    ) -> None:
        self._where = f"{path.name}, {name}"
        self._columns, self._records, self._identity = tuple(columns), records, identity
        self._types = tuple(types) if types is not None else data_types(columns, identity.types)
        self._keys = tuple(keys)
        self._problems = _unholdable(columns, path.name, name)
        self._faults = Faults()
        self._written = 0
        lines = path.suffix.lower() == LINES
        self._between, self._end, self._end_of_none = (
            (b"\n", b"\n", b"\n") if lines else (b",\n", b"\n]}\n", b"]}\n")
        )
        self._file = WholeFile(path)
        if not self._problems:
            header = packed_header(
                name,
                label,
                columns,
                self._types,
                identity,
                records=records,
                created=created,
                modified=modified,
            )
            self._file.write((header + ("}" if lines else ',"rows":[')).encode("utf-8"))

    def append(self, records: pd.DataFrame) -> None:
        """Add records, whose columns are those of the file, in their order."""
        assert [*records.columns] == [column.name for column in self._columns], (
            "the records have the file's columns"
        )
        for start in range(0, len(records), _RECORDS_AT_ONCE):
            self._append(records.iloc[start : start + _RECORDS_AT_ONCE])

    def close(self) -> None:
        """End the file and give it its name.

        Raises UserError with everything that Dataset-JSON cannot hold of what was appended; then there is no
        file.
        """
        problems = [*self._problems, *self._faults.problems(self._where, _FAULTS)]
        if problems:
            self.discard()
            raise UserError(problems)
        assert self._written == self._records, f"{self._records} records were announced"
        self._file.write(self._end if self._written else self._end_of_none)
        self._file.keep()

    def _append(self, records: pd.DataFrame) -> None:
        parts: list[Any] = []
        literal = "["
        for at, (column, kind) in enumerate(zip(self._columns, self._types, strict=True)):
            texts, quote = self._texts(column, kind, records.iloc[:, at], records)
            parts += [_scalar(literal + quote), texts]
            literal = quote + ","
        between = self._between.decode("ascii")
        parts.append(_scalar(f"{literal[:-1]}]{between}"))
        if not (self._problems or self._faults):
            rows = _content(pc.binary_join_element_wise(*parts, _scalar("")))
            self._file.write(self._between if self._written else b"\n")
            self._file.write(memoryview(rows)[: -len(between)])
        self._written += len(records)

    def _texts(
        self, column: Column, kind: WrittenType, values: pd.Series[Any], records: pd.DataFrame
    ) -> tuple[pa.LargeStringArray, str]:
        """The JSON texts of a variable's values, and the quote around each that is not part of them."""
        if kind == "string":
            texts = arrow_texts(values)
            length = planned_length(column, self._identity)
            sizes = pc.binary_length(texts).to_numpy()
            if length and sizes.max() > length:
                self._fault(column, "too long", pc.utf8_length(texts).to_numpy() > length, records)
            return _quoted(_escaped(texts), sizes == 0)
        numbers = floats(values)
        infinite = np.isinf(numbers)
        if kind == "float" or kind == "double":
            self._fault(column, "infinite", infinite, records)
            texts = number_texts(np.where(infinite, 0, numbers), whole=False)
        elif kind == "integer":
            fits = is_whole(numbers)
            self._fault(column, "infinite", infinite, records)
            self._fault(column, "integer", ~fits & ~infinite, records)
            texts = number_texts(np.where(fits, numbers, 0), whole=True)
        else:
            fits = is_iso(kind, numbers)
            self._fault(column, kind, ~fits, records)
            return _quoted(iso_texts(kind, np.where(fits, numbers, 0)).fill_null(""), np.isnan(numbers))
        return texts.fill_null("null"), ""

    def _fault(self, column: Column, kind: str, faulty: npt.NDArray[np.bool_], records: pd.DataFrame) -> None:
        count = int(faulty.sum())
        if count:
            places = np.flatnonzero(faulty)[: self._faults.room(column.name, kind)].tolist()
            self._faults.add(column.name, kind, count, [self._place(records, place) for place in places])

    def _place(self, records: pd.DataFrame, place: int) -> str:
        if not self._keys:
            return f"record {self._written + place + 1}"
        return " ".join(f"{key}={_shown(records[key].iloc[place])}" for key in self._keys)


def _unholdable(columns: Sequence[Column], file: str, name: str) -> list[Problem]:
    names = [column.name for column in columns]
    if not names:
        return [Problem(f"{name} has no variables", file, "give the dataset at least one variable")]
    return [
        Problem(f"{each} is named twice", f"{file}, {name}.{each}", "rename one of the variables")
        for each in sorted({each for each in names if names.count(each) > 1})
    ]


def _quoted(texts: pa.LargeStringArray, missing: npt.NDArray[np.bool_]) -> tuple[pa.LargeStringArray, str]:
    if not missing.any():
        return texts, '"'
    quoted = pc.binary_join_element_wise(_scalar('"'), texts, _scalar('"'), _scalar(""))
    return pc.if_else(pa.array(missing), _NULL, quoted), ""


def _escaped(texts: pa.LargeStringArray) -> pa.LargeStringArray:
    """Texts with the escapes that JSON demands, made once for each distinct text that needs them."""
    content = np.frombuffer(_content(texts), dtype=np.uint8)
    if not ((content < 0x20) | (content == ord('"')) | (content == ord("\\"))).any():
        return texts
    places = pc.match_substring_regex(texts, _ESCAPED)
    coded = texts.filter(places).dictionary_encode()
    escaped = [json.dumps(text, ensure_ascii=False)[1:-1] for text in coded.dictionary.to_pylist()]
    return pc.replace_with_mask(texts, places, pa.array(escaped, pa.large_string()).take(coded.indices))


def _content(texts: pa.LargeStringArray) -> memoryview:
    """The bytes of an array's texts, back to back."""
    _, offsets, content = texts.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return memoryview(content)[ends[0] : ends[-1]] if content is not None else memoryview(b"")


def _scalar(text: str) -> pa.Scalar:
    return pa.scalar(text, pa.large_string())


def _shown(value: Any) -> str:
    if pd.isna(value):
        return ""
    return value if isinstance(value, str) else number_text(float(value))
