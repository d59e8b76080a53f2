"""What must agree across a specification: references exist, and every raw table and column has a fate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from specs import Study, inconsistencies, raw_columns_used

Changes = dict[str, tuple[str, str] | str | None]

MEDICATION = """\
tables:
  CM:
    file: CM.csv
    format: csv
    subject: SUBJID
    columns: {SUBJID: {}, CMTRT: {}}
"""


def test_a_consistent_study_has_nothing_to_tell(study: Study) -> None:
    assert inconsistencies(study) == []


def test_every_raw_column_knows_what_it_feeds(study: Study) -> None:
    assert raw_columns_used(study) == {
        ("DM", "BRTHDAT"): ["DM.BRTHDTC"],
        ("DM", "GENDER"): ["DM.SEX"],
        ("DM", "SUBJID"): ["USUBJID", "keys"],
        ("AE", "SUBJID"): ["USUBJID"],
        ("AE", "AETERM"): ["AE.AETERM", "AE"],
        ("AE", "AESER"): ["AE.AESER"],
        ("AE", "AESTDAT"): ["AE.AESTDTC"],
        ("AE", "AECOM"): ["AE.AECOM"],
    }


@pytest.mark.parametrize(
    "changes, message",
    [
        pytest.param(
            {"sdtm/ae.yaml": ("keys: [STUDYID, USUBJID, AETERM]", "keys: [STUDYID, AETERM]")},
            "the keys of AE do not name the subject\n  where: sdtm/ae.yaml:1, AE\n"
            "  to do: add USUBJID to `keys:`: records are built and sorted subject by subject",
            id="keys without the subject",
        ),
        pytest.param(
            {"raw.yaml": ("AUDIT: {not_submitted: audit trail of the EDC}", "AUDIT: {}")},
            "raw column 'AUDIT' feeds no variable\n  where: raw.yaml:23, AE.AUDIT\n"
            "  to do: map it, or say `not_submitted:` and why",
            id="a raw column without a fate",
        ),
        pytest.param(
            {"raw.yaml": ("AESER: {}", "AESER: {not_submitted: of no interest}")},
            "raw column 'AESER' is said not to be submitted but feeds AE.AESER\n  where: raw.yaml:20, AE.AESER\n"
            "  to do: take out `not_submitted:`",
            id="a raw column that is said not to be submitted and feeds a variable",
        ),
        pytest.param(
            {"raw.yaml": ("tables:\n", MEDICATION)},
            "raw table 'CM' feeds no dataset\n  where: raw.yaml:3, CM\n"
            "  to do: make records of it, or say `not_submitted:` and why",
            id="a raw table without a fate, although it has subjects",
        ),
        pytest.param(
            {"raw.yaml": ("  AE:\n", "  AE:\n    not_submitted: of no interest\n")},
            "raw table 'AE' is said not to be submitted but feeds a dataset\n  where: raw.yaml:13, AE\n"
            "  to do: take out `not_submitted:`",
            id="a raw table that is said not to be submitted and feeds a dataset",
        ),
        pytest.param(
            {"sdtm/ae.yaml": ("'AETERM EQ", "'AETREM EQ")},
            "raw table 'AE' has no column 'AETREM'\n  where: sdtm/ae.yaml:1, AE\n  to do: did you mean 'AETERM'?",
            id="a condition of the records on a raw column that the table does not have",
        ),
        pytest.param(
            {"sdtm/ae.yaml": ("      leave_out:", "      names: {START: WOF}\n      leave_out:")},
            "raw table 'AE' has no column 'WOF'\n  where: sdtm/ae.yaml:1, AE\n"
            "  to do: name one of its columns: SUBJID, AETERM, AESER, AESTDAT, AECOM, AUDIT",
            id="another name for a raw column that the table does not have",
        ),
        pytest.param(
            {
                "sdtm/ae.yaml": (
                    "      leave_out:",
                    "      beside: [{table: DM, on: {SUBJ: SUBJID}, fields: {BIRTH: BRTHDAT}}]\n      leave_out:",
                )
            },
            "raw table 'DM' has no column 'SUBJ'\n  where: sdtm/ae.yaml:1, AE\n  to do: did you mean 'SUBJID'?",
            id="a table beside that is joined by a column that it does not have",
        ),
        pytest.param(
            {
                "sdtm/dm.yaml": (
                    "sources: [AE.AESTDTC]",
                    "sources: [{dataset: AE, variable: AESTDTC, where: AESERIOUS EQ Y}]",
                )
            },
            "unknown variable 'AE.AESERIOUS'\n  where: sdtm/dm.yaml:10, DM.RFSTDTC\n  to do: did you mean 'AESER'?",
            id="a condition on related records that names an unknown variable",
        ),
        pytest.param(
            {
                "sdtm/dm.yaml": (
                    "sources: [AE.AESTDTC]",
                    "sources: [{dataset: AE, variable: AESTDTC, where: AESEQ EQ first}]",
                )
            },
            "'AESEQ EQ first': AESEQ is a number\n  where: sdtm/dm.yaml:10, DM.RFSTDTC\n"
            "  to do: compare it with a number, not 'first'",
            id="a condition on related records that compares a number with a text",
        ),
        pytest.param(
            {"sdtm/dm.yaml": ("  SEX: {coded_value: GENDER}\n", "  SEX: {coded_value: GENDR}\n")},
            "unknown field 'GENDR'\n  where: sdtm/dm.yaml:13, DM.SEX\n  to do: did you mean 'GENDER'?\n"
            "raw column 'GENDER' feeds no variable\n  where: raw.yaml:11, DM.GENDER\n"
            "  to do: map it, or say `not_submitted:` and why",
            id="a misspelt field leaves its column without a fate, and both are told",
        ),
    ],
)
def test_what_does_not_agree_is_told(told: Callable[[Changes], str], changes: Changes, message: str) -> None:
    assert told(changes) == message


def test_a_raw_table_with_a_reason_not_to_be_submitted_needs_none_for_its_columns(
    write: Callable[..., Path], read: Callable[[Path], Study]
) -> None:
    text = MEDICATION.replace("    columns", "    not_submitted: not coded yet\n    columns")
    study = read(write({"raw.yaml": ("tables:\n", text)}))
    assert study.raw["CM"].not_submitted == "not coded yet"


def test_a_dataset_needs_a_study_and_its_subjects(told: Callable[[Changes], str]) -> None:
    text = "dataset: AE\nkeys: [AETERM]\nrecords:\n  - raw_records: AE\nvariables:\n"
    rest = "  AETERM: {first_available: [raw.AETERM, raw.AESER, raw.AESTDAT, raw.AECOM]}\n"
    assert told(
        {"sdtm/ae.yaml": text + rest, "sdtm/dm.yaml": ("sources: [AE.AESTDTC]", "sources: [DM.BRTHDTC]")}
    ) == (
        "AE has no STUDYID\n  where: sdtm/ae.yaml:1, AE\n  to do: add STUDYID\n"
        "AE has no USUBJID\n  where: sdtm/ae.yaml:1, AE\n  to do: add USUBJID\n"
        "unknown variable 'AESTDTC'\n  where: checks/ae.yaml:1, AE_NO_DATE\n"
        "  to do: add it to AE, or name its dataset: DATASET.AESTDTC"
    )
