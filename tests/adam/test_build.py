"""A study of four subjects, from SDTM to ADSL, ADAE and ADLB: literal records in, literal records out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import adam
import sdtm
from engine import NUMBER, TEXT, Built
from specs import Records, Study, UserError, inconsistencies, read_study

STUDY = """
id: S1
name: S1
description: A study of four subjects
protocol: S1
standards: {adam: [adamig-1.3, adam-occds-1.1]}
"""
CODELISTS = """
PARAMCD: {label: Parameter Code, terms: {ALT: Alanine Aminotransferase, HSCRP: "C Reactive Protein, High Sensitivity"}}
"""
UNITS = """
laboratory: {ALT: {unit: U/L}}
"""
ADSL = """
dataset: ADSL
structure: adsl
keys: [STUDYID, USUBJID]
records: [{dataset_records: DM}]
variables:
  STUDYID: {predecessor: DM.STUDYID}
  USUBJID: {predecessor: DM.USUBJID}
  TRTSDTM:
    extreme_datetime:
      of: {dataset: EX, variable: EXSTDTC, where: EXDOSE GT 0 or EXDOSE EQ 0 and EXTRT EQ PLACEBO}
      take: first
  TRTSDT: {date_of_datetime: TRTSDTM}
  TRTSTMF:
    extreme_datetime:
      of: {dataset: EX, variable: EXSTDTC, where: EXDOSE GT 0 or EXDOSE EQ 0 and EXTRT EQ PLACEBO}
      take: first
      gives: time flag
  TRTEDT: {extreme_datetime: {of: EX.EXENDTC, take: last, gives: date}}
  SAFFL:
    existence_flag:
      of: {dataset: EX, variable: EXSEQ, where: EXDOSE GT 0 or EXDOSE EQ 0 and EXTRT EQ PLACEBO}
      no_records: N
  EOSSTT: {disposition_status: DS.DSDECOD}
  DCSREAS: {related_value: {of: {dataset: DS, variable: DSDECOD, where: DSDECOD NE COMPLETED}}}
"""
ADAE = """
dataset: ADAE
label: Adverse Events Analysis Dataset
structure: occds
subclass: ADVERSE EVENT
one_record_per: adverse event per subject
keys: [STUDYID, USUBJID, ASTDT, AESEQ]
records: [{dataset_records: AE}]
variables:
  STUDYID: {predecessor: AE.STUDYID}
  USUBJID: {predecessor: AE.USUBJID}
  AESEQ: {predecessor: AE.AESEQ}
  ASEQ: {sequence: {by: [ASTDT, AESEQ]}}
  AEDECOD: {predecessor: AE.AEDECOD}
  ASTDT: {analysis_date: {date: AE.AESTDTC, highest_imputation: M, min_dates: [ADSL.TRTSDT], max_dates: [AENDT]}}
  ASTDTF: {date_imputation_flag: {collected: AE.AESTDTC, imputed: ASTDT}}
  ASTDY: {analysis_study_day: ASTDT}
  AENDT: {analysis_date: {date: AE.AEENDTC, highest_imputation: M, date_imputation: last}}
  ADURN: {duration: {start_date: ASTDT, end_date: AENDT}}
  TRTEMFL: {treatment_emergent_flag: {trt_end_date: ADSL.TRTEDT, end_window: 30}}
  AOCCPFL: {extreme_flag: {within: [USUBJID, AEDECOD], by: [ASTDT, AESEQ], take: first, where: TRTEMFL EQ Y}}
