"""The records of a Dataset-JSON file, block by block.

Lines that are records of the expected kinds without escapes, as most are, are proved to be so by a regular
expression and then read as what they also are: lines of CSV. All others are read as JSON, record by record.
Both give the same values; a fault of the file is found and located by the second way alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from exchange.dataset_json_header import Variable
from exchange.dataset_json_layout import Faults
from exchange.dataset_json_scan import BLOCK, JSON, Scanner, has_surrogates
from exchange.dataset_json_values import FIRST_INEXACT, sas_numbers
from specs import UserError

Layout = Literal["object", "lines"]
_RECORDS_AT_ONCE = 20_000
_FEWEST_PLAIN = 0.5
_CLOSE = "\n]}\n"
_NO_TEXT = pa.scalar(None, pa.large_string())
_QUOTED = r'"[^"\\\x00-\x1f]*"'
_CELLS = {
    "number": r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?",
    "truth": "true|false",
}
_TYPES: dict[str, set[type]] = {"number": {int, float, type(None)}, "truth": {bool, type(None)}}
_TEXT_TYPES: set[type] = {str, type(None)}
FAULTS = {
    "text": ("not a text or null", "write texts in quotes"),
    "number": ("not a number or null", "write numbers without quotes"),
    "truth": ("not true, false or null", "write truth values without quotes"),
    "decimal": ("no decimal number", "write decimals as texts of digits with a point"),
    "date": ("no date YYYY-MM-DD", "write whole dates, or leave targetDataType out"),
    "datetime": (
        "no date and time YYYY-MM-DDThh:mm:ss without time zone",
        "write whole moments, or leave targetDataType out",
    ),
    "time": ("no time of day hh:mm:ss without time zone", "write whole times, or leave targetDataType out"),
    "integer": ("not whole", "name the dataType float, or correct the values"),
    "inexact": (
        "out of the range or precision of a number of 8 bytes",
        "write the values as texts, with dataType string",
    ),
    "surrogate": ("half a surrogate pair, which is no character", "correct the escapes \\ud800 to \\udfff"),
}
"""What each fault of values is called, and what to do."""


@dataclass(frozen=True)
class _Block:
    """Some records: what stands for each variable's values, the line of each, and whether they are the last."""

    values: list[Any]
    lines: npt.NDArray[np.int64]
    last: bool


