"""Delimited text: the form in which most exports arrive.

A cell is taken as it stands: nothing is stripped, "NA" is text, an empty cell is NA. What could be read in
two ways is refused: an undeclared encoding that is not UTF-8, a delimiter that is not obvious, records with
too many or too few cells, quotes that never close.

Source: RFC 4180, "Common format and MIME type for CSV files"; beyond it, a quote inside an unquoted cell is
text.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from exchange.as_text import text_records
from exchange.csv_layout import (
    DELIMITERS,
    Layout,
    Places,
    Records,
    check_cells,
    check_header,
    found_delimiter,
    layout,
    line_end,
    records_of,
    stray_return,
)
from exchange.encoding import as_utf8
from exchange.formula import PATTERN
from exchange.source import all_bytes, file_name
from exchange.table import TEXT, Column, Table, arrow_texts
from exchange.whole_file import whole_file
from specs import UserError

_RECORDS_AT_ONCE = 50_000


def read(
    source: Path | bytes,
    *,
    name: str,
    file: str = "",
    delimiter: str | None = None,
    encoding: str | None = None,
    quote: str | None = '"',
    header_line: int = 1,
) -> Table:
    """The records of a delimited text file, all columns text; `rows` are the lines where the records begin.

    `file` is what messages call the file. The encoding is UTF-8, or what a byte order mark says, unless
    declared; the delimiter is comma, semicolon, tab or bar, whichever fits alone, unless declared; `quote`
    None means that quotes are text. Lines above `header_line` and blank lines at the end are passed over.

    Raises UserError with file and line when the file cannot be read in one way only.
    """
    file = file_name(source, file, name)
    _check_sign("delimiter", delimiter, file)
    _check_sign("quote", quote, file)
    content = as_utf8(all_bytes(source, file), encoding, file)
    content = _from_line(content, header_line, file)
    delimiter = delimiter or found_delimiter(content, quote, file)
    regular = layout(content, delimiter, quote, header_line, file)
    header, columns, lines = (
        _regular_records(content, regular, delimiter, quote, file)
        if regular is not None
        else _odd_records(content, delimiter, quote, header_line, file)
    )
    records = pd.DataFrame(
        {each: pd.array(column, dtype=TEXT) for each, column in zip(header, columns, strict=True)}, copy=False
    )
    return Table(name, "", tuple(Column(name) for name in header), records, lines)


def write(
    table: Table, path: Path, *, delimiter: str = ",", line_end: str = "\n", defuse: bool = False
) -> None:
    """Write a table as delimited text in UTF-8.

    Numbers and dates are written as `text_records` gives them, NA as an empty cell. Cells are quoted where
    they must be. `defuse` sets an apostrophe before texts that a spreadsheet may take for a formula. The file
    appears whole or not at all.
    """
    assert delimiter in DELIMITERS, "the delimiter is one that is found when reading"
    assert line_end in ("\n", "\r\n"), "lines end with LF or CR LF"
    texts = text_records(table).records
    defused = [defuse and column.type == "Char" for column in table.columns]
    with whole_file(path) as target:
        header = [pa.array([column.name], type=pa.large_string()) for column in table.columns]
        target.write(_lines(header, [defuse] * len(header), delimiter, line_end))
        for start in range(0, len(texts), _RECORDS_AT_ONCE):
            cells = [
                arrow_texts(texts.iloc[start : start + _RECORDS_AT_ONCE, at])
                for at in range(len(table.columns))
            ]
            target.write(_lines(cells, defused, delimiter, line_end))


Content = tuple[list[str], list[pa.ChunkedArray], Places]
"""The header's names, the columns, and the line where each record begins."""


def _check_sign(what: str, sign: str | None, file: str) -> None:
    if sign is not None and (len(sign) != 1 or not sign.isascii() or sign in "\r\n\0"):
        raise UserError.of(
            f"the {what} {sign!r} is not one ASCII character",
            file,
            f"declare a {what} of one character in raw.yaml",
        )


def _from_line(content: bytes, number: int, file: str) -> bytes:
    end, at = line_end(content), 0
    for _ in range(number - 1):
        at = content.find(end, at) + 1
        if at == 0:
            break
    rest = content[at:].rstrip(b"\r\n") if at or number == 1 else b""  # blank lines at the end go
    if not rest:
        raise UserError.of(
            "the file is empty" if number == 1 else f"there is no header in line {number}",
            file,
            "export it again" if number == 1 else "name the line in which the header stands",
        )
    return rest


