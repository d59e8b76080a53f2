"""A study folder becomes a Study; whatever is wrong with it is told with file and line, and with a remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import adam
import sdtm
from specs import Study, UserError, read_study

Changes = dict[str, tuple[str, str] | str | None]


def test_the_head_of_the_study(study: Study) -> None:
    assert (study.id, study.name, study.description, study.protocol) == (
        "ABC",
        "ABC-1",
        "A small study",
        "ABC-1",
    )
    assert study.synthetic is False
    assert study.subject_prefix == "ABC-"
    assert [(use.name, use.version, use.type, use.publishing_set) for use in study.standards["sdtm"]] == [
        ("SDTMIG", "3.4", "IG", ""),
        ("CDISC/NCI", "2025-09-26", "CT", "SDTM"),
    ]
    assert [(use.name, use.version) for use in study.standards["adam"]] == [
        ("ADaMIG", "1.3"),
        ("CDISC/NCI", "2025-09-26"),
    ]
    assert [(each.name, each.title, each.file) for each in study.documents] == [
        ("crf", "Annotated CRF", "acrf.pdf")
    ]


def test_the_files_that_were_read_are_named_for_the_manifest(study: Study) -> None:
    assert sorted(path.relative_to(study.folder).as_posix() for path in study.files) == [
        "adam/adsl.yaml",
        "checks/ae.yaml",
        "codelists.yaml",
        "raw.yaml",
        "sdtm/ae.yaml",
        "sdtm/dm.yaml",
        "study.yaml",
        "units.yaml",
    ]


def test_datasets_stand_in_the_order_of_submission(study: Study) -> None:
    assert list(study.datasets) == ["DM", "AE", "SUPPAE", "ADSL"]
    assert [dataset.name for dataset in study.sdtm] == ["DM", "AE", "SUPPAE"]
    assert [dataset.name for dataset in study.adam] == ["ADSL"]


def test_what_a_dataset_leaves_open_is_taken_from_the_standard(study: Study) -> None:
    events = study.datasets["AE"]
    assert (events.label, events.class_name, events.repeating) == ("Adverse Events", "EVENTS", True)
    assert events.structure == "One record per adverse event per subject"
    assert study.datasets["DM"].repeating is False
    term = events.by_name["AETERM"]
    assert (term.label, term.type, term.role, term.core) == (
        "Reported Term for the Adverse Event",
        "Char",
        "Topic",
        "Req",
    )
    assert events.topic is term
    assert term.line == "sdtm/ae.yaml:13"


def test_variables_stand_in_the_order_of_the_standard_with_the_non_standard_ones_behind(study: Study) -> None:
    assert [variable.name for variable in study.datasets["AE"].variables] == [
        "STUDYID", "DOMAIN", "USUBJID", "AESEQ", "AETERM", "AESER", "AESTDTC", "AESTDY", "AECOM",
    ]  # fmt: skip
    assert [variable.name for variable in study.datasets["AE"].nonstandard] == ["AECOM"]


def test_a_codelist_comes_from_the_variable_or_from_the_standard(study: Study) -> None:
    serious = study.datasets["AE"].by_name["AESER"]
    assert serious.codelist is study.codelists["NY"]
    assert serious.derivation.codelist is study.codelists["NY"]  # type: ignore[attr-defined]
    assert study.datasets["DM"].by_name["SITEID"].codelist is study.codelists["SITE"]


def test_codelists_are_cut_to_the_study_and_know_what_was_collected(study: Study) -> None:
    sex = study.codelists["SEX"]
    assert (sex.code, sex.label, sex.extensible, sex.version) == ("C66731", "Sex", False, "2025-09-26")
    assert sex.by_collected == {"F": "F", "Feminin": "F", "M": "M", "Masculin": "M"}
    assert sex.decodes == {"F": "Female", "M": "Male"}
    site = study.codelists["SITE"]
    assert (site.code, site.label, site.decodes) == ("", "Site", {"01": "Cochin", "02": "Mondor"})
    meddra = study.codelists["MEDDRA"]
    assert (meddra.dictionary, meddra.dictionary_version, meddra.terms) == ("MedDRA", "27.0", ())


def test_a_term_may_be_added_to_an_extensible_list(
    write: Callable[..., Path], read: Callable[[Path], Study]
) -> None:
    study = read(
        write(
            {
                "codelists.yaml": (
                    "NY:\n",
                    "EPOCH: {add: {INDUCTION: Induction}, synonyms: {INDUCTION: [I]}}\nNY:\n",
                )
            }
        )
    )
    terms = [(term.value, term.code, term.extended) for term in study.codelists["EPOCH"].terms]
    assert terms == [("SCREENING", "C202487", False), ("INDUCTION", "", True)]
    assert study.codelists["EPOCH"].by_collected["I"] == "INDUCTION"


def test_the_supplemental_qualifiers_follow_from_the_non_standard_variables(study: Study) -> None:
    supplement = study.datasets["SUPPAE"]
    assert supplement.label == "Supplemental Qualifiers for AE"
    assert [variable.name for variable in supplement.variables] == [
        "STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QLABEL", "QVAL", "QORIG", "QEVAL",
    ]  # fmt: skip
    (word,) = supplement.records
    assert word.model_dump() == {
        "dataset": "AE",
        "qualifiers": {"AECOM": {"label": "Comment", "origin": "Collected", "evaluator": "INVESTIGATOR"}},
    }


def test_raw_tables_units_and_checks(study: Study) -> None:
    assert study.register is study.raw["DM"]
    assert study.raw["AE"].columns["AUDIT"].not_submitted == "audit trail of the EDC"
    assert (study.raw["AE"].line, study.raw["AE"].columns["AETERM"].line) == ("raw.yaml:13", "raw.yaml:19")
    assert study.conversions["laboratory"].tests["HGB"].factor("g/dL") == 10
    (check,) = study.checks
    assert (check.code, check.severity, check.line) == ("AE_NO_DATE", "error", "checks/ae.yaml:1")


def test_a_single_argument_may_be_written_without_its_name(study: Study) -> None:
    assert study.datasets["AE"].by_name["AESTDY"].derivation.model_dump() == {
        "date": "AESTDTC",
        "reference": "DM.RFSTDTC",
    }


def test_the_method_of_a_variable_is_that_of_its_word_with_its_condition(study: Study) -> None:
    assert study.datasets["AE"].by_name["AESTDY"].method == (
        "AESTDY = AESTDTC - DM.RFSTDTC + 1 when AESTDTC is on or after DM.RFSTDTC, else AESTDTC - DM.RFSTDTC. "
        "Missing unless both dates are complete. Only where AESER EQ Y."
    )


def test_a_folder_that_is_no_study_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        read_study(tmp_path / "nowhere", {"sdtm": sdtm.VOCABULARY, "adam": adam.VOCABULARY})
    assert str(refused.value) == (
        f"no study at '{tmp_path / 'nowhere'}'\n  where: {tmp_path / 'nowhere'}\n"
        "  to do: name a folder that holds study.yaml, or the id of a shipped study"
    )


def test_all_problems_of_all_files_are_told_together(told: Callable[[Changes], str]) -> None:
    assert told(
        {
            "study.yaml": ("protocol: ABC-1\n", ""),
            "raw.yaml": ("type: date}\n      AECOM", "type: day}\n      AECOM"),
            "codelists.yaml": ("terms: [F, M]", "terms: [F, M, X]"),
            "sdtm/dm.yaml": ("{coded_value: GENDER}", "{codedvalue: GENDER}"),
            "sdtm/ae.yaml": ("{study_day: AESTDTC, where: AESER EQ Y}", "{study_day: {dat: AESTDTC}}"),
            "checks/ae.yaml": ("  to_do: query the site\n", ""),
        }
    ).split("\n") == [
        "argument 'protocol' is missing",
        "  where: study.yaml:1",
        "  to do: add `protocol:`",
        "'columns.AESTDAT.type' cannot be 'day'",
        "  where: raw.yaml:21, AE",
        "  to do: use 'text', 'integer', 'number' or 'date'",
        "'X' is no term of C66731",
        "  where: codelists.yaml:2, SEX",
        "  to do: put it under `add:`",
        "argument 'date' is missing",
        "  where: sdtm/ae.yaml:16, AE.AESTDY",
        "  to do: add `date:`",
        "unknown argument 'dat'",
        "  where: sdtm/ae.yaml:16, AE.AESTDY",
        "  to do: did you mean 'date'?",
        "unknown derivation 'codedvalue'",
        "  where: sdtm/dm.yaml:13, DM.SEX",
        "  to do: did you mean 'coded_value'?",
        "argument 'to_do' is missing",
        "  where: checks/ae.yaml:1, AE_NO_DATE",
        "  to do: add `to_do:`",
    ]


CASES = YAML(typ="safe").load(Path(__file__).with_name("refusals.yaml"))["cases"]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_what_is_told(told: Callable[[Changes], str], case: dict[str, Any]) -> None:
    changes = {
        each["file"]: each["text"] if "text" in each else (each["from"], each["to"])
        for each in case["changes"]
    }
    assert told(changes) == case["told"].rstrip("\n")
