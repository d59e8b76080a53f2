"""Findings in files: JSON for programs, a workbook for people."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from engine import Finding
from specs import UserError
from validation import keys_text, read_json, write_json, write_xlsx

CREATED = datetime(2018, 1, 1)
FINDINGS = (
    Finding(
        code="AE_END_BEFORE_START",
        severity="error",
        dataset="AE",
        variable="AEENDTC",
        keys=(("USUBJID", "NCT1-01-006"), ("AESEQ", "4")),
        value="2015-03-14",
        message="the event ends before it begins",
        to_do="query the site",
        origin="edc.zip/AE.csv:24:AEENDAT",
    ),
    Finding(
        "TEXT_LIKE_FORMULA",
        "notice",
        "AE",
        "AECOM",
        (),
        "=1+1",
        "it begins like a formula",
        "look at it",
        count=3,
    ),
)


def test_json_has_the_documented_form(tmp_path: Path) -> None:
    write_json(FINDINGS, tmp_path / "validation" / "findings.json")
    assert (
        (tmp_path / "validation" / "findings.json").read_text(encoding="utf-8")
        == """\
{
  "schema": 1,
  "counts": {
    "error": 1,
    "warning": 0,
    "notice": 1
  },
  "findings": [
    {
      "code": "AE_END_BEFORE_START",
      "severity": "error",
      "dataset": "AE",
      "variable": "AEENDTC",
      "keys": [
        {
          "name": "USUBJID",
          "value": "NCT1-01-006"
        },
        {
          "name": "AESEQ",
          "value": "4"
        }
      ],
      "value": "2015-03-14",
      "message": "the event ends before it begins",
      "to_do": "query the site",
      "origin": "edc.zip/AE.csv:24:AEENDAT",
      "count": 1
    },
    {
      "code": "TEXT_LIKE_FORMULA",
      "severity": "notice",
      "dataset": "AE",
      "variable": "AECOM",
      "keys": [],
      "value": "=1+1",
      "message": "it begins like a formula",
      "to_do": "look at it",
      "origin": "",
      "count": 3
    }
  ]
}
"""
    )


def test_json_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_json(FINDINGS, tmp_path / "findings.json")
    assert read_json(tmp_path / "findings.json") == FINDINGS
    write_json((), tmp_path / "none.json")
    assert read_json(tmp_path / "none.json") == ()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"schema": 2, "findings": []}',
        '{"schema": 1, "findings": [{"code": "X"}]}',
        '{"schema": 1, "findings": 5}',
    ],
)
def test_what_holds_no_findings_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "findings.json").write_text(content, encoding="utf-8")
    with pytest.raises(UserError) as error:
        read_json(tmp_path / "findings.json")
    assert str(error.value) == (
        "'findings.json' holds no findings\n"
        "  where: findings.json\n"
        "  to do: name findings.json of a build, and build again if it is damaged"
    )


def test_the_workbook_sums_up_and_lists(tmp_path: Path) -> None:
    write_xlsx(FINDINGS, tmp_path / "findings.xlsx", created=CREATED)
    workbook = openpyxl.load_workbook(tmp_path / "findings.xlsx")
    assert workbook.sheetnames == ["SUMMARY", "FINDINGS"]
    assert list(workbook["SUMMARY"].values) == [
        ("SEVERITY", "CODE", "DATASET", "FINDINGS", "RECORDS"),
        ("error", "AE_END_BEFORE_START", "AE", 1, 1),
        ("notice", "TEXT_LIKE_FORMULA", "AE", 1, 3),
    ]
    header, first, second = workbook["FINDINGS"].values
    assert header == (
        "SEVERITY",
        "CODE",
        "DATASET",
        "VARIABLE",
        "KEYS",
        "VALUE",
        "MESSAGE",
        "TO_DO",
        "ORIGIN",
        "COUNT",
    )
    assert first == (
        "error", "AE_END_BEFORE_START", "AE", "AEENDTC", "USUBJID=NCT1-01-006; AESEQ=4", "2015-03-14",
        "the event ends before it begins", "query the site", "edc.zip/AE.csv:24:AEENDAT", 1,
    )  # fmt: skip
    assert second[3:6] == ("AECOM", None, "'=1+1")
    for sheet in workbook:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions


@pytest.mark.parametrize("text", ["=1+1", "+33 1", "-5", "@SUM(A1)", '=HYPERLINK("x")'])
def test_no_cell_of_the_workbook_is_a_formula(tmp_path: Path, text: str) -> None:
    found = Finding("X", "error", "AE", "AECOM", (("USUBJID", text),), text, text, text, origin=text)
    write_xlsx([found], tmp_path / "findings.xlsx", created=CREATED)
    sheet = openpyxl.load_workbook(tmp_path / "findings.xlsx")["FINDINGS"]
    (row,) = sheet.iter_rows(min_row=2)
    assert all(cell.data_type in ("s", "n") for cell in row)
    texts = [cell.value for cell in row if isinstance(cell.value, str)]
    assert [each for each in texts if each[0] in "=+-@"] == []
    assert texts.count("'" + text) == 4


def test_a_control_character_is_shown_by_its_number(tmp_path: Path) -> None:
    found = Finding(
        "TEXT_NOT_ASCII", "error", "AE", "AETERM", (), "pain\x07\tnow", "AETERM is not plain ASCII", "mend it"
    )
    write_xlsx([found], tmp_path / "findings.xlsx", created=CREATED)
    sheet = openpyxl.load_workbook(tmp_path / "findings.xlsx")["FINDINGS"]
    assert sheet["F2"].value == "pain\\x07\tnow"


def test_the_same_findings_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_xlsx(FINDINGS, tmp_path / f"{name}.xlsx", created=CREATED)
        write_json(FINDINGS, tmp_path / f"{name}.json")
    for form in ("xlsx", "json"):
        assert (tmp_path / f"one.{form}").read_bytes() == (tmp_path / f"two.{form}").read_bytes()


def test_a_build_without_findings_has_both_sheets(tmp_path: Path) -> None:
    write_xlsx((), tmp_path / "findings.xlsx", created=CREATED)
    workbook = openpyxl.load_workbook(tmp_path / "findings.xlsx")
    assert [sheet.max_row for sheet in workbook] == [1, 1]


def test_keys_stand_in_one_line() -> None:
    assert [keys_text(each) for each in FINDINGS] == ["USUBJID=NCT1-01-006; AESEQ=4", ""]
