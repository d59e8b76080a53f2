"""Bad input gets an error that says what, where and to do; the exit code is 2 and nothing is written."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from raw.simulation import simulate
from trialwright.cli import main
from trialwright.shipped import study_folder

STUDY = "nct01988506"


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("good")
    simulate(study_folder(STUDY) / "simulation.yaml", folder / "export", subjects=11, seed=5)
    shutil.copytree(study_folder(STUDY), folder / "study")
    return folder


@pytest.fixture
def case(good: Path, tmp_path: Path) -> Path:
    shutil.copytree(good, tmp_path, dirs_exist_ok=True)
    return tmp_path


def refused(case: Path, capsys: pytest.CaptureFixture[str], study: str = "study") -> str:
    """Build, see that it is refused and that nothing was written; the message."""
    code = main(
        ["build", str(case / study), "--raw", str(case / "export"), "--out", str(case / "builds"), "--quiet"]
    )
    told = capsys.readouterr()
    assert code == 2, told.err
    assert told.out == ""
    assert "Traceback" not in told.err
    home = case / "builds" / study
    assert not home.exists() or [path.name for path in home.iterdir()] == [".lock"]
    return told.err.replace(str(case), "...")


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def rezipped(path: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def test_a_study_folder_that_does_not_exist(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(case, capsys, study="nowhere") == (
        "no study '.../nowhere'\n  where: .../nowhere\n"
        "  to do: name a folder that holds study.yaml, or a shipped study: cdiscpilot01, nct01988506\n"
    )


def test_a_missing_export(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(case / "export")
    assert refused(case, capsys) == (
        "no export at '.../export'\n  where: .../export\n"
        "  to do: name the folder that holds the files of raw.yaml (--raw), or make one with `trialwright simulate`\n"
    )


def test_a_missing_file(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (case / "export" / "lab_local.csv").unlink()
    message = refused(case, capsys)
    assert "lab_local.csv" in message
    assert "  where: " in message
    assert "  to do: " in message


def test_a_missing_column(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def renamed(members: dict[str, bytes]) -> None:
        members["AE.csv"] = members["AE.csv"].replace(b"AESTDAT", b"AESTDATE", 1)

    rezipped(case / "export" / "edc.zip", renamed)
    assert refused(case, capsys) == (
        "raw table 'AE' has no column 'AESTDAT'\n  where: edc.zip/AE.csv, AE.AESTDAT\n  to do: did you mean 'AESTDATE'?\n"
    )


def test_an_unknown_word(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edited(case / "study" / "sdtm" / "ae.yaml", "AESTDY: {study_day: AESTDTC}", "AESTDY: {studyday: AESTDTC}")
    line = _line(case / "study" / "sdtm" / "ae.yaml", "studyday")
    assert refused(case, capsys) == (
        f"unknown derivation 'studyday'\n  where: sdtm/ae.yaml:{line}, AE.AESTDY\n  to do: did you mean 'study_day'?\n"
    )


def test_an_unknown_variable(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edited(case / "study" / "sdtm" / "ae.yaml", "AESTDY: {study_day: AESTDTC}", "AESTDY: {study_day: AESTDT}")
    line = _line(case / "study" / "sdtm" / "ae.yaml", "{study_day: AESTDT}")
    assert refused(case, capsys) == (
        f"unknown variable 'AESTDT'\n  where: sdtm/ae.yaml:{line}, AE.AESTDY\n  to do: did you mean 'AESTDTC'?\n"
    )


def test_variables_that_read_each_other_in_a_circle(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = case / "study" / "sdtm" / "sv.yaml"
    edited(path, "SVENDTC: {first_available: {of: [SVSTDTC]}", "SVENDTC: {first_available: {of: [SVENDTC]}")
    line = _line(path, "SVENDTC: {first")
    assert refused(case, capsys) == (
        "variables read each other in a circle: SV.SVENDTC reads SV.SVENDTC\n"
        f"  where: sdtm/sv.yaml:{line}, SV.SVENDTC\n  to do: let one of them read what was collected instead\n"
    )


def test_a_wrong_encoding(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edited(case / "study" / "raw.yaml", "encoding: cp1252", "encoding: utf-8")
    message = refused(case, capsys)
    assert "lab_local.csv" in message
    assert "utf-8" in message.lower()
    assert "  to do: " in message


def test_a_truncated_archive(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = case / "export" / "edc.zip"
    path.write_bytes(path.read_bytes()[:-400])
    message = refused(case, capsys)
    assert "edc.zip" in message
    assert "  to do: " in message


def test_an_archive_whose_entries_climb_out(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def climbing(members: dict[str, bytes]) -> None:
        members["../outside.csv"] = b"A\n1\n"

    rezipped(case / "export" / "edc.zip", climbing)
    message = refused(case, capsys)
    assert "../outside.csv" in message
    assert not (case / "outside.csv").exists()


def test_a_ragged_row(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = case / "export" / "lab_local.csv"
    lines = path.read_bytes().splitlines(keepends=True)
    lines[4] = lines[4].rstrip() + b";one too many\r\n"
    path.write_bytes(b"".join(lines))
    message = refused(case, capsys)
    assert "lab_local.csv" in message
    assert "5" in message


def test_a_workbook_with_a_formula(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = case / "export" / "lab_central.xlsx"
    book = openpyxl.load_workbook(path)
    book["RESULTS"]["G5"] = "=1+1"
    book.save(path)
    message = refused(case, capsys)
    assert "formula" in message
    assert "G5" in message


def test_a_workbook_that_is_a_bomb(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = case / "export" / "lab_central.xlsx"
    content = io.BytesIO()
    with (
        zipfile.ZipFile(path) as good,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bomb,
    ):
        for name in good.namelist():
            if not name.endswith("sheet1.xml"):
                bomb.writestr(name, good.read(name))
        with bomb.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(300):
                sheet.write(b" " * 1_000_000)
    path.write_bytes(content.getvalue())
    message = refused(case, capsys)
    assert "lab_central.xlsx" in message
    assert "  to do: " in message


def test_entities_in_a_workbook_are_not_expanded(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = case / "export" / "lab_central.xlsx"

    def entities(members: dict[str, bytes]) -> None:
        name = next(each for each in members if each.endswith("sheet1.xml"))
        head = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        body = members[name]
        cut = body.index(b"?>") + 2 if body.startswith(b"<?xml") else 0
        members[name] = body[:cut] + head + body[cut:]

    rezipped(path, entities)
    message = refused(case, capsys)
    assert "lab_central.xlsx" in message


def test_all_problems_are_told_together(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edited(case / "study" / "sdtm" / "ae.yaml", "AESTDY: {study_day: AESTDTC}", "AESTDY: {studyday: AESTDTC}")
    edited(
        case / "study" / "sdtm" / "ex.yaml",
        "EXSTDY: {study_day: EXSTDTC}",
        "EXSTDY: {study_day: {dat: EXSTDTC}}",
    )
    message = refused(case, capsys)
    assert "unknown derivation 'studyday'" in message
    assert "unknown argument 'dat'" in message
    assert message.endswith("3 problems; nothing was written\n")


def test_a_text_that_xpt_cannot_hold_is_refused_with_its_keys(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edited(
        case / "study" / "sdtm" / "ae.yaml",
        "AETERM: {collected: {field: AETERM, ascii: true}}",
        "AETERM: {collected: AETERM}",
    )

    def accented(members: dict[str, bytes]) -> None:
        lines = members["AE.csv"].decode().splitlines(keepends=True)
        at = lines[0].rstrip().split(",").index("AETERM")
        cells = lines[1].rstrip("\r\n").split(",")
        cells[at] = "fièvre"
        members["AE.csv"] = "".join([lines[0], ",".join(cells) + "\r\n", *lines[2:]]).encode()

    rezipped(case / "export" / "edc.zip", accented)
    message = refused(case, capsys)
    assert "AETERM" in message
    assert "USUBJID" in message
    assert "  to do: " in message


def test_a_dataset_that_the_study_does_not_have(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(
        ["build", STUDY, "--raw", str(case / "export"), "--out", str(case / "builds"), "--only", "DM,AEE"]
    )
    assert code == 2
    assert (
        "no dataset 'AEE' in NCT01988506\n  where: --only\n  to do: did you mean 'AE'?"
        in capsys.readouterr().err
    )


def _line(path: Path, text: str) -> int:
    return next(number for number, line in enumerate(path.read_text().splitlines(), 1) if text in line)
