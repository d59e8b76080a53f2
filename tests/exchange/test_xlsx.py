"""Workbooks: plain data is read as text, everything else refused; what is written has the same bytes each time."""

from __future__ import annotations

import io
import math
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

import exchange.xlsx
from exchange import TEXT, Column, Limits, xlsx
from specs import UserError

FILE = "lab.xlsx"


def workbook(**sheets: list[list[Any]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return saved(made)


def saved(made: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def repacked(content: bytes, changes: dict[str, bytes]) -> bytes:
    """The workbook with parts replaced or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.pop(name, old.read(name)))
        for name, part in changes.items():
            new.writestr(name, part)
    return made.getvalue()


def part_of(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def refusal(content: bytes, **options: Any) -> str:
    with pytest.raises(UserError) as raised:
        xlsx.read(content, name="LB", file=FILE, **options)
    return str(raised.value)


def cells(content: bytes, **options: Any) -> dict[str, list[str | None]]:
    records = xlsx.read(content, name="LB", file=FILE, **options).records
    assert all(dtype == TEXT for dtype in records.dtypes)
    return {name: [None if pd.isna(cell) else cell for cell in records[name]] for name in records}


def test_a_sheet_is_read_as_text_with_its_row_numbers():
    table = xlsx.read(
        workbook(Lab=[["SUBJECT", "ALT"], ["01-001", 31], [], ["01-002", None], [None, ""], []]), name="LB"
    )
    assert table.columns == (Column("SUBJECT"), Column("ALT"))
    assert table.records["SUBJECT"].tolist() == ["01-001", pd.NA, "01-002"]
    assert table.records["ALT"].tolist() == ["31", pd.NA, pd.NA]
    assert np.array_equal(table.rows, [2, 3, 4])


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        ("  01-001 ", "General", "  01-001 "),
        ("NA", "General", "NA"),
        ("line 1\nline 2", "General", "line 1\nline 2"),
        (12, "General", "12"),
        (12.0, "0.00", "12"),
        (0.1, "0%", "0.1"),
        (1 / 3, "0.0", "0.3333333333333333"),
        (1e22, "General", "1e+22"),
        (1e-7, "General", "1e-07"),
        (True, "General", "TRUE"),
        (False, "General", "FALSE"),
        (date(2024, 2, 29), "yyyy-mm-dd", "2024-02-29"),
        (date(2024, 2, 29), "dd/mm/yyyy", "2024-02-29"),
        (datetime(2024, 2, 29), "yyyy-mm-dd hh:mm", "2024-02-29T00:00:00"),
        (datetime(2024, 2, 29, 8, 30), "yyyy-mm-dd hh:mm", "2024-02-29T08:30:00"),
        (datetime(2024, 2, 29, 8, 30), "yyyy-mm-dd", "2024-02-29T08:30:00"),
        (datetime(2024, 2, 29, 8, 30, 15, 250_000), "hh:mm:ss.000", "2024-02-29T08:30:15.25"),
        (time(8, 30), "hh:mm", "08:30:00"),
        (timedelta(hours=30, minutes=5), "[h]:mm:ss", "30:05:00"),
    ],
)  # fmt: skip
def test_every_kind_of_cell_has_its_text(value, number_format, text):
    made = openpyxl.Workbook()
    made.active.append(["VALUE"])
    made.active.append([value])
    made.active["A2"].number_format = number_format
    assert cells(saved(made)) == {"VALUE": [text]}


def test_formatted_runs_of_text_are_one_text():
    made = openpyxl.Workbook()
    made.active["A1"] = "VALUE"
    made.active["A2"] = CellRichText("10", TextBlock(InlineFont(vertAlign="superscript"), "9"), "/L")
    assert cells(saved(made)) == {"VALUE": ["109/L"]}


def test_rows_above_the_header_are_passed_over():
    content = workbook(Lab=[["Central laboratory"], [], ["SUBJECT", "ALT"], ["01-001", 31]])
    table = xlsx.read(content, name="LB", header_row=3)
    assert table.records["ALT"].tolist() == ["31"]
    assert np.array_equal(table.rows, [4])


def test_a_sheet_without_records_has_its_columns():
    assert cells(workbook(Lab=[["SUBJECT", "ALT"]])) == {"SUBJECT": [], "ALT": []}


def test_a_sheet_is_chosen_by_its_name():
    content = workbook(Notes=[["x"]], Lab=[["SUBJECT"], ["01-001"]])
    assert cells(content, sheet="Lab") == {"SUBJECT": ["01-001"]}


NAME_SHEETS = "name one: `sheet:` in raw.yaml"


@pytest.mark.parametrize(
    ("sheet", "what", "to_do"),
    [
        (None, "the workbook has 2 sheets and none is named: Notes, Lab", NAME_SHEETS),
        ("lab ", "there is no sheet 'lab '", "did you mean 'Lab'?"),
        ("Note", "there is no sheet 'Note'", "did you mean 'Notes'?"),
        ("Vital signs", "there is no sheet 'Vital signs'", "name one of: Notes, Lab"),
    ],
    ids=["none named", "other letter case", "mistyped", "unlike any"],
)
def test_a_sheet_that_is_not_there_is_refused(sheet, what, to_do):
    content = workbook(Notes=[["x"]], Lab=[["SUBJECT"]])
    assert refusal(content, sheet=sheet) == f"{what}\n  where: {FILE}\n  to do: {to_do}"


def test_everything_that_is_no_plain_data_is_said_together():
    rows = [["SUBJECT", None, "ALT", "ALT"], *[["=A1", "x", "#N/A", 1, None, "beside"] for _ in range(6)]]
    assert refusal(workbook(Lab=rows)) == (
        "the column B has no name\n"
        f"  where: {FILE}, sheet Lab, row 1\n"
        "  to do: name the column in the sheet\n"
        "two columns are named 'ALT'\n"
        f"  where: {FILE}, sheet Lab, row 1\n"
        "  to do: rename one of them in the sheet\n"
        "the sheet holds formulas: 6\n"
        f"  where: {FILE}, sheet Lab, A2, A3, A4, A5, A6, ...\n"
        "  to do: paste their values in place of them (Paste Special, Values)\n"
        "the sheet holds error values, such as #REF!: 6\n"
        f"  where: {FILE}, sheet Lab, C2, C3, C4, C5, C6, ...\n"
        "  to do: correct or clear them\n"
        "the sheet holds values beside the header's columns: 6\n"
        f"  where: {FILE}, sheet Lab, F2, F3, F4, F5, F6, ...\n"
        "  to do: name their columns in the header, or clear them"
    )


def test_an_array_formula_is_a_formula():
    made = openpyxl.Workbook()
    made.active["A1"] = "VALUE"
    made.active["A2"] = openpyxl.worksheet.formula.ArrayFormula("A2:A3", "=SUM(B2:B3)")
    assert refusal(saved(made)) == (
        "the sheet holds formulas: 1\n"
        f"  where: {FILE}, sheet Sheet, A2\n"
        "  to do: paste their values in place of them (Paste Special, Values)"
    )


def test_a_sheet_without_a_header_is_refused():
    assert refusal(workbook(Lab=[[], ["01-001"]])) == (
        "there is no header\n"
        f"  where: {FILE}, sheet Lab, row 1\n"
        "  to do: write the columns' names there, or name another sheet\n"
        "the sheet holds values beside the header's columns: 1\n"
        f"  where: {FILE}, sheet Lab, A2\n"
        "  to do: name their columns in the header, or clear them"
    )


PLAIN = workbook(Lab=[["SUBJECT"], ["01-001"]])
SHEET = "xl/worksheets/sheet1.xml"
MACROS = f"the workbook holds macros\n  where: {FILE}\n  to do: save it as .xlsx, without macros"
NO_WORKBOOK = f"this is no Excel workbook, or it is damaged\n  where: {FILE}\n  to do: save it again as .xlsx"


def test_a_workbook_with_macros_is_refused():
    types = part_of(PLAIN, "[Content_Types].xml")
    assert refusal(repacked(PLAIN, {"xl/vbaProject.bin": b"macro"})) == MACROS
    enabled = types.replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    assert enabled != types
    assert refusal(repacked(PLAIN, {"[Content_Types].xml": enabled})) == MACROS


def test_links_to_other_workbooks_are_not_followed():
    made = openpyxl.load_workbook(io.BytesIO(PLAIN))
    link = openpyxl.workbook.external_link.external.ExternalLink(
        externalBook=openpyxl.workbook.external_link.external.ExternalBook(sheetNames=None)
    )
    link.file_link = openpyxl.packaging.relationship.Relationship(
        type="externalLinkPath", Target="http://example.org/x.xlsx", TargetMode="External", Id="rId1"
    )
    made._external_links.append(link)
    assert cells(saved(made)) == {"SUBJECT": ["01-001"]}


@pytest.mark.parametrize(
    "content",
    [b"", b"SUBJECT,ALT\n", PLAIN[:-30], repacked(PLAIN, {"xl/workbook.xml": b"<x"}),
     repacked(PLAIN, {SHEET: b"<worksheet><sheetData><row>"})],
    ids=["empty", "CSV", "truncated", "a damaged part", "a damaged sheet"],
)  # fmt: skip
def test_what_is_no_workbook_is_refused(content):
    assert refusal(content) == NO_WORKBOOK


def test_an_old_workbook_is_refused():
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)) == (
        f"this is an old workbook (.xls) or one with a password\n  where: {FILE}\n"
        "  to do: save it as .xlsx without a password"
    )


def test_entities_are_refused_before_anything_is_parsed():
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    sheet = part_of(PLAIN, SHEET).replace(b"<worksheet", laughs + b"<worksheet", 1)
    assert refusal(repacked(PLAIN, {SHEET: sheet})) == (
        "the workbook declares entities, as in a file made to harm\n"
        f"  where: {FILE}/{SHEET}\n"
        "  to do: save it again from Excel"
    )


def test_openpyxl_parses_with_defusedxml():
    assert openpyxl.DEFUSEDXML


def test_a_bomb_is_refused_before_openpyxl_opens_it(monkeypatch):
    monkeypatch.setattr(exchange.xlsx, "LIMITS", Limits(entry=1 << 20))
    monkeypatch.setattr(
        openpyxl, "load_workbook", lambda *_, **__: pytest.fail("openpyxl has opened the bomb")
    )
    assert refusal(repacked(PLAIN, {SHEET: bytes(2 << 20)})) == (
        f"an entry unpacks to {2 << 20} bytes, more than {1 << 20}\n"
        f"  where: {FILE}, entry '{SHEET}'\n"
        "  to do: unpack it first, or split the export"
    )


def test_a_sheet_that_packs_too_well_is_refused():
    assert refusal(repacked(PLAIN, {SHEET: bytes(65 << 20)})) == (
        "an entry unpacks to more than 250 times its packed size, as one made to harm\n"
        f"  where: {FILE}, entry '{SHEET}'\n"
        "  to do: if the archive can be trusted, unpack it first"
    )


@pytest.mark.parametrize(
    "rows",
    [
        b'<row r="99999999"><c r="A99999999"><v>1</v></c></row>',
        b"".join(b'<row r="%d"><c r="XFD%d"/></row>' % (row, row) for row in range(2, 100)),
    ],
    ids=["a row far away", "cells far away in each row"],
)
def test_a_sheet_that_claims_too_much_is_refused(monkeypatch, rows):
    monkeypatch.setattr(exchange.xlsx, "_MOST_CELLS", 1_000_000)
    monkeypatch.setattr(exchange.xlsx, "MOST_ROWS", 10_000)
    sheet = part_of(PLAIN, SHEET).replace(b"</sheetData>", rows + b"</sheetData>")
    assert refusal(repacked(PLAIN, {SHEET: sheet})) == (
        "the sheet claims more than 10000 rows or 1000000 cells, as one made to harm\n"
        f"  where: {FILE}, sheet Lab\n"
        "  to do: save the sheet again with its used range only, or export it as CSV"
    )


def test_what_a_sheet_says_of_its_size_is_not_believed():
    sheet = part_of(PLAIN, SHEET)
    assert b'ref="A1:A2"' in sheet
    assert cells(repacked(PLAIN, {SHEET: sheet.replace(b'ref="A1:A2"', b'ref="A1:A1"')})) == {
        "SUBJECT": ["01-001"]
    }


def findings(dataset: Any) -> Any:
    return dataset(
        "FINDINGS",
        {
            Column("MESSAGE"): ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "#N/A", "01", " kept ", None],
            Column("COUNT", type="Num", format="8.3"): [1, -2.5, 0.1, 1e22, None, 0, -1, 1e-7, 3],
            Column("DATE", type="Num", format="DATE9."): [20454, None, 0, 1, 2, 3, 4, 5, 6],
        },
    )


def test_texts_like_formulas_are_written_as_text(dataset, created, tmp_path):
    path = tmp_path / "findings.xlsx"
    xlsx.write({"Findings": findings(dataset)}, path, created=created)
    sheet = openpyxl.load_workbook(path)["Findings"]
    column = [cell for (cell,) in sheet.iter_rows(min_row=2, max_col=1)]
    assert [cell.value for cell in column] == [
        "'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\tx", "#N/A", "01", " kept ", None,
    ]  # fmt: skip
    assert {cell.data_type for cell in column[:-1]} == {"s"}
    assert [sheet[cell].value for cell in ("B2", "B3", "C2")] == [1, -2.5, "2016-01-01"]
    assert b"<f>" not in part_of(path.read_bytes(), SHEET)


def test_what_is_written_is_read(dataset, created, tmp_path):
    path = tmp_path / "findings.xlsx"
    xlsx.write({"Findings": findings(dataset)}, path, created=created)
    assert cells(path.read_bytes()) == {
        "MESSAGE": ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\tx", "#N/A", "01", " kept ", None],
        "COUNT": ["1", "-2.5", "0.1", "1e+22", None, "0", "-1", "1e-07", "3"],
        "DATE": ["2016-01-01", None, "1960-01-01", "1960-01-02", *[f"1960-01-0{day}" for day in range(3, 8)]],
    }


def test_a_text_that_names_an_error_is_text(dataset, created, tmp_path):
    path = tmp_path / "findings.xlsx"
    xlsx.write({"Findings": dataset("F", {Column("#N/A"): ["#REF!", "#N/A"]})}, path, created=created)
    assert cells(path.read_bytes()) == {"#N/A": ["#REF!", "#N/A"]}


def written_in(
    year: int, sheets: Any, created: datetime, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> bytes:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime(year, 1, 1, tzinfo=tz)

    monkeypatch.setattr("openpyxl.writer.excel.datetime.datetime", Clock)
    monkeypatch.setattr("time.time", lambda: datetime(year, 1, 1).timestamp())
    xlsx.write(sheets, folder / f"{year}.xlsx", created=created)
    return (folder / f"{year}.xlsx").read_bytes()


def test_the_same_content_has_the_same_bytes(dataset, created, tmp_path, monkeypatch):
    sheets = {"Findings": findings(dataset), "Left out": findings(dataset)}
    contents = [written_in(year, sheets, created, tmp_path, monkeypatch) for year in (2024, 2031)]
    assert contents[0] == contents[1]
    core = part_of(contents[0], "docProps/core.xml")
    assert core.count(b"2024-03-01T08:30:15Z") == 2
    with zipfile.ZipFile(io.BytesIO(contents[0])) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_header_is_bold_frozen_and_filtered_and_columns_are_wide_enough(dataset, created, tmp_path):
    path = tmp_path / "findings.xlsx"
    table = dataset(
        "F",
        {
            Column("MESSAGE"): ["x" * 30, None],
            Column("N", type="Num"): [1, 2],
            Column("LONG"): ["y" * 500, "y"],
        },
    )
    xlsx.write({"Findings": table}, path, created=created)
    sheet = openpyxl.load_workbook(path)["Findings"]
    assert [cell.font.bold for cell in sheet[1]] == [True, True, True]
    assert not sheet["A2"].font.bold
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:C3")
    assert [sheet.column_dimensions[letter].width for letter in "ABC"] == [32, 8, 60]


def test_a_sheet_without_records_is_its_header(dataset, created, tmp_path):
    path = tmp_path / "findings.xlsx"
    xlsx.write(
        {"Findings": dataset("F", {Column("MESSAGE"): [], Column("N", type="Num"): []})},
        path,
        created=created,
    )
    assert cells(path.read_bytes()) == {"MESSAGE": [], "N": []}


def test_everything_a_workbook_cannot_hold_is_said_together(dataset, created, tmp_path):
    path = tmp_path / "findings.xlsx"
    bad = dataset(
        "F",
        {
            Column("MESSAGE"): ["ok", "a\x07b", "x" * 32_767],
            Column("N", type="Num"): [math.inf, 1, -math.inf],
        },
    )
    with pytest.raises(UserError) as raised:
        xlsx.write(
            {"a/b": dataset("F", {Column("A"): []}), "Lab": bad, "LAB": dataset("F", {Column("A"): []})},
            path,
            created=created,
        )
    assert str(raised.value) == (
        "'a/b' is no name of a sheet\n"
        "  where: findings.xlsx, sheet a/b\n"
        "  to do: use up to 31 characters and none of [ ] : * ? / \\\n"
        "two sheets are named 'Lab'\n"
        "  where: findings.xlsx, sheet Lab\n"
        "  to do: rename one of them\n"
        "values of MESSAGE with control characters or 32767 characters and more, which a sheet cannot hold: 2\n"
        "  where: findings.xlsx, sheet Lab, A3, A4\n"
        "  to do: correct the values, or write them as CSV\n"
        "values of N infinite, which a sheet cannot hold: 2\n"
        "  where: findings.xlsx, sheet Lab, B2, B4\n"
        "  to do: correct the values, or write them as CSV\n"
        "two sheets are named 'LAB'\n"
        "  where: findings.xlsx, sheet LAB\n"
        "  to do: rename one of them"
    )
    assert not list(tmp_path.iterdir())


def test_a_missing_workbook_is_refused(tmp_path: Path):
    with pytest.raises(UserError) as raised:
        xlsx.read(tmp_path / "lab.xlsx", name="LB")
    assert str(raised.value) == (
        "lab.xlsx cannot be read: there is no such file\n"
        f"  where: {tmp_path / 'lab.xlsx'}\n"
        "  to do: check the name, or put the file there"
    )
