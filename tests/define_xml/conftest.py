"""A small study in code, and the transport files of its datasets.

Over 400 lines: a whole study, written out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
import pytest

from define_xml import write
from exchange import NUMBER, TEXT, Column, Table, xpt
from specs import (
    Codelist,
    CodelistTerm,
    Dataset,
    Derivation,
    Field,
    RawColumn,
    RawTable,
    RecordDerivation,
    Records,
    Ref,
    StandardUse,
    Study,
    SubjectNumber,
    Variable,
)

CREATED = "2026-11-22T12:00:00"


class FromExport(RecordDerivation):
    """The records of raw tables."""

    source = "a test"
    of: tuple[str, ...]

    def tables(self) -> tuple[str, ...]:
        return self.of

    def datasets(self) -> tuple[str, ...]:
        return ()

    def compute(self, given: Mapping[str, Records]) -> Records:
        raise AssertionError("these tests build no records")


class _Word(Derivation):
    """What the words of these tests share."""

    source = "a test"
    origin = "Assigned"

    def compute(self, records: pd.DataFrame) -> pd.Series:
        raise AssertionError("these tests compute no values")


class CollectedText(_Word):
    """A text as it was collected."""

    origin = "Collected"
    shorthand = "field"
    field: Field


class Constant(_Word):
    """A constant."""

    shorthand = "value"
    value: str = ""


class FromProtocol(_Word):
    """What the protocol states."""

    origin = "Protocol"


class DaysFrom(_Word):
    """Days from a date."""

    origin = "Derived"
    method = "{variable} = {date} - {reference} + 1."
    date: Ref
    reference: Ref = Ref("DM.RFSTDTC")


class ImputedDate(_Word):
    """A date with its missing parts imputed."""

    origin = "Derived"
    method = "{variable}: missing parts of {date} are imputed."
    method_type: ClassVar[str] = "Imputation"
    date: Ref


class CopyOf(_Word):
    """A copy of another dataset's variable."""

    origin = "Predecessor"
    shorthand = "of"
    of: Ref


def whole_list(
    name: str, label: str, code: str, terms: Mapping[str, tuple[str, str]], **more: Any
) -> Codelist:
    return Codelist(
        name=name,
        label=label,
        code=code,
        package="SDTM",
        version="2025-03-28",
        terms=tuple(CodelistTerm(value=v, decode=d, code=c) for v, (d, c) in terms.items()),
        **more,
    )


NY = whole_list(
    "NY",
    "No Yes Response",
    "C66742",
    {
        "N": ("No", "C49487"),
        "NA": ("Not Applicable", "C48660"),
        "U": ("Unknown", "C17998"),
        "Y": ("Yes", "C49488"),
    },
)
LBTESTCD = whole_list(
    "LBTESTCD",
    "Laboratory Test Code",
    "C65047",
    {"ALT": ("Alanine Aminotransferase", "C64433"), "CRP": ("C Reactive Protein", "C64548")},
    extensible=True,
).model_copy()
LBTESTCD = LBTESTCD.model_copy(
    update={
        "terms": (*LBTESTCD.terms, CodelistTerm(value="TREG", decode="Regulatory T Cells", extended=True))
    }
)
UNIT = whole_list("UNIT", "Unit", "C71620", {"U/L": ("", "C67456"), "mg/L": ("", "C64572")}, extensible=True)
COUNTRY = Codelist(name="COUNTRY", label="Country", dictionary="ISO 3166-1 alpha-3")
MEDDRA = Codelist(
    name="MEDDRA", label="Adverse Event Dictionary", dictionary="MedDRA", dictionary_version="28.0"
)
PARAMCD = Codelist(
    name="PARAMCD",
    label="Parameter Code",
    terms=(
        CodelistTerm(value="ALT", decode="Alanine Aminotransferase (U/L)"),
        CodelistTerm(value="RESP", decode="Response"),
    ),
)

STANDARDS = {
    "sdtm": (
        StandardUse(name="SDTMIG", version="3.4"),
        StandardUse(name="CDISC/NCI", type="CT", publishing_set="SDTM", version="2025-03-28"),
    ),
    "adam": (
        StandardUse(name="ADaMIG", version="1.3"),
        StandardUse(name="ADaM-OCCDSIG", version="1.1"),
        StandardUse(name="CDISC/NCI", type="CT", publishing_set="ADaM", version="2026-03-27"),
        StandardUse(name="CDISC/NCI", type="CT", publishing_set="SDTM", version="2025-03-28"),
    ),
}