def _regular_records(content: bytes, found: Layout, delimiter: str, quote: str | None, file: str) -> Content:
    """By Arrow's parser; the layout has shown that the quotes leave it no choice."""
    first = content[found.starts[0] : found.ends[0]].decode("utf-8")
    header = next(iter(records_of(first, delimiter, quote)), [""])
    check_header(header, int(found.lines[0]), file)
    check_cells(found.cells[1:], found.lines[1:], len(header), file)
    lines = found.lines[1:]
    if not len(lines):
        return header, [pa.chunked_array([], type=pa.large_string()) for _ in header], lines
    names = [str(number) for number in range(len(header))]
    longest = int((found.ends - found.starts).max())
    table = pyarrow.csv.read_csv(
        pa.BufferReader(pa.py_buffer(content)[found.starts[1] : found.ends[-1]]),
        read_options=pyarrow.csv.ReadOptions(column_names=names, block_size=max(1 << 22, 4 * longest)),
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=delimiter,
            quote_char=quote or False,
            newlines_in_values=found.line_ends_in_cells,
            ignore_empty_lines=False,
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.large_string()),
            strings_can_be_null=True,
            null_values=[""],
            check_utf8=False,
        ),
    )
    assert table.num_rows == len(lines), "the parser and the layout see the same records"
    return header, table.columns, lines


def _odd_records(content: bytes, delimiter: str, quote: str | None, first_line: int, file: str) -> Content:
    """Record by record, for a file whose quotes do not all stand where RFC 4180 has them."""
    if line_end(content) == b"\n":
        at = content.replace(b"\r\n", b"  ").find(b"\r")
        if at >= 0:
            raise stray_return(first_line + content.count(b"\n", 0, at), file)
    reader = records_of(content.decode("utf-8"), delimiter, quote)
    records = _numbered(reader, first_line, file)
    _, header = next(records)
    lines: list[int] = []
    cells: list[int] = []
    batches: list[list[pa.Array]] = []
    while batch := list(islice(records, _RECORDS_AT_ONCE)):
        lines += [line for line, _ in batch]
        counts = [len(record) for _, record in batch]
        cells += counts
        if set(counts) == {len(header)}:
            batches.append([_cells(column) for column in zip(*(record for _, record in batch), strict=True)])
    check_header(header, first_line, file)
    where = np.array(lines, dtype=np.int64)
    check_cells(np.array(cells, dtype=np.int64), where, len(header), file)
    columns = [[batch[at] for batch in batches] for at in range(len(header))]
    return header, [pa.chunked_array(column, type=pa.large_string()) for column in columns], where


def _numbered(reader: Records, first_line: int, file: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line where it begins; a blank line is a record of one empty cell."""
    begin = first_line
    try:
        for record in reader:
            yield begin, record or [""]
            begin = first_line + reader.line_num
    except csv.Error as error:
        raise _wrong_quote(str(error), begin, first_line + reader.line_num - 1, file) from error


def _cells(column: Sequence[str]) -> pa.Array:
    return pa.array([cell or None for cell in column], type=pa.large_string())


def _wrong_quote(error: str, begin: int, line: int, file: str) -> UserError:
    if "unexpected end" in error:
        what = "a quote is opened and never closed"
    elif "field limit" in error:
        what = f"a cell holds more than {csv.field_size_limit()} characters: is a quote never closed?"
    else:
        what = "text follows a closing quote"
    where = f"line {begin}" if line == begin else f"line {line}, in the record that begins in line {begin}"
    return UserError.of(what, f"{file}, {where}", "export the file again with quotes inside a text doubled")


def _lines(columns: Sequence[pa.Array], defused: Sequence[bool], delimiter: str, line_end: str) -> bytes:
    special = "[" + "".join(rf"\x{ord(sign):02x}" for sign in '"\r\n' + delimiter) + "]"
    cells = []
    for column, defuse in zip(columns, defused, strict=True):
        texts = column
        if defuse:
            texts = pc.replace_substring_regex(texts, PATTERN, r"'\1")
        quoted = pc.match_substring_regex(texts, special)
        if len(columns) == 1:
            quoted = pc.or_(quoted, pc.equal(texts, ""))  # a blank line would be no record
        if pc.any(quoted).as_py():
            doubled = pc.replace_substring(texts, '"', '""')
            texts = pc.if_else(
                quoted, pc.binary_join_element_wise(_text('"'), doubled, _text('"'), _text("")), texts
            )
        cells.append(texts)
    lines = pc.binary_join_element_wise(*cells, _text("") if len(cells) == 1 else _text(delimiter))
    return b"".join(_content(pc.binary_join_element_wise(lines, _text(line_end), _text(""))))


def _text(value: str) -> pa.Scalar:
    return pa.scalar(value, type=pa.large_string())


def _content(lines: pa.LargeStringArray) -> list[memoryview]:
    _, offsets, content = lines.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)
    return [memoryview(content)[ends[lines.offset] : ends[lines.offset + len(lines)]]] if len(lines) else []