class Rows:
    """The records that a scanner stands before; iterated over, it gives their values by block.

    A block has one array per variable: texts, or numbers as doubles with NaN for missing. Values that are
    not as the header says are gathered in `faults` and missing in the block. `count` is the number of records
    read.

    Raises UserError where the text is no JSON, or a record is no array with one value per variable.
    """

    def __init__(self, scanner: Scanner, variables: Sequence[Variable], layout: Layout) -> None:
        self.count = 0
        self.faults = Faults()
        self._scanner, self._variables, self._layout = scanner, tuple(variables), layout
        self._ending = b",\n" if layout == "object" else b"\n"
        cells = (f"(?:{_CELLS.get(each.holds, _QUOTED)}|null)" for each in variables)
        self._line = rf"^\[{','.join(cells)}\]{self._ending.decode('ascii')}$"

    def __iter__(self) -> Iterator[list[Any]]:
        if self._scanner.peek() == ("]" if self._layout == "object" else ""):
            self._scanner.advance(min(self._scanner.at + 1, len(self._scanner.text)))
            return
        last = False
        while not last:
            block = self._by_lines() or self._by_records()
            numbers = self.count + 1 + np.arange(len(block.lines))
            yield [
                self._checked(variable, values, block.lines, numbers)
                for variable, values in zip(self._variables, block.values, strict=True)
            ]
            self.count += len(block.lines)
            last = block.last

    def _by_records(self) -> _Block:
        """The next records, one by one."""
        records: list[list[Any]] = []
        lines: list[int] = []
        last = False
        while not last and len(records) < _RECORDS_AT_ONCE:
            self._scanner.peek()
            line = self._scanner.line
            records.append(self._record(self._scanner.value(), line, self.count + len(records) + 1))
            lines.append(line)
            last = self._ends()
        stood = np.array(lines, dtype=np.int64)
        return _Block(self._of_json(records, stood, self.count + 1 + np.arange(len(lines))), stood, last)

    def _ends(self) -> bool:
        """Whether no record follows the one just read; what stands before the next is passed over."""
        if self._layout == "object":
            return self._scanner.take(",]") == "]"
        line = self._scanner.line
        if self._scanner.peek() and self._scanner.line == line:
            self._scanner.fail("a record does not begin on a line of its own")
        return not self._scanner.peek()

    def _record(self, value: Any, line: int, number: int) -> list[Any]:
        wanted = len(self._variables)
        if isinstance(value, list) and len(value) == wanted:
            return value
        found = f"has {len(value)} values" if isinstance(value, list) else "is no array"
        raise UserError.of(
            f"a record {found}, and there are {wanted} columns",
            f"{self._scanner.file}, line {line}, record {number}",
            "write one value for each column, null for a missing one",
        )

    def _by_lines(self) -> _Block | None:
        """The next records, if each is a line of its own, and most without escapes; else None."""
        scanner = self._scanner
        while len(scanner.text) - scanner.at < BLOCK and scanner.more():
            pass
        close = len(scanner.text)
        if self._layout == "object" and scanner.text.endswith(_CLOSE):
            close -= len(_CLOSE)  # the last record has no comma behind it and is read by itself
        end = scanner.text.rfind("\n", scanner.at, close)
        if end < 0 or scanner.text[scanner.at] != "[":
            return None
        content = np.frombuffer(scanner.text[scanner.at : end + 1].encode("utf-8"), dtype=np.uint8)
        ends = np.flatnonzero(content == ord("\n")) + 1
        starts = np.concatenate([[0], ends[:-1]])
        lines = scanner.line + np.arange(len(ends), dtype=np.int64)
        try:
            values = self._of_lines(content, starts, ends, lines)
        except (pa.ArrowInvalid, UserError, ValueError, RecursionError):
            return None  # the records are read one by one, which finds and locates what is wrong
        if values is None:
            return None
        scanner.advance(end + 1)
        return _Block(values, lines, self._layout == "lines" and not scanner.peek())

    def _of_lines(
        self,
        content: npt.NDArray[np.uint8],
        starts: npt.NDArray[np.int64],
        ends: npt.NDArray[np.int64],
        lines: npt.NDArray[np.int64],
    ) -> list[Any] | None:
        offsets = pa.py_buffer(np.concatenate([starts, ends[-1:]]))
        texts = pa.LargeStringArray.from_buffers(len(ends), offsets, pa.py_buffer(content))
        plain = pc.match_substring_regex(texts, self._line).to_numpy(zero_copy_only=False)
        if plain.mean() < _FEWEST_PLAIN:
            return None
        keep = np.repeat(plain, ends - starts)
        keep[starts] = False  # the brackets, and the comma between two records
        for back in range(2, len(self._ending) + 2):
            keep[ends[plain] - back] = False
        values = self._of_csv(pa.py_buffer(content[keep]))
        if values is None or plain.all():
            return values
        others = np.flatnonzero(~plain)
        records = []
        for text, at in zip(texts.take(pa.array(others)).to_pylist(), others.tolist(), strict=True):
            value, end = JSON.raw_decode(text)
            if text[end:].encode() != self._ending:
                return None
            records.append(self._record(value, int(lines[at]), self.count + at + 1))
        further = self._of_json(records, lines[others], self.count + others + 1)
        order = pa.array(np.argsort(np.concatenate([np.flatnonzero(plain), others])))
        return [
            pa.concat_arrays([one, other]).take(order) for one, other in zip(values, further, strict=True)
        ]

    def _of_csv(self, content: pa.Buffer) -> list[Any] | None:
        names = [str(at) for at in range(len(self._variables))]
        types = [pa.float64() if each.holds == "number" else pa.large_string() for each in self._variables]
        table = csv.read_csv(
            content,
            read_options=csv.ReadOptions(column_names=names),
            parse_options=csv.ParseOptions(double_quote=False, ignore_empty_lines=False),
            convert_options=csv.ConvertOptions(
                column_types=dict(zip(names, types, strict=True)),
                null_values=["null"],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
        values = [column.combine_chunks() for column in table.columns]
        for column in values:
            if pa.types.is_float64(column.type):
                largest = pc.max(pc.abs(column)).as_py()
                if largest is not None and largest >= FIRST_INEXACT:
                    return None  # whole numbers of that size may not be exact
        return values

    def _of_json(
        self, records: list[list[Any]], lines: npt.NDArray[np.int64], numbers: npt.NDArray[np.int64]
    ) -> list[Any]:
        values = []
        for variable, found in zip(self._variables, zip(*records, strict=True), strict=True):
            cells: Sequence[Any] = found
            wanted = _TYPES.get(variable.holds, _TEXT_TYPES)
            if set(map(type, cells)) - wanted:
                fits = [type(cell) in wanted for cell in cells]
                kind = variable.holds if variable.holds in _TYPES else "text"
                self._fault(variable, kind, ~np.array(fits), lines, numbers)
                cells = [cell if fit else None for fit, cell in zip(fits, cells, strict=True)]
            if variable.holds == "number":
                doubles = np.array([np.nan if cell is None else _double(cell) for cell in cells])
                inexact = np.isinf(doubles)
                self._fault(variable, "inexact", inexact, lines, numbers)
                values.append(pa.array(doubles, mask=np.isnan(doubles) | inexact))
            elif variable.holds == "truth":
                named = [None if cell is None else str(cell).lower() for cell in cells]
                values.append(pa.array(named, pa.large_string()))
            else:
                broken = np.array([cell is not None and has_surrogates(cell) for cell in cells])
                self._fault(variable, "surrogate", broken, lines, numbers)
                texts = [None if bad else cell for bad, cell in zip(broken, cells, strict=True)]
                values.append(pa.array(texts, pa.large_string()))
        return values

    def _checked(
        self, variable: Variable, values: Any, lines: npt.NDArray[np.int64], numbers: npt.NDArray[np.int64]
    ) -> Any:
        if variable.holds == "text" or variable.holds == "truth":
            empty = pc.equal(pc.binary_length(values), 0)
            return pc.if_else(empty, _NO_TEXT, values) if pc.any(empty).as_py() else values
        if variable.holds == "number":
            found = values.to_numpy(zero_copy_only=False)
            broken = ~(np.isnan(found) | (found == np.floor(found))) if variable.whole else np.False_
            if np.any(broken):
                self._fault(variable, "integer", np.asarray(broken), lines, numbers)
            return found
        found, broken = sas_numbers(variable.holds, values)
        self._fault(variable, variable.holds, broken, lines, numbers)
        return found

    def _fault(
        self,
        variable: Variable,
        kind: str,
        faulty: npt.NDArray[np.bool_],
        lines: npt.NDArray[np.int64],
        numbers: npt.NDArray[np.int64],
    ) -> None:
        count = int(faulty.sum())
        if count:
            name = variable.column.name
            shown = np.flatnonzero(faulty)[: self.faults.room(name, kind)].tolist()
            places = [f"line {lines[at]}, record {numbers[at]}" for at in shown]
            self.faults.add(name, kind, count, places)


def _double(number: float) -> float:
    """A JSON number as a double; infinite where it is out of range, or whole and not exact."""
    if isinstance(number, float):
        return number
    try:
        double = float(number)
    except OverflowError:
        return np.inf
    return double if int(double) == number else np.inf
