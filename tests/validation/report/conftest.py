"""A small made-up study, built and judged: three subjects at two sites, eight findings."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from engine import ColumnFate, Finding, LeftOut, TableAccount
from exchange import NUMBER, TEXT, Column, Table
from specs import Dataset, RawColumn, RawTable, StandardUse, Study, SubjectNumber
from validation.report import InputFile, OutputFile, ReportContent

HOSTILE = "</script><img src=x onerror=alert(1)>"

DATASETS = {
    "DM": (
        "Demographics",
        """
        USUBJID     SUBJID SITEID RFICDTC    RFSTDTC    RFXSTDTC
        XY-1-01-001 01-001 01     2024-01-10 2024-01-15 2024-01-15
        XY-1-01-002 01-002 01     2024-03-05 2024-03-06 2024-03-06
        XY-1-02-001 02-001 02     2024-02-20 2024-02-26 .
        """,
    ),
    "AE": (
        "Adverse Events",
        """
        USUBJID     AESEQ AETERM   AEDECOD   AESEV
        XY-1-01-001 1     headache Headache  MILD
        XY-1-01-001 2     migraine Headache  SEVERE
        XY-1-01-002 1     headache Headache  MODERATE
        XY-1-01-002 2     cough    Cough     MILD
        XY-1-01-001 3     malaise  .         .
        """,
    ),
    "EX": (
        "Exposure",
        """
        USUBJID     EXSEQ EXTRT EXOCCUR EXSTDTC    EXENDTC
        XY-1-01-001 1     DRUG  Y       2024-01-15 2024-01-15
        XY-1-01-001 2     DRUG  N       2024-01-16 2024-01-16
        XY-1-01-001 3     DRUG  Y       2024-01-29 2024-01-29
        XY-1-01-002 1     DRUG  Y       2024-03-06 2024-03-10
        """,
    ),
    "DS": (
        "Disposition",
        """
        USUBJID     DSSEQ DSCAT             DSDECOD                   DSSTDTC
        XY-1-01-001 1     PROTOCOL_MILESTONE INFORMED_CONSENT_OBTAINED 2024-01-10
        XY-1-01-001 2     DISPOSITION_EVENT  ADVERSE_EVENT             2024-01-30
        XY-1-01-002 1     DISPOSITION_EVENT  COMPLETED                 2024-03-20
        """,
    ),
    "LB": (
        "Laboratory Test Results",
        """
        USUBJID     LBSEQ LBCAT      LBTESTCD LBNRIND VISITNUM VISIT
        XY-1-01-001 1     CHEMISTRY  ALT      NORMAL  1        DAY_1
        XY-1-01-002 1     CHEMISTRY  ALT      HIGH    1        DAY_1
        XY-1-01-001 2     CHEMISTRY  ALT      HIGH    2        DAY_8
        XY-1-01-001 3     HEMATOLOGY HGB      LOW     1        DAY_1
        XY-1-01-002 2     HEMATOLOGY HGB      LOW     1        DAY_1
        XY-1-02-001 1     HEMATOLOGY HGB      NORMAL  1        DAY_1
        XY-1-02-001 2     HEMATOLOGY HGB      HIGH    1.1      UNSCHEDULED_1.1
        XY-1-02-001 3     HEMATOLOGY HGB      .       2        DAY_8
        """,
    ),
}
NUMERIC = {"AESEQ", "EXSEQ", "DSSEQ", "LBSEQ", "VISITNUM", "EXSTDY", "EXDOSE", "DSSTDY"}


def table(name: str, label: str, text: str) -> Table:
    """A table written out: a dot is missing, an underscore a blank."""
    lines = [line.split() for line in text.split("\n") if line.strip()]
    values = [[None if cell == "." else cell for cell in line] for line in lines[1:]]
    records = pd.DataFrame(values, columns=lines[0], dtype=object)
    columns = tuple(Column(each, type="Num" if each in NUMERIC else "Char") for each in lines[0])
    typed = {
        each.name: pd.to_numeric(records[each.name]).astype(NUMBER)
        if each.type == "Num"
        else records[each.name].astype(TEXT).str.replace("_", " ")
        for each in columns
    }
    return Table(name, label, columns, pd.DataFrame(typed))


@pytest.fixture
def datasets() -> dict[str, Table]:
    """The datasets of the made-up study."""
    return {name: table(name, label, text) for name, (label, text) in DATASETS.items()}


@pytest.fixture
def written_out() -> Callable[[str, str], dict[str, Table]]:
    """One dataset from its text."""
    return lambda name, text: {name: table(name, name, text)}


@pytest.fixture
def study(datasets: Mapping[str, Table]) -> Study:
    """The made-up study."""
    classes = {"DM": "SPECIAL PURPOSE", "EX": "INTERVENTIONS", "LB": "FINDINGS"}
    return Study(
        id="XY-1",
        name="XANADU",
        description="A study of <nothing> at all",
        protocol="XY-1-P",
        synthetic=True,
        folder=Path(),
        files=(),
        subject=SubjectNumber(form="{site:2}-{number:3}"),
        standards={"sdtm": (StandardUse(name="SDTMIG", version="3.4"),)},
        raw={
            "AE": RawTable(name="AE", file="edc.zip/AE.csv", format="csv", subject="SUBJECT", columns={}),
            "LAB": RawTable(
                name="LAB",
                file="lab.csv",
                format="csv",
                subject="PATIENT",
                form="{site:2}/{number:3}",
                columns={"PATIENT": RawColumn()},
            ),
        },
        codelists={},
        conversions={},
        datasets={
            name: Dataset(
                name=name,
                label=each.label,
                model="sdtm",
                class_name=classes.get(name, "EVENTS"),
                structure="One record per",
                keys=(),
                records=(),
                variables=(),
            )
            for name, each in datasets.items()
        },
    )


def found(
    code: str, severity: str, dataset: str, variable: str, keys: str, value: str, origin: str
) -> Finding:
    """A finding with keys written `NAME=value NAME=value`; its message and remedy follow from the code."""
    pairs = tuple(tuple(each.split("=")) for each in keys.split())
    said = {
        "END_BEFORE_START": ("The event ends before it starts.", "Query both dates."),
        "NOT_CODED": ("The event is not coded.", "Have it coded."),
        "PARTIAL": ("The date is partial.", "Nothing, if the site confirmed it."),
        "RAW_TYPE": ("the value is no number", "have it corrected"),
    }
    return Finding(code, severity, dataset, variable, pairs, value, *said[code], origin)  # type: ignore[arg-type]


@pytest.fixture
def findings() -> list[Finding]:
    """Eight findings, in no order."""
    return [
        found("PARTIAL", "notice", "AE", "AESTDTC", "USUBJID=XY-1-02-001 AESEQ=9", "2024-01", ""),
        found("RAW_TYPE", "error", "LAB", "RESULT", "PATIENT=01/002 TEST=ALT", "=1+1", "lab.csv:12:RESULT"),
        found("NOT_CODED", "warning", "AE", "AEDECOD", "USUBJID=XY-1-01-001 AESEQ=3", HOSTILE, ""),
        found(
            "END_BEFORE_START",
            "error",
            "AE",
            "AEENDTC",
            "USUBJID=XY-1-01-001 AESEQ=2",
            "2024-01-01",
            "edc.zip/AE.csv:7:AEENDAT",
        ),
        found("RAW_TYPE", "error", "AE", "AGE", "SUBJECT=1-1", "forty", "edc.zip/AE.csv:3:AGE"),
        found("PARTIAL", "notice", "AE", "AESTDTC", "USUBJID=XY-1-01-001 AESEQ=1", "2024", ""),
        found("NOT_CODED", "warning", "AE", "AEDECOD", "USUBJID=XY-1-09-009 AESEQ=1", "", ""),
        found("PARTIAL", "notice", "DM", "BRTHDTC", "USUBJID=XY-1-02-001", "1970", ""),
    ]


@dataclass(frozen=True)
class Result:
    """An expectation's result, as the report needs it."""

    dataset: str
    expectation: str
    meaning: str
    column: str
    success: bool
    unexpected_count: int