def variable(name: str, label: str, word: Derivation, type: str = "Char", **more: Any) -> Variable:
    return Variable(name=name, label=label, type=type, derivation=word, line=f"{name.lower()}.yaml:7", **more)


def _identifiers(domain: str) -> tuple[Variable, ...]:
    return (
        variable("STUDYID", "Study Identifier", Constant(value="S1"), role="Identifier", core="Req"),
        variable("DOMAIN", "Domain Abbreviation", Constant(value=domain), role="Identifier", core="Req"),
        variable(
            "USUBJID", "Unique Subject Identifier", CollectedText(field="SUBJ"), role="Identifier", core="Req"
        ),
    )


def _dataset(name: str, label: str, class_name: str, *variables: Variable, **more: Any) -> Dataset:
    table = {"LB": ("LAB",)}.get(name, ("CRF",))
    given = {
        "model": "sdtm",
        "structure": "One record per subject per item",
        "keys": ("STUDYID", "USUBJID"),
        "records": (FromExport(of=table),),
        "line": f"sdtm/{name.lower()}.yaml:1",
    }
    return Dataset(name=name, label=label, class_name=class_name, variables=variables, **(given | more))


def sdtm_datasets() -> tuple[Dataset, ...]:
    """In the order of the alphabet, which is not that of a submission."""
    return (
        _dataset(
            "AE",
            "Adverse Events",
            "EVENTS",
            *_identifiers("AE"),
            variable(
                "AETERM",
                "Reported Term for the Adverse Event",
                CollectedText(field="AETERM"),
                role="Topic",
                core="Req",
            ),
            variable(
                "AEDECOD",
                "Dictionary-Derived Term",
                CollectedText(field="AEDECOD"),
                codelist=MEDDRA,
                comment="Coded by the sponsor.",
            ),
            variable("AESER", "Serious Event", CollectedText(field="AESER"), codelist=NY),
            variable(
                "AESTDTC", "Start Date/Time of Adverse Event", CollectedText(field="AESTDAT"), role="Timing"
            ),
            variable(
                "AEENDTC", "End Date/Time of Adverse Event", CollectedText(field="AEENDAT"), role="Timing"
            ),
            variable(
                "AESTDY",
                "Study Day of Start of Adverse Event",
                DaysFrom(date="AESTDTC"),
                "Num",
                role="Timing",
            ),
            variable(
                "AEINFUS", "During the Injection", CollectedText(field="AEINF"), standard=False, codelist=NY
            ),
            variable("AEDAYS", "Days to the Event", DaysFrom(date="AESTDTC"), "Num", standard=False),
        ),
        _dataset(
            "DM",
            "Demographics",
            "SPECIAL PURPOSE",
            *_identifiers("DM"),
            variable("RFSTDTC", "Subject Reference Start Date/Time", ImputedDate(date="raw.DAY1")),
            variable("AGE", "Age", CollectedText(field="AGE"), "Num"),
            variable("COUNTRY", "Country", Constant(value="FRA"), codelist=COUNTRY),
            repeating=False,
        ),
        _dataset("DS", "Disposition", "EVENTS", *_identifiers("DS")),
        _dataset(
            "LB",
            "Laboratory Test Results",
            "FINDINGS",
            *_identifiers("LB"),
            variable(
                "LBTESTCD",
                "Lab Test or Examination Short Name",
                CollectedText(field="TEST"),
                codelist=LBTESTCD,
                role="Topic",
                core="Req",
            ),
            variable("LBTEST", "Lab Test or Examination Name", Constant()),
            variable(
                "LBORRES",
                "Result or Finding in Original Units",
                CollectedText(field="RESULT"),
                value_level="LBTESTCD",
            ),
            variable("LBORRESU", "Original Units", CollectedText(field="UNIT"), codelist=UNIT),
            variable(
                "LBSTRESN",
                "Numeric Result/Finding in Standard Units",
                DaysFrom(date="LBORRES"),
                "Num",
                value_level="LBTESTCD",
            ),
            keys=("STUDYID", "USUBJID", "LBTESTCD"),
            comment="Local laboratories only.",
        ),
        _dataset(
            "SUPPAE",
            "Supplemental Qualifiers for AE",
            "RELATIONSHIP",
            variable("STUDYID", "Study Identifier", Constant(value="S1"), core="Req"),
            variable("RDOMAIN", "Related Domain Abbreviation", Constant(value="AE"), core="Req"),
            variable("USUBJID", "Unique Subject Identifier", CollectedText(field="SUBJ"), core="Req"),
            variable("QNAM", "Qualifier Variable Name", Constant(), core="Req"),
            variable("QLABEL", "Qualifier Variable Label", Constant(), core="Req"),
            variable("QVAL", "Data Value", Constant(), core="Req"),
            keys=("STUDYID", "RDOMAIN", "USUBJID", "QNAM"),
        ),
        _dataset(
            "TS",
            "Trial Summary",
            "TRIAL DESIGN",
            variable("STUDYID", "Study Identifier", Constant(value="S1"), core="Req"),
            variable("DOMAIN", "Domain Abbreviation", Constant(value="TS"), core="Req"),
            variable("TSPARMCD", "Trial Summary Parameter Short Name", FromProtocol(), core="Req"),
            variable("TSVAL", "Parameter Value", FromProtocol()),
            keys=("STUDYID", "TSPARMCD"),
            repeating=False,
            reference_data=True,
        ),
    )


