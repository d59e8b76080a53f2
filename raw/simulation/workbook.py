"""A workbook as laboratory systems write one: texts shared between cells, whole columns at once.

`exchange.xlsx` writes for people to read, cell by cell; a transfer of 46,000 subjects would take it two
minutes. That the file does not come from the code that reads it also keeps the reader honest.

Source: ECMA-376, Office Open XML file formats, part 1, 18.3 (worksheets) and 18.4 (shared strings).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from exchange import whole_file
from raw.simulation.as_text import column
from specs import UserError

MOST_RECORDS = 1_048_575
"""of a sheet, below its header"""
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RECORDS_AT_ONCE = 50_000
_NO_CLOCK = (1980, 1, 1, 0, 0, 0)
_ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))


def write_workbook(
    sheets: Mapping[str, pd.DataFrame], path: Path, numeric: frozenset[str] = frozenset()
) -> None:
    """Write one sheet for each table of texts, with a header row; the columns `numeric` become numbers.

    Raises UserError when a table is longer than a sheet.
    """
    for title, records in sheets.items():
        if len(records) > MOST_RECORDS:
            raise UserError.of(
                f"{len(records)} records, a sheet holds {MOST_RECORDS}",
                f"{path.name}, sheet {title}",
                "simulate fewer subjects (--subjects)",
            )
    content = io.BytesIO()
    strings: list[pa.Array] = []
    used = 0
    with zipfile.ZipFile(content, "w") as archive:
        _part(archive, "[Content_Types].xml", _content_types(len(sheets)))
        _part(archive, "_rels/.rels", _relations({"rId1": ("officeDocument", "xl/workbook.xml")}))
        _part(archive, "xl/workbook.xml", _workbook(sheets))
        parts = {f"rId{n}": ("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)}
        parts["rId0"] = ("sharedStrings", "sharedStrings.xml")
        _part(archive, "xl/_rels/workbook.xml.rels", _relations(parts))
        for number, records in enumerate(sheets.values(), start=1):
            with archive.open(_entry(f"xl/worksheets/sheet{number}.xml"), "w") as sheet:
                used = _write_sheet(sheet, records, numeric, strings, used)
        with archive.open(_entry("xl/sharedStrings.xml"), "w") as shared:
            shared.write(f'{_DECLARATION}<sst xmlns="{_MAIN}" uniqueCount="{used}">'.encode())
            for texts in strings:
                shared.write(_bytes(pc.binary_join_element_wise("<si><t>", _escaped(texts), "</t></si>", "")))
            shared.write(b"</sst>")
    with whole_file(path) as target:
        target.write(content.getbuffer())


def _write_sheet(
    sheet: IO[bytes],
    records: pd.DataFrame,
    numeric: frozenset[str],
    strings: list[pa.Array],
    used: int,
) -> int:
    """Write a worksheet; its texts are added to the shared strings, of which `used` exist."""
    header = pa.array([str(name) for name in records.columns])
    strings.append(header)
    names = [used + at for at in range(len(header))]
    used += len(header)
    sheet.write(f'{_DECLARATION}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
    cells = "".join(f'<c r="{_letters(at)}1" t="s"><v>{name}</v></c>' for at, name in enumerate(names))
    sheet.write(f'<row r="1">{cells}</row>'.encode())
    columns: list[pa.Array] = []
    for name in records.columns:
        texts = column(records, name)
        if name in numeric:
            columns.append(texts)
            continue
        coded = texts.dictionary_encode()
        strings.append(coded.dictionary)
        columns.append(pc.add(coded.indices.cast(pa.int64()), used).cast(pa.string()))
        used += len(coded.dictionary)
    for start in range(0, len(records), _RECORDS_AT_ONCE):
        sheet.write(
            _rows(
                [each.slice(start, _RECORDS_AT_ONCE) for each in columns],
                list(records.columns),
                numeric,
                start,
            )
        )
    sheet.write(b"</sheetData></worksheet>")
    return used


def _rows(columns: list[pa.Array], names: list[str], numeric: frozenset[str], start: int) -> bytes:
    """Rows of a sheet; `columns` hold numbers or positions of shared strings, missing for an empty cell."""
    row = pa.array(np.arange(start + 2, start + 2 + len(columns[0]))).cast(pa.string())
    pieces: list[pa.Array | str] = ['<row r="', row, '">']
    for at, (name, values) in enumerate(zip(names, columns, strict=True)):
        kind = "" if name in numeric else ' t="s"'
        cell = pc.binary_join_element_wise(
            f'<c r="{_letters(at)}', row, f'"{kind}><v>', values, "</v></c>", ""
        )
        pieces.append(cell.fill_null(""))
    return _bytes(pc.binary_join_element_wise(*pieces, "</row>", ""))


def _escaped(texts: pa.Array) -> pa.Array:
    for sign, written in _ESCAPES:
        texts = pc.replace_substring(texts, sign, written)
    return texts


def _bytes(texts: pa.Array) -> bytes:
    """The texts one after the other."""
    return "".join(texts.to_pylist()).encode("utf-8")


def _letters(at: int) -> str:
    """The column's letters; 0 is A."""
    return chr(65 + at) if at < 26 else _letters(at // 26 - 1) + chr(65 + at % 26)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _NO_CLOCK)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry


def _part(archive: zipfile.ZipFile, name: str, text: str) -> None:
    archive.writestr(_entry(name), _DECLARATION + text)


def _content_types(sheets: int) -> str:
    overrides = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{_TYPES}.{kind}+xml"/>'
        for part, kind in (
            ("workbook", "sheet.main"),
            ("sharedStrings", "sharedStrings"),
            *((f"worksheets/sheet{number}", "worksheet") for number in range(1, sheets + 1)),
        )
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="{name}" Type="{_DOCUMENT}/{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_RELATIONS}">{listed}</Relationships>'


def _workbook(sheets: Mapping[str, pd.DataFrame]) -> str:
    listed = "".join(
        f'<sheet name="{title}" sheetId="{number}" r:id="rId{number}"/>'
        for number, title in enumerate(sheets, start=1)
    )
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>{listed}</sheets></workbook>'