@pytest.fixture
def content(study: Study, datasets: dict[str, Table], findings: list[Finding]) -> ReportContent:
    """A build of the made-up study."""
    return ReportContent(
        study=study,
        build_id="b0123456789",
        created="2024-06-01T09:30:00Z",
        inputs=[InputFile("edc.zip", "a" * 64), InputFile("edc.zip/AE.csv", "b" * 64, 1234)],
        datasets=datasets,
        findings=findings,
        expectations=[
            Result("DM", "not_null", "USUBJID is given", "USUBJID", True, 0),
            Result("AE", "not_null", "AESEQ is given", "AESEQ", True, 0),
            Result("AE", "in_set", "AESEV is of its codelist", "AESEV", False, 3),
        ],
        accounts=[
            TableAccount(
                table="AE",
                file="edc.zip/AE.csv",
                read=1234,
                used=1220,
                records={"AE": 1219, "SUPPAE": 3},
                left_out=(
                    LeftOut("DUPLICATE", "a later row has the same keys", 12, (14, *range(29, 40))),
                    LeftOut("EMPTY", "no event was reported", 2, (50, 51)),
                ),
                columns=(
                    ColumnFate("TERM", ("AE.AETERM", "AE.AEDECOD"), ""),
                    ColumnFate("FORM", (), "constant of the form"),
                ),
            ),
            TableAccount("LAB", "lab.csv", 8, 8, {"LB": 8}, (), (ColumnFate("KIT", (), ""),)),
        ],
        outputs=[OutputFile("sdtm/dm.xpt", 2560, "c" * 64), OutputFile("sdtm/define 1.xml", 999, "d" * 64)],
    )


@pytest.fixture
def chromium() -> str:
    """The headless browser, where there is one."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no Chromium is installed")
    return found