def adam_datasets() -> tuple[Dataset, ...]:
    subject = (
        variable("STUDYID", "Study Identifier", CopyOf(of="DM.STUDYID"), core="Req"),
        variable("USUBJID", "Unique Subject Identifier", CopyOf(of="DM.USUBJID"), core="Req"),
    )
    return (
        _dataset(
            "ADLB",
            "Laboratory Analysis",
            "BASIC DATA STRUCTURE",
            *subject,
            variable("PARAMCD", "Parameter Code", CopyOf(of="LB.LBTESTCD"), codelist=PARAMCD, core="Req"),
            variable("PARAM", "Parameter", Constant()),
            variable("ADT", "Analysis Date", ImputedDate(date="LB.LBDTC"), "Num", format="DATE9."),
            variable("AVAL", "Analysis Value", CopyOf(of="LB.LBSTRESN"), "Num", value_level="PARAMCD"),
            variable("AVALC", "Analysis Value (C)", CopyOf(of="LB.LBSTRESC"), value_level="PARAMCD"),
            model="adam",
            keys=("STUDYID", "USUBJID", "PARAMCD"),
        ),
        _dataset(
            "ADSL",
            "Subject-Level Analysis",
            "SUBJECT LEVEL ANALYSIS DATASET",
            *subject,
            model="adam",
            repeating=False,
        ),
    )


RAW = {
    "CRF": RawTable(
        name="CRF",
        file="crf.csv",
        format="csv",
        columns={
            name: RawColumn(page=page)
            for name, page in {
                "SUBJ": 1,
                "AETERM": 4,
                "AEDECOD": None,
                "AESER": 4,
                "AESTDAT": 5,
                "AEENDAT": 5,
                "AEINF": 6,
                "AGE": 2,
                "DAY1": 2,
            }.items()
        },
    ),
    "LAB": RawTable(
        name="LAB",
        file="lab.csv",
        format="csv",
        collected_by="Vendor",
        columns={name: RawColumn() for name in ("SUBJ", "TEST", "RESULT", "UNIT")},
    ),
}

