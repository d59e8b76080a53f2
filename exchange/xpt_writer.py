"""Writing SAS transport files, version 5, at once or piece by piece (see `xpt`)."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from exchange.as_text import number_text
from exchange.ibm_float import out_of_range, to_ibm
from exchange.table import Column, Table, arrow_texts, floats
from exchange.whole_file import WholeFile, WholeFileWriter
from exchange.xpt_layout import (
    CARD,
    LONGEST_TEXT,
    RECORDS_AT_ONCE,
    Bytes,
    field_of,
    packed_header,
    stored_length,
    unholdable,
)
from specs import Problem, UserError

_FILLERS = 3  # blocks that are filled at the same time, while another is written
_KEYS_SHOWN = 5


def write(table: Table, path: Path, *, created: datetime, keys: Sequence[str] = ()) -> None:
    """Write a dataset as a transport file; `created` is the moment its header states.

    A character column of length 0 is cut to its longest value. Missing values become `.` and blanks. The file
    appears whole or not at all.

    Raises UserError with everything that version 5 cannot hold; faulty values are located by the variables
    `keys`, or by the observation's number when there are none.
    """
    columns = tuple(
        replace(column, length=min(LONGEST_TEXT, max(1, _longest(table.records.iloc[:, at]))))
        if column.type == "Char" and column.length == 0
        else column
        for at, column in enumerate(table.columns)
    )
    with Writer(
        path, name=table.name, label=table.label, columns=columns, created=created, keys=keys
    ) as writer:
        writer.append(table.records)


class Writer(WholeFileWriter):
    """A transport file that is written piece by piece; its memory does not grow with the file.

    Used as a context manager: the file appears when the block ends well. What version 5 cannot hold is
    gathered over all pieces and raised at the end as one UserError. The lengths are final from the start.
    """

    def __init__(
        self,
        path: Path,
        *,
        name: str,
        label: str,
        columns: Sequence[Column],
        created: datetime,
        keys: Sequence[str] = (),
    ) -> None:
        assert all(column.length > 0 for column in columns if column.type == "Char"), "lengths are planned"
        self._path, self._name, self._keys = path, name, tuple(keys)
        self._columns = tuple(columns)
        self._problems = list(unholdable(name, label, columns, path.name))
        self._faults: dict[tuple[int, str], _Faults] = {}
        self._written = 0
        self._last_is_blank = False
        self._record_length = sum(stored_length(column) for column in columns)
        self._file = WholeFile(path)
        if not self._problems:
            self._file.write(packed_header(name, label, columns, created))

    def append(self, records: pd.DataFrame) -> None:
        """Add records, whose columns are those of the file, in their order."""
        assert [*records.columns] == [column.name for column in self._columns], (
            "the records have the file's columns"
        )
        values = [
            floats(records.iloc[:, at]) if column.type == "Num" else arrow_texts(records.iloc[:, at])
            for at, column in enumerate(self._columns)
        ]
        starts = range(0, len(records), RECORDS_AT_ONCE)
        shape = (min(RECORDS_AT_ONCE, len(records)), self._record_length)
        buffers = [np.empty(shape, dtype=np.uint8) for _ in starts[: _FILLERS + 1]]
        with ThreadPoolExecutor(_FILLERS) as pool:
            filling: deque[Future[_Filled]] = deque()
            for turn, start in enumerate(starts):
                if len(filling) == _FILLERS:
                    self._take(filling.popleft().result(), records)
                block = buffers[turn % len(buffers)][: len(records) - start]
                filling.append(pool.submit(_filled, self._columns, block, values, start))
            while filling:
                self._take(filling.popleft().result(), records)

    def close(self) -> None:
        """End the file and give it its name.

        Raises UserError with everything that version 5 cannot hold; then there is no file.
        """
        problems = [*self._problems, *(self._faults[key].problem(self) for key in sorted(self._faults))]
        if self._last_is_blank:
            problems.append(
                Problem(
                    f"the last record of {self._name} is entirely blank, which readers take for padding",
                    f"{self._path.name}, {self._name}, observation {self._written}",
                    "leave the record out, or give it a key",
                )
            )
        if problems:
            self.discard()
            raise UserError(problems)
        self._file.write(b" " * (-self._written * self._record_length % CARD))
        self._file.keep()

    def _take(self, filled: _Filled, records: pd.DataFrame) -> None:
        for fault in filled.faults:
            key = (fault.at, fault.kind)
            found = self._faults.setdefault(key, _Faults(self._columns[fault.at], fault.kind))
            found.count += int(fault.values.sum())
            found.longest = max(found.longest, fault.longest)
            for place in np.flatnonzero(fault.values)[: _KEYS_SHOWN - len(found.shown)].tolist():
                found.shown.append(self._key_text(records, filled.start + place, self._written + place + 1))
        if not (self._problems or self._faults):
            self._file.write(filled.block.data)
        self._written += len(filled.block)
        self._last_is_blank = bool((filled.block[-1] == ord(" ")).all())

    def _key_text(self, records: pd.DataFrame, place: int, observation: int) -> str:
        if not self._keys:
            return f"observation {observation}"
        return " ".join(f"{key}={_shown(records[key].iloc[place])}" for key in self._keys)

    def place(self, column: Column) -> str:
        """How messages call a variable of the file."""
        return f"{self._path.name}, {self._name}.{column.name}"


@dataclass(frozen=True)
class _Fault:
    """Which values of a block have one fault of the variable at one place."""

    at: int
    kind: str
    values: npt.NDArray[np.bool_]
    longest: int = 0


@dataclass(frozen=True)
class _Filled:
    """The bytes of a block of records, the first at position `start`; not written if there are faults."""

    start: int
    block: Bytes
    faults: list[_Fault]


def _filled(columns: Sequence[Column], block: Bytes, values: Sequence[Any], start: int) -> _Filled:
    faults: list[_Fault] = []
    position = 0
    for at, column in enumerate(columns):
        length = stored_length(column)
        piece = values[at][start : start + len(block)]
        if column.type == "Num":
            faulty = out_of_range(piece)
            if faulty.any():
                faults.append(_Fault(at, "out of range", faulty))
            field_of(block, position, ">u8")[:] = to_ibm(piece)
        else:
            content = _padded(piece, length)
            if len(content) != len(piece) * length or content.max() > 127 or content.min() == 0:
                faults += _text_faults(at, piece, length)
                block[:, position : position + length] = 0
            else:
                field_of(block, position, f"V{length}")[:] = content.view(f"V{length}")
        position += length
    return _Filled(start, block, faults)


def _text_faults(at: int, texts: pa.LargeStringArray, planned: int) -> list[_Fault]:
    lengths = pc.binary_length(texts).to_numpy()
    alien = ~pc.string_is_ascii(texts).to_numpy(zero_copy_only=False)
    alien |= pc.match_substring(texts, "\0").to_numpy(zero_copy_only=False)
    kinds = {
        "not ASCII": alien,
        "over 200": lengths > LONGEST_TEXT,
        "too long": (lengths > planned) & (lengths <= LONGEST_TEXT),
    }
    return [
        _Fault(at, kind, faulty, int(lengths[faulty].max())) for kind, faulty in kinds.items() if faulty.any()
    ]


@dataclass
class _Faults:
    """The values of one variable that have one fault."""

    column: Column
    kind: str
    count: int = 0
    longest: int = 0
    shown: list[str] = field(default_factory=list)

    def problem(self, writer: Writer) -> Problem:
        values = "1 value" if self.count == 1 else f"{self.count} values"
        what, to_do = {
            "not ASCII": (
                f"{values} not in ASCII, which is all a transport file holds",
                "map the characters to ASCII in the specification, or have the export corrected",
            ),
            "over 200": (
                f"{values} longer than 200 bytes, the most a transport file holds (longest: {self.longest})",
                "split the text: the rest belongs in SUPP-- (SDTM) or in a further variable",
            ),
            "too long": (
                f"{values} longer than the planned length {self.column.length} (longest: {self.longest})",
                f"plan a length of {self.longest} bytes, or correct the values",
            ),
            "out of range": (
                f"{values} infinite or out of the range of a transport file (5.4e-79 to 7.2e+75)",
                "correct the computation, or the export",
            ),
        }[self.kind]
        return Problem(what, f"{writer.place(self.column)}, {'; '.join(self.shown)}", to_do)


def _shown(value: Any) -> str:
    if pd.isna(value):
        return ""
    return value if isinstance(value, str) else number_text(float(value))


def _longest(texts: pd.Series[Any]) -> int:
    return int(pc.max(pc.binary_length(arrow_texts(texts))).as_py() or 0)


def _padded(texts: pa.LargeStringArray, length: int) -> Bytes:
    """The bytes of an array's texts, back to back, each filled with blanks to a length that none exceeds."""
    content, ends = _content(texts)
    if len(content) != len(texts) * length or (np.diff(ends) != length).any():
        content, _ = _content(pc.ascii_rpad(texts, length, " "))
    return content


def _content(texts: pa.LargeStringArray) -> tuple[Bytes, npt.NDArray[np.int64]]:
    """The bytes of an array's texts, back to back, and where each ends."""
    _, offsets, content = texts.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return np.frombuffer(content, dtype=np.uint8)[ends[0] : ends[-1]], ends