"""
ADLB = """
dataset: ADLB
label: Laboratory Test Results Analysis Dataset
structure: bds
keys: [STUDYID, USUBJID, PARAMCD, ADT, SRCSEQ]
value_level: {AVAL: PARAMCD}
records: [{dataset_records: {dataset: LB, where: LBSTAT EQ ""}}]
variables:
  STUDYID: {predecessor: LB.STUDYID}
  USUBJID: {predecessor: LB.USUBJID}
  PARAM: {parameter: {of: PARAMCD, conversions: laboratory}}
  PARAMCD:
    parameter_code:
      test: LB.LBTESTCD
      exceptions: [{where: LB.LBTESTCD EQ CRP, code: HSCRP}]
    codelist: PARAMCD
  PARAMN: {numeric_code: PARAMCD}
  ADT: {analysis_date: LB.LBDTC}
  ADTM: {analysis_datetime: {date: LB.LBDTC, highest_imputation: s}}
  ADY: {analysis_study_day: ADT}
  PREFL:
    pre_treatment_flag: {date: ADT, datetime: ADTM, reference_time_flag: ADSL.TRTSTMF}
    label: Pre-treatment Flag
  AVISIT:
    analysis_visit:
      {day: ADY, windows: [{visit: Day 8, low: 6, high: 11, target: 8}], baseline_flag: ABLFL}
  AWTARGET: {numeric_code: {of: AVISIT, values: {Day 8: 8}}, where: AVISIT NE Baseline}
  AWTDIFF: {target_difference: {day: ADY, target: AWTARGET}}
  AVAL: {predecessor: LB.LBSTRESN}
  AVALC: {predecessor: LB.LBSTRESC, where: AVAL EQ ""}
  ABLFL:
    extreme_flag:
      {within: [USUBJID, PARAMCD], by: [ADT, SRCSEQ], take: last, where: PREFL EQ Y and AVAL NE ""}
  BASE: {baseline_value: AVAL}
  CHG: {change_from_baseline: {}, where: ADY GE 1 and PREFL EQ ""}
  ANRIND: {range_indicator: {result: AVAL, low: LB.LBSTNRLO, high: LB.LBSTNRHI}}
  BNRIND: {baseline_value: ANRIND}
  SHIFT1: {shift: {from_variable: BNRIND, to_variable: ANRIND}, where: ADY GE 1 and PREFL EQ ""}
  ANL01FL:
    extreme_flag:
      within: [USUBJID, PARAMCD, AVISIT]
      by: [AWTDIFF, ADT descending, SRCSEQ]
      take: first
      where: AVISIT NE "" and AVAL NE ""
  SRCSEQ: {predecessor: LB.LBSEQ}