RECORDS: dict[str, dict[str, list[Any]]] = {
    "TS": {"STUDYID": ["S1"], "DOMAIN": ["TS"], "TSPARMCD": ["AGEMIN"], "TSVAL": ["P18Y"]},
    "DM": {
        "STUDYID": ["S1", "S1"],
        "DOMAIN": ["DM", "DM"],
        "USUBJID": ["S1-01", "S1-02"],
        "RFSTDTC": ["2014-01-06", "2014-02-10"],
        "AGE": [42, 7],
        "COUNTRY": ["FRA", "FRA"],
    },
    "AE": {
        "STUDYID": ["S1", "S1", "S1"],
        "DOMAIN": ["AE", "AE", "AE"],
        "USUBJID": ["S1-01", "S1-01", "S1-02"],
        "AETERM": ["fever", "rash <5 cm & itch", "fever"],
        "AEDECOD": ["Pyrexia", "Rash", "Pyrexia"],
        "AESER": ["N", "N", "Y"],
        "AESTDTC": ["2014-01-07", "2014-01", None],
        "AEENDTC": [None, None, None],
        "AESTDY": [2, None, -12],
    },
    "SUPPAE": {
        "STUDYID": ["S1", "S1"],
        "RDOMAIN": ["AE", "AE"],
        "USUBJID": ["S1-01", "S1-01"],
        "QNAM": ["AEINFUS", "AEDAYS"],
        "QLABEL": ["During the Injection", "Days to the Event"],
        "QVAL": ["U", "12"],
    },
    "LB": {
        "STUDYID": ["S1"] * 4,
        "DOMAIN": ["LB"] * 4,
        "USUBJID": ["S1-01", "S1-01", "S1-02", "S1-02"],
        "LBTESTCD": ["ALT", "CRP", "ALT", "TREG"],
        "LBTEST": [
            "Alanine Aminotransferase",
            "C Reactive Protein",
            "Alanine Aminotransferase",
            "Regulatory T Cells",
        ],
        "LBORRES": ["31", "<3.5", "104", "6.25"],
        "LBORRESU": ["U/L", "mg/L", "U/L", None],
        "LBSTRESN": [31, None, 104, 6.25],
    },
    "DS": {"STUDYID": [], "DOMAIN": [], "USUBJID": []},
    "ADSL": {"STUDYID": ["S1"], "USUBJID": ["S1-01"]},
    "ADLB": {
        "STUDYID": ["S1", "S1"],
        "USUBJID": ["S1-01", "S1-01"],
        "PARAMCD": ["ALT", "RESP"],
        "PARAM": ["Alanine Aminotransferase (U/L)", "Response"],
        "ADT": [19730, 19731],
        "AVAL": [31.5, None],
        "AVALC": [None, "RESPONDER"],
    },
}


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """The study: five domains with data, one without, and two analysis datasets."""
    datasets = (*sdtm_datasets(), *adam_datasets())
    return Study(
        id="S1",
        name="S1",
        description="A study for tests",
        protocol="S1-P",
        folder=tmp_path / "specification",
        files=(),
        subject=SubjectNumber(form="{site:2}-{number:3}"),
        standards=STANDARDS,
        raw=RAW,
        codelists={},
        conversions={},
        datasets={dataset.name: dataset for dataset in datasets},
    )


@pytest.fixture
def records() -> dict[str, dict[str, list[Any]]]:
    """The records of each dataset: a test may change them before it writes."""
    return {name: {column: list(values) for column, values in each.items()} for name, each in RECORDS.items()}


@pytest.fixture
def written(tmp_path: Path, records: dict[str, dict[str, list[Any]]]) -> Callable[..., Path]:
    """Writes the transport files of one model, then define.xml; gives the folder."""

    def write_all(study: Study, model: str = "sdtm", *, folder: str = "", created: str = CREATED) -> Path:
        path = write_files(tmp_path / (folder or model), study, model, records)
        write(study, model, path, created=created)  # type: ignore[arg-type]
        return path

    return write_all


@pytest.fixture
def files_of(tmp_path: Path, records: dict[str, dict[str, list[Any]]]) -> Callable[..., Path]:
    """Writes the transport files of one model only; gives the folder."""
    return lambda study, model="sdtm": write_files(tmp_path / f"{model}-files", study, model, records)


def write_files(
    folder: Path, study: Study, model: str, records: Mapping[str, Mapping[str, list[Any]]]
) -> Path:
    folder.mkdir(exist_ok=True)
    for dataset in study.sdtm if model == "sdtm" else study.adam:
        columns = tuple(
            Column(each.name, each.label, each.type, format=each.format) for each in dataset.submitted
        )
        data = pd.DataFrame(
            {
                column.name: pd.array(
                    records[dataset.name][column.name], dtype=NUMBER if column.type == "Num" else TEXT
                )
                for column in columns
            }
        )
        table = Table(dataset.name, dataset.label, columns, data)
        xpt.write(table, folder / f"{dataset.name.lower()}.xpt", created=datetime(2026, 11, 22))
    return folder
