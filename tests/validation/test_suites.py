"""Suites made from a specification, against literal expectations."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from validation.expectations import Expectation, dataset_suites, raw_suites

SAID = {"message": "it is wrong", "to_do": "query the site"}


def shown(expectation: Expectation) -> tuple[str, str, dict[str, Any], str]:
    return expectation.name, expectation.column, dict(expectation.arguments), expectation.described.code


def test_a_dataset_has_a_suite_of_its_variables_keys_and_checks(study: Any) -> None:
    sex = {"name": "SEX", "terms": [{"value": "F"}, {"value": "M"}]}
    variables = {
        "USUBJID": {"type": "Char", "core": "Req"},
        "SEX": {"type": "Char", "codelist": sex},
        "AGE": {"type": "Num"},
        "RFSTDTC": {"type": "Char"},
        "RFENDTC": {"type": "Char"},
    }
    checks = {
        "AGE_RANGE": {"dataset": "DM", "variable": "AGE", "never": "AGE LT 18 or AGE GE 100", **SAID},
        "ORDER": {
            "dataset": "DM",
            "variable": "RFENDTC",
            "order": {"first": "RFSTDTC", "then": "RFENDTC"},
            **SAID,
        },
    }
    given = {"datasets": {"DM": {"keys": ["STUDYID", "USUBJID"], "variables": variables}}, "checks": checks}
    (suite,) = dataset_suites(study(given))
    assert suite.dataset == "DM"
    length, kind = "ExpectColumnValueLengthsToBeBetween", "ExpectColumnValuesToBeOfType"
    assert [shown(each) for each in suite.expectations] == [
        ("ExpectTableColumnsToMatchOrderedList", "", {"column_list": list(variables)}, "VARIABLE_ORDER"),
        (kind, "USUBJID", {"column": "USUBJID", "type_": "str"}, "TYPE_DIFFERS"),
        (length, "USUBJID", {"column": "USUBJID", "max_value": 200}, "VALUE_TOO_LONG"),
        ("ExpectColumnValuesToNotBeNull", "USUBJID", {"column": "USUBJID"}, "REQUIRED_MISSING"),
        (kind, "SEX", {"column": "SEX", "type_": "str"}, "TYPE_DIFFERS"),
        (length, "SEX", {"column": "SEX", "max_value": 200}, "VALUE_TOO_LONG"),
        (
            "ExpectColumnValuesToBeInSet",
            "SEX",
            {"column": "SEX", "value_set": ["F", "M"]},
            "TERM_NOT_IN_CODELIST",
        ),
        (kind, "AGE", {"column": "AGE", "type_": "float64"}, "TYPE_DIFFERS"),
        (kind, "RFSTDTC", {"column": "RFSTDTC", "type_": "str"}, "TYPE_DIFFERS"),
        (length, "RFSTDTC", {"column": "RFSTDTC", "max_value": 200}, "VALUE_TOO_LONG"),
        (kind, "RFENDTC", {"column": "RFENDTC", "type_": "str"}, "TYPE_DIFFERS"),
        (length, "RFENDTC", {"column": "RFENDTC", "max_value": 200}, "VALUE_TOO_LONG"),
        (
            "ExpectCompoundColumnsToBeUnique",
            "",
            {"column_list": ["STUDYID", "USUBJID"], "ignore_row_if": "never"},
            "KEYS_REPEATED",
        ),
        (
            "ExpectColumnValuesToBeBetween",
            "AGE",
            {"column": "AGE", "min_value": 18.0, "max_value": 100.0, "strict_max": True},
            "AGE_RANGE",
        ),
        (
            "ExpectColumnPairDatesToBeInOrder",
            "RFENDTC",
            {"column_A": "RFSTDTC", "column_B": "RFENDTC", "days": 0},
            "ORDER",
        ),
    ]
    assert [each.meaning for each in suite.expectations if each.column == "SEX"] == [
        "SEX is text",
        "SEX has at most 200 characters",
        "SEX holds terms of SEX",
    ]


@pytest.mark.parametrize(
    "never, bounds",
    [
        ("AGE LT 18", {"min_value": 18.0}),
        ("AGE LE 18", {"min_value": 18.0, "strict_min": True}),
        ("AGE GT 99", {"max_value": 99.0}),
        ("AGE NE 1", {"min_value": 1.0, "max_value": 1.0}),
    ],
)
def test_a_range_of_one_number_is_an_expectation(study: Any, never: str, bounds: dict[str, Any]) -> None:
    check = {"dataset": "DM", "variable": "AGE", "never": never, **SAID}
    (suite,) = dataset_suites(
        study({"datasets": {"DM": {"variables": {"AGE": "Num"}}}, "checks": {"X": check}})
    )
    assert dict(suite.expectations[-1].arguments) == {"column": "AGE", **bounds}


@pytest.mark.parametrize(
    "check",
    [
        {"never": 'AGE EQ ""'},
        {"never": 'AGE NE ""'},
        {"never": "AGE LT 18 and AGE GT 3"},
        {"never": "AGE LT 18 or AGE LT 20"},
        {"never": "AGE LT 18 or SEX EQ F"},
        {"never": "AGE IN (1, 2)"},
        {"never": "AGE LT 18", "where": "SEX EQ F"},
        {"never": "DM.AGE LT 18"},
        {"order": {"first": "RFSTDTC", "then": "DS.DSSTDTC"}},
        {"member": {"variables": ["AGE"], "dataset": "DS"}},
    ],
)
def test_what_is_no_plain_range_or_order_is_left_to_the_checks(study: Any, check: dict[str, Any]) -> None:
    variables = {"AGE": "Num", "SEX": "Char", "RFSTDTC": "Char"}
    checks = {"X": {"dataset": "DM", "variable": "AGE", **SAID, **check}}
    (suite,) = dataset_suites(study({"datasets": {"DM": {"variables": variables}}, "checks": checks}))
    assert {each.described.code for each in suite.expectations} == {
        "VARIABLE_ORDER",
        "TYPE_DIFFERS",
        "VALUE_TOO_LONG",
    }


def test_a_codelist_binds_numbers_as_numbers_and_not_where_it_is_external(study: Any) -> None:
    variables = {
        "AVISITN": {
            "type": "Num",
            "codelist": {"name": "AVISITN", "terms": [{"value": "1"}, {"value": "2.5"}]},
        },
        "AEDECOD": {"type": "Char", "codelist": {"name": "MEDDRA", "dictionary": "MedDRA"}},
        "LBSTRESC": {"type": "Char", "codelist": {"name": "LBSTRESC", "terms": [{"value": "POSITIVE"}]}},
        "ODD": {"type": "Num", "codelist": {"name": "NY", "terms": [{"value": "Y"}]}},
    }
    (suite,) = dataset_suites(study({"datasets": {"XX": {"variables": variables}}}))
    sets = [shown(each)[1:3] for each in suite.expectations if each.name == "ExpectColumnValuesToBeInSet"]
    assert sets == [("AVISITN", {"column": "AVISITN", "value_set": [1.0, 2.5]})]


def test_in_adam_only_identifiers_and_parameters_are_never_missing(study: Any) -> None:
    variables = {
        name: {"type": "Char", "core": "Req"} for name in ("STUDYID", "USUBJID", "PARAMCD", "TRT01P")
    }
    (suite,) = dataset_suites(study({"datasets": {"ADXX": {"model": "adam", "variables": variables}}}))
    required = [each.column for each in suite.expectations if each.described.code == "REQUIRED_MISSING"]
    assert required == ["STUDYID", "USUBJID", "PARAMCD"]


def test_a_raw_table_has_a_suite_of_its_contract(study: Any) -> None:
    columns = {
        "SUBJID": {"required": True},
        "SEX": {"values": ["Feminin", "Masculin"]},
        "WEIGHT": {"type": "number"},
    }
    raw = {"DM": {"file": "DM.csv", "format": "csv", "keys": ["SUBJID"], "columns": columns}}
    (suite,) = raw_suites(study({"raw": raw}))
    assert suite.dataset == "raw.DM"
    assert [shown(each) for each in suite.expectations] == [
        (
            "ExpectTableColumnsToMatchOrderedList",
            "",
            {"column_list": ["SUBJID", "SEX", "WEIGHT"]},
            "RAW_COLUMNS",
        ),
        ("ExpectColumnValuesToNotBeNull", "SUBJID", {"column": "SUBJID"}, "RAW_REQUIRED_MISSING"),
        (
            "ExpectColumnValuesToBeInSet",
            "SEX",
            {"column": "SEX", "value_set": ["Feminin", "Masculin"]},
            "RAW_VALUE_NOT_ALLOWED",
        ),
        (
            "ExpectColumnValuesToMatchRegex",
            "WEIGHT",
            {"column": "WEIGHT", "regex": r"\A(?:[+-]?\d+(?:[.,]\d+)?)\Z"},
            "RAW_TYPE",
        ),
        ("ExpectColumnValuesToBeUnique", "SUBJID", {"column": "SUBJID"}, "RAW_KEY_REPEATED"),
    ]


def test_great_expectations_is_imported_when_it_is_needed_and_leaves_the_process_as_it_was() -> None:
    program = """
import sys, warnings
shown_by = warnings.showwarning
import validation, validation.expectations
print("great_expectations" in sys.modules)
validation.expectations.run((), {})
print("great_expectations" in sys.modules, warnings.showwarning is shown_by)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "True"]
    assert done.stderr == ""