"""
DM = {"STUDYID": ["S1"] * 4, "USUBJID": ["1", "2", "3", "4"]}
EX = {
    "USUBJID": ["1", "1", "2", "4"],
    "EXSEQ": [1, 2, 1, 1],
    "EXTRT": ["IL-2", "IL-2", "PLACEBO", "IL-2"],
    "EXDOSE": [1, 1, 0, 0],
    "EXSTDTC": ["2014-03-13T09:30", "2014-03-27", "2014-03-13", "2014-03-13"],
    "EXENDTC": ["2014-03-13T09:30", "2014-03-27", None, "2014-03-13"],
}
DS = {
    "USUBJID": ["1", "2", "3"],
    "DSDECOD": ["COMPLETED", "LOST TO FOLLOW-UP", "SCREEN FAILURE"],
}
AE = {
    "STUDYID": ["S1"] * 6,
    "USUBJID": ["1", "1", "1", "1", "2", "3"],
    "AESEQ": [1, 2, 3, 4, 1, 1],
    "AEDECOD": ["Chills", "Chills", "Rash", "Cough", "Rash", "Fever"],
    "AESTDTC": ["2014-03-20", "2014-03", "2014-03", "2014-06", "2014-12-01", "2014-03-01"],
    "AEENDTC": ["2014-03-20", None, "2014-03-10", "2014-06", None, None],
}
LB = {
    "STUDYID": ["S1"] * 7,
    "USUBJID": ["1"] * 6 + ["2"],
    "LBSEQ": [1, 2, 3, 4, 5, 6, 1],
    "LBTESTCD": ["ALT", "ALT", "ALT", "ALT", "ALT", "CRP", "ALT"],
    "LBDTC": [f"2014-03-{day}" for day in ("13T08:00", "13T10:00", "19", "21", "22", "13T08:00", "13")],
    "LBSTRESC": ["20", "60", "30", "50", None, "<0.2", "40"],
    "LBSTRESN": [20, 60, 30, 50, None, None, 40],
    "LBSTNRLO": [7, 7, 7, 7, 7, None, None],
    "LBSTNRHI": [45, 45, 45, 45, 45, 3, 45],
    "LBSTAT": [None, None, None, None, "NOT DONE", None, None],
}  # fmt: skip


@pytest.fixture(name="study")
def _study(tmp_path: Path) -> Study:
    texts = {"study.yaml": STUDY, "codelists.yaml": CODELISTS, "units.yaml": UNITS}
    texts |= {"raw.yaml": 'subject: "{number:3}"\ntables: {}\n'}
    texts |= {"adam/adae.yaml": ADAE, "adam/adlb.yaml": ADLB, "adam/adsl.yaml": ADSL}
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return read_study(tmp_path, {"sdtm": sdtm.VOCABULARY, "adam": adam.VOCABULARY})


@pytest.fixture(name="built")
def _built(study: Study) -> Built:
    return adam.build(study, domains())


def domains() -> dict[str, Records]:
    given = {"DM": DM, "EX": EX, "DS": DS, "AE": AE, "LB": LB}
    return {name: Records(frame(data)) for name, data in given.items()}


def frame(data: Mapping[str, list[Any]]) -> pd.DataFrame:
    columns = {}
    for name, values in data.items():
        numeric = any(isinstance(value, int) for value in values)
        columns[name] = pd.Series(values, dtype=NUMBER if numeric else TEXT)
    return pd.DataFrame(columns)


def shown(built: Built, dataset: str, *names: str) -> list[list[Any]]:
    data = built.datasets[dataset].data[list(names)].astype("object")
    return [[None if pd.isna(value) else value for value in row] for row in data.to_numpy().tolist()]


def test_adsl_has_one_record_per_subject_with_exposure_and_disposition(built: Built) -> None:
    names = ("USUBJID", "TRTSDTM", "TRTSDT", "TRTSTMF", "TRTEDT", "SAFFL", "EOSSTT", "DCSREAS")
    assert shown(built, "ADSL", *names) == [
        ["1", 1710322200, 19795, None, 19809, "Y", "COMPLETED", None],
        ["2", 1710288000, 19795, "H", None, "Y", "DISCONTINUED", "LOST TO FOLLOW-UP"],
        ["3", None, None, None, None, "N", None, "SCREEN FAILURE"],
        ["4", None, None, None, 19795, "N", "ONGOING", None],
    ]


def test_adae_imputes_dates_and_a_missing_treatment_end_blanks_no_flag(built: Built) -> None:
    names = (
        "USUBJID",
        "AESEQ",
        "ASEQ",
        "AEDECOD",
        "ASTDT",
        "ASTDTF",
        "ASTDY",
        "AENDT",
        "ADURN",
        "TRTEMFL",
        "AOCCPFL",
    )
    assert shown(built, "ADAE", *names) == [
        ["1", 3, 1, "Rash", 19792, "D", -3, 19792, 1, None, None],
        ["1", 2, 2, "Chills", 19795, "D", 1, None, None, "Y", "Y"],
        ["1", 1, 3, "Chills", 19802, None, 8, 19802, 1, "Y", None],
        ["1", 4, 4, "Cough", 19875, "D", 81, 19904, 30, None, None],
        ["2", 1, 1, "Rash", 20058, None, 264, None, None, "Y", "Y"],
        ["3", 1, 1, "Fever", 19783, None, None, None, None, None, None],
    ]


def test_adlb_has_parameters_baseline_change_and_the_record_to_analyse(built: Built) -> None:
    names = ("USUBJID", "PARAM", "PARAMN", "SRCSEQ", "ADY", "PREFL", "AVISIT", "AVAL", "AVALC")
    assert shown(built, "ADLB", *names) == [
        ["1", "Alanine Aminotransferase (U/L)", 1, 1, 1, "Y", "Baseline", 20, None],
        ["1", "Alanine Aminotransferase (U/L)", 1, 2, 1, None, None, 60, None],
        ["1", "Alanine Aminotransferase (U/L)", 1, 3, 7, None, "Day 8", 30, None],
        ["1", "Alanine Aminotransferase (U/L)", 1, 4, 9, None, "Day 8", 50, None],
        ["1", "C Reactive Protein, High Sensitivity", 2, 6, 1, "Y", None, None, "<0.2"],
        ["2", "Alanine Aminotransferase (U/L)", 1, 1, 1, "Y", "Baseline", 40, None],
    ]
    names = ("SRCSEQ", "ABLFL", "BASE", "CHG", "ANRIND", "BNRIND", "SHIFT1", "AWTDIFF", "ANL01FL")
    assert shown(built, "ADLB", *names) == [
        [1, "Y", 20, None, "NORMAL", "NORMAL", None, None, "Y"],
        [2, None, 20, 40, "HIGH", "NORMAL", "NORMAL to HIGH", None, None],
        [3, None, 20, 10, "NORMAL", "NORMAL", "NORMAL to NORMAL", 1, None],
        [4, None, 20, 30, "HIGH", "NORMAL", "NORMAL to HIGH", 1, "Y"],
        [6, None, None, None, None, None, None, None, None],
        [1, "Y", 40, None, "NORMAL", "NORMAL", None, None, "Y"],
    ]


def test_every_record_knows_its_source_and_what_was_left_out_is_told(built: Built) -> None:
    assert built.findings == ()
    sources = built.datasets["ADLB"].sources[["record", "table", "row"]]
    assert sources.to_numpy().tolist() == [
        [0, "LB", 0],
        [1, "LB", 1],
        [2, "LB", 2],
        [3, "LB", 3],
        [4, "LB", 5],
        [5, "LB", 6],
    ]
    left_out = built.left_out[["dataset", "table", "row", "reason", "because"]]
    assert left_out.to_numpy().tolist() == [["ADLB", "LB", 4, "NOT_SELECTED", 'not of LB where LBSTAT EQ ""']]


def test_the_order_of_records_does_not_matter(study: Study, built: Built) -> None:
    turned = {
        name: Records(records.data.iloc[::-1].reset_index(drop=True)) for name, records in domains().items()
    }
    again = adam.build(study, turned)
    for name, records in built.datasets.items():
        pd.testing.assert_frame_equal(again.datasets[name].data, records.data)


def test_doubts_become_findings_with_keys_and_the_value_is_held_back(study: Study) -> None:
    given = domains()
    given["AE"] = Records(frame({**AE, "AESTDTC": ["2014-02-30", *AE["AESTDTC"][1:]]}))
    given["DS"] = Records(frame({"USUBJID": ["1", "1"], "DSDECOD": ["ADVERSE EVENT", "DEATH"]}))
    built = adam.build(study, given)
    subject = (("USUBJID", "1"), ("STUDYID", "S1"))
    told = [(each.code, each.dataset, each.variable, each.keys, each.value) for each in built.findings]
    assert sorted(told) == [
        ("DATE_INVALID", "ADAE", "ASTDT", (*subject, ("AESEQ", "1")), "2014-02-30 | 19795 | 19802"),
        ("SEVERAL_DISPOSITIONS", "ADSL", "EOSSTT", subject, "1"),
        ("SEVERAL_VALUES", "ADSL", "DCSREAS", subject, "1"),
    ]
    assert shown(built, "ADSL", "USUBJID", "EOSSTT", "DCSREAS")[0] == ["1", None, None]


def test_a_subject_with_several_records_cannot_be_read_as_one(study: Study) -> None:
    given = domains()
    given["DM"] = Records(frame({"STUDYID": ["S1", "S1"], "USUBJID": ["1", "1"]}))
    with pytest.raises(UserError, match="ADSL has several records of a subject"):
        adam.build(study, given)


def test_the_specification_names_what_sdtm_must_have(study: Study) -> None:
    told = {problem.what for problem in inconsistencies(study)}
    assert told == {f"unknown dataset '{name}'" for name in ("AE", "DM", "DS", "EX", "LB")}


def test_every_word_has_a_name_of_its_own() -> None:
    words = [word.word for word in adam.VOCABULARY]
    assert sorted(set(words)) == sorted(words)
    assert (*sdtm.VOCABULARY, *adam.OWN_VOCABULARY) == adam.VOCABULARY
