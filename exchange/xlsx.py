"""Excel workbooks: what laboratories and coding vendors send, and what people read findings in.

Reading takes every cell as text and refuses what is no plain data: formulas, error values, macros. Writing
gives the same bytes for the same content, and never a cell that Excel could take for a formula.

Source: ECMA-376, Office Open XML file formats, part 1, chapter 18 (SpreadsheetML).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES, ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.styles.numbers import is_datetime
from openpyxl.utils import get_column_letter

from exchange.archive import Limits, problems_of, whole_content
from exchange.as_text import is_dated, number_text, text_records
from exchange.formula import harmless
from exchange.source import all_bytes, file_name
from exchange.table import TEXT, Column, Table, floats
from exchange.whole_file import whole_file
from specs import Problem, UserError, nearest

LIMITS = Limits(entry=1 << 30, total=2 << 30, entries=10_000)
"""What a workbook may unpack to."""
MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
"""Of one cell."""

_MOST_CELLS = 50_000_000  # claimed by the rows read: a row of one cell can claim 16384
_SHOWN = 5
_WIDEST, _NARROWEST = 60, 8
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time of a zip entry
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def read(
    source: Path | bytes, *, name: str, file: str = "", sheet: str | None = None, header_row: int = 1
) -> Table:
    """The records of one sheet, all columns text; `rows` are the sheet's row numbers.

    Numbers are written with the fewest digits that give the same double, dates and times as in ISO 8601,
    truth values as TRUE and FALSE; an empty cell is NA. Rows above `header_row` and empty rows at the end are
    passed over. `file` is what messages call the file.

    Raises UserError with sheet and cells when the sheet is not plain data, or the file must not be opened.
    """
    file = file_name(source, file, name)
    content = all_bytes(source, file)
    _check(content, file)
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    except Exception as error:  # whatever openpyxl stumbles over in a damaged file
        raise _damaged(file) from error
    with closing(workbook):
        titles = [each.title for each in workbook.worksheets]
        title = _chosen(sheet, titles, file)
        found = _Sheet(f"{file}, sheet {title}", header_row)
        with closing(_rows(workbook[title], file)) as rows:
            for number, cells in rows:
                found.take(number, cells)
    return found.table(name)


def write(sheets: Mapping[str, Table], path: Path, *, created: datetime) -> None:
    """Write a workbook of one sheet for each table, under the names given; `created` is the moment it states.

    The header is bold, frozen and filtered. Numbers stay numbers; those of a SAS date, datetime or time
    format become ISO 8601 text. A text that begins like a formula gets an apostrophe before it. The file
    appears whole or not at all.

    Raises UserError with everything that a workbook cannot hold.
    """
    problems = [*_unholdable(sheets, path.name)]
    if problems:
        raise UserError(problems)
    workbook = openpyxl.Workbook(write_only=True)
    workbook.properties.creator = "trialwright"
    workbook.properties.created = created.replace(tzinfo=None)
    for title, table in sheets.items():
        _fill(workbook.create_sheet(title), table)
    content = io.BytesIO()
    workbook.save(content)
    stamp = f"{created.replace(tzinfo=None):%Y-%m-%dT%H:%M:%SZ}".encode("ascii")
    with whole_file(path) as target:
        target.write(_without_clock(content, stamp))


class _Sheet:
    """A sheet as its rows come in."""

    def __init__(self, where: str, header_row: int) -> None:
        self._where, self._header_row = where, header_row
        self._header: list[str] = []
        self._rows: list[int] = []
        self._records: list[list[str | None]] = []
        self._faulty: dict[str, list[str]] = {}
        self._claimed = 0

    def take(self, number: int, cells: Sequence[Any]) -> None:
        """Take the row of a number, which is that of the sheet."""
        self._claimed += len(cells)
        if number > MOST_ROWS or self._claimed > _MOST_CELLS:
            raise UserError.of(
                f"the sheet claims more than {MOST_ROWS} rows or {_MOST_CELLS} cells, as one made to harm",
                self._where,
                "save the sheet again with its used range only, or export it as CSV",
            )
        if number < self._header_row:
            return
        texts = [self._text(cell) for cell in cells]
        while texts and texts[-1] is None:
            texts.pop()
        if number == self._header_row:
            self._header = [text or "" for text in texts]
            return
        for at in range(len(self._header), len(texts)):
            if texts[at] is not None:
                self._note("beyond", f"{get_column_letter(at + 1)}{number}")
        texts += [None] * (len(self._header) - len(texts))
        self._rows.append(number)
        self._records.append(texts[: len(self._header)])

    def table(self, name: str) -> Table:
        """The table, when all rows are in."""
        problems = [*self._problems()]
        if problems:
            raise UserError(problems)
        while self._records and not any(self._records[-1]):
            self._records.pop()
        columns = zip(*self._records, strict=True) if self._records else [()] * len(self._header)
        records = pd.DataFrame(
            {
                column: pd.array(list(cells), dtype=TEXT)
                for column, cells in zip(self._header, columns, strict=True)
            }
        )
        rows = np.array(self._rows[: len(self._records)], dtype=np.int64)
        return Table(name, "", tuple(Column(each) for each in self._header), records, rows)

    def _text(self, cell: Any) -> str | None:
        value = cell.value
        if value is None or value == "":
            return None
        if cell.data_type in ("f", "e"):
            self._note(cell.data_type, cell.coordinate)
            return None
        return cell_text(value, cell.number_format)

    def _note(self, kind: str, cell: str) -> None:
        self._faulty.setdefault(kind, []).append(cell)

    def _problems(self) -> Iterator[Problem]:
        header = f"{self._where}, row {self._header_row}"
        if not self._header:
            yield Problem(
                "there is no header", header, "write the columns' names there, or name another sheet"
            )
        for at, name in enumerate(self._header, start=1):
            if not name.strip():
                letter = get_column_letter(at)
                yield Problem(f"the column {letter} has no name", header, "name the column in the sheet")
        for name in sorted({name for name in self._header if name.strip() and self._header.count(name) > 1}):
            yield Problem(f"two columns are named '{name}'", header, "rename one of them in the sheet")
        for kind, (what, to_do) in {
            "f": ("formulas", "paste their values in place of them (Paste Special, Values)"),
            "e": ("error values, such as #REF!", "correct or clear them"),
            "beyond": (
                "values beside the header's columns",
                "name their columns in the header, or clear them",
            ),
        }.items():
            cells = self._faulty.get(kind, [])
            if cells:
                shown = ", ".join(cells[:_SHOWN]) + (", ..." if len(cells) > _SHOWN else "")
                yield Problem(f"the sheet holds {what}: {len(cells)}", f"{self._where}, {shown}", to_do)


def cell_text(value: object, number_format: str = "General") -> str:
    """A cell's value as text; the number format tells a date from a moment.

    >>> cell_text(12.0), cell_text(True), cell_text(datetime(2024, 3, 1), "yyyy-mm-dd")
    ('12', 'TRUE', '2024-03-01')
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, datetime):
        if value.time() == time() and is_datetime(number_format) == "date":
            return value.date().isoformat()
        return _without_zeros(value.isoformat())
    if isinstance(value, timedelta):
        seconds, micro = divmod(round(value.total_seconds() * 1_000_000), 1_000_000)
        return _without_zeros(f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{micro:06}")
    if isinstance(value, date | time):
        return _without_zeros(value.isoformat())
    return str(value)


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _check(content: bytes, file: str) -> None:
    """Refuse what must not be opened, before openpyxl sees it."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UserError.of(
            "this is an old workbook (.xls) or one with a password",
            file,
            "save it as .xlsx without a password",
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise _damaged(file) from error
    with archive:
        problems = [*problems_of(archive, file, LIMITS)]
        if problems:
            raise UserError(problems)
        for info in archive.infolist():
            try:
                with archive.open(info) as stream:
                    part = whole_content(stream, info, f"{file}/{info.filename}", LIMITS)
            except zipfile.BadZipFile as error:
                raise _damaged(file) from error
            _check_part(info.filename, part, file)


def _check_part(name: str, part: bytes, file: str) -> None:
    if name.lower().endswith("vbaproject.bin") or (name == "[Content_Types].xml" and b"macroEnabled" in part):
        raise UserError.of("the workbook holds macros", file, "save it as .xlsx, without macros")
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise UserError.of(
            "the workbook declares entities, as in a file made to harm",
            f"{file}/{name}",
            "save it again from Excel",
        )


def _damaged(file: str) -> UserError:
    return UserError.of("this is no Excel workbook, or it is damaged", file, "save it again as .xlsx")


def _chosen(sheet: str | None, titles: Sequence[str], file: str) -> str:
    if sheet is None and len(titles) == 1:
        return titles[0]
    shown = ", ".join(titles)
    if sheet is None:
        raise UserError.of(
            f"the workbook has {len(titles)} sheets and none is named: {shown}",
            file,
            "name one: `sheet:` in raw.yaml",
        )
    if sheet not in titles:
        same = [title for title in titles if title.casefold().strip() == sheet.casefold().strip()]
        raise UserError.of(
            f"there is no sheet '{sheet}'",
            file,
            nearest(same[0] if same else sheet, titles, f"name one of: {shown}"),
        )
    return sheet


def _rows(sheet: Any, file: str) -> Generator[tuple[int, Sequence[Any]], None, None]:
    sheet.reset_dimensions()  # what a file says of its size need not be true
    with closing(sheet.iter_rows()) as rows:
        try:
            yield from enumerate(rows, start=1)
        except Exception as error:  # whatever openpyxl stumbles over in a damaged file
            raise _damaged(file) from error


def _unholdable(sheets: Mapping[str, Table], file: str) -> Iterator[Problem]:
    assert sheets, "a workbook has a sheet"
    for title, table in sheets.items():
        where = f"{file}, sheet {title}"
        if not 1 <= len(title) <= 31 or re.search(r"[\[\]:*?/\\]|\A'|'\Z", title):
            yield Problem(
                f"'{title}' is no name of a sheet",
                where,
                "use up to 31 characters and none of [ ] : * ? / \\",
            )
        if sum(title.casefold() == other.casefold() for other in sheets) > 1:
            yield Problem(f"two sheets are named '{title}'", where, "rename one of them")
        if len(table.records) >= MOST_ROWS:
            yield Problem(
                f"{len(table.records)} records, a sheet holds {MOST_ROWS - 1}",
                where,
                "write them as CSV or split them",
            )
        for at, column in enumerate(table.columns):
            values = table.records.iloc[:, at]
            if column.type == "Num":
                bad, what = np.isinf(floats(values)), "infinite"
            else:
                bad = values.str.contains(ILLEGAL_CHARACTERS_RE).fillna(False).to_numpy(dtype=np.bool_)
                bad |= (values.str.len().fillna(0) >= MOST_CHARACTERS).to_numpy(dtype=np.bool_)
                what = f"with control characters or {MOST_CHARACTERS} characters and more"
            if bad.any():
                rows = ", ".join(
                    f"{get_column_letter(at + 1)}{row + 2}" for row in np.flatnonzero(bad)[:_SHOWN]
                )
                yield Problem(
                    f"values of {column.name} {what}, which a sheet cannot hold: {int(bad.sum())}",
                    f"{where}, {rows}",
                    "correct the values, or write them as CSV",
                )


def _fill(sheet: Any, table: Table) -> None:
    texts = text_records(table)
    columns = [
        _numbers(table.records.iloc[:, at])
        if column.type == "Num" and not is_dated(column.format)
        else _texts(texts.records.iloc[:, at])
        for at, column in enumerate(table.columns)
    ]
    last = get_column_letter(len(columns))
    for at, column in enumerate(table.columns):
        lengths = texts.records.iloc[:, at].str.len()
        longest = max(len(column.name), int(lengths.max()) if lengths.notna().any() else 0)
        sheet.column_dimensions[get_column_letter(at + 1)].width = min(max(longest + 2, _NARROWEST), _WIDEST)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{last}{len(table.records) + 1}"
    sheet.append([_header_cell(sheet, column.name) for column in table.columns])
    for cells in zip(*columns, strict=True):
        sheet.append([_cell(sheet, value) if value in ERROR_CODES else value for value in cells])


def _header_cell(sheet: Any, name: str) -> Cell:
    cell = _cell(sheet, harmless(name))
    cell.font = Font(bold=True)
    cell.alignment = Alignment(vertical="top")
    return cell


def _cell(sheet: Any, text: str) -> Cell:
    """A cell that is text, whatever it looks like."""
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell


def _texts(values: pd.Series[Any]) -> list[str | None]:
    codes, distinct = pd.factorize(values)
    shown = [*(harmless(text) for text in distinct), None]
    return [shown[code] for code in codes]


def _numbers(values: pd.Series[Any]) -> list[float | int | None]:
    return [
        None if np.isnan(value) else int(value) if value.is_integer() and abs(value) < 1e15 else value
        for value in floats(values).tolist()
    ]


def _without_clock(content: io.BytesIO, stamp: bytes) -> bytes:
    """The same workbook with the time of writing replaced, inside and in the archive's directory."""
    rewritten = io.BytesIO()
    with (
        zipfile.ZipFile(content) as old,
        zipfile.ZipFile(rewritten, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new,
    ):
        for info in old.infolist():
            part = old.read(info)
            if info.filename == "docProps/core.xml":
                part, replaced = _MODIFIED.subn(rb"\g<1>" + stamp + rb"\g<2>", part)
                assert replaced == 1, "openpyxl writes when a workbook was modified"
            entry = zipfile.ZipInfo(info.filename, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            new.writestr(entry, part)
    return rewritten.getvalue()
