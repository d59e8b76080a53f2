"""Great Expectations on small tables, offline."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from exchange import NUMBER, TEXT
from specs import Records, sources_of
from validation.expectations import dataset_suites, raw_suites, run, write_results
from validation.expectations.faults import dataset_faults, raw_columns, raw_faults, result_of
from validation.written import Written

SAID = {"message": "it is wrong", "to_do": "query the site"}
VARIABLES = {
    "STUDYID": {"type": "Char", "core": "Req"},
    "USUBJID": {"type": "Char", "core": "Req"},
    "AESEQ": {"type": "Num"},
    "AETERM": {"type": "Char"},
    "AESEV": {
        "type": "Char",
        "codelist": {"name": "AESEV", "terms": [{"value": "MILD"}, {"value": "SEVERE"}]},
    },
    "AESTDTC": {"type": "Char"},
    "AEENDTC": {"type": "Char"},
    "AEDOSE": {"type": "Num"},
}
CHECKS = {
    "AE_END_BEFORE_START": {
        "dataset": "AE",
        "variable": "AEENDTC",
        "order": {"first": "AESTDTC", "then": "AEENDTC"},
        **SAID,
    },
    "DOSE_NOT_PLANNED": {"dataset": "AE", "variable": "AEDOSE", "never": "AEDOSE NE 1", **SAID},
}
GOOD = {
    "STUDYID": ["NCT1", "NCT1"],
    "USUBJID": ["1", "2"],
    "AESEQ": [1, 1],
    "AETERM": ["Headache", None],
    "AESEV": ["MILD", None],
    "AESTDTC": ["2015-03-10", None],
    "AEENDTC": ["2015-03", None],
    "AEDOSE": [1, None],
}

FIRST = {"USUBJID": "1", "AESEQ": "1"}
LONG = "x" * 201


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*arguments: Any) -> None:
        raise AssertionError("something wanted to talk to the network")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)


@pytest.fixture
def ae(study: Any) -> Any:
    keys = ["STUDYID", "USUBJID", "AESEQ"]
    return study({"datasets": {"AE": {"keys": keys, "variables": VARIABLES}}, "checks": CHECKS})


def judged(ae: Any, tables: Any, records: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    written = Written(ae, tables({"AE": {"records": records}}))
    outcomes = run(dataset_suites(ae), {"AE": written.datasets["AE"].records})
    results = {(each.column, each.code): each for each in map(result_of, outcomes)}
    return [fault.finding for each in outcomes for fault in dataset_faults(each, written)], results


def test_good_records_meet_every_expectation(ae: Any, tables: Any) -> None:
    findings, results = judged(ae, tables, GOOD)
    assert findings == []
    assert len(results) == 21
    assert all(result.success for result in results.values())
    assert {result.records for result in results.values()} == {2}
    assert os.environ["GX_ANALYTICS_ENABLED"] == "False"


@pytest.mark.parametrize(
    "change, code, variable, keys, value, message",
    [
        ({"USUBJID": ["1", None]}, "REQUIRED_MISSING", "USUBJID", {"AESEQ": "1"}, "", "USUBJID is missing"),
        (
            {"AESEV": ["mild", None]},
            "TERM_NOT_IN_CODELIST",
            "AESEV",
            FIRST,
            "mild",
            "AESEV is no term of AESEV",
        ),
        (
            {"AETERM": [LONG, None]},
            "VALUE_TOO_LONG",
            "AETERM",
            FIRST,
            LONG,
            "AETERM has more than 200 characters",
        ),
        ({"AEENDTC": ["2015-02", None]}, "AE_END_BEFORE_START", "AEENDTC", FIRST, "2015-02", "it is wrong"),
        (
            {"AEDOSE": [1, 2]},
            "DOSE_NOT_PLANNED",
            "AEDOSE",
            {"USUBJID": "2", "AESEQ": "1"},
            "2",
            "it is wrong",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isupper() else "",
)
def test_a_record_that_does_not_meet_an_expectation_is_a_finding(
    ae: Any, tables: Any, change: Any, code: str, variable: str, keys: Any, value: str, message: str
) -> None:
    (finding,), results = judged(ae, tables, {**GOOD, **change})
    assert (finding.code, finding.variable, finding.value, finding.message) == (
        code,
        variable,
        value,
        message,
    )
    assert dict(finding.keys) == keys
    result = results[variable, code]
    assert (result.success, result.records, result.unexpected_count) == (False, 2, 1)
    assert sum(not each.success for each in results.values()) == 1


def test_records_with_the_same_keys_are_findings_each(ae: Any, tables: Any) -> None:
    findings, results = judged(ae, tables, {**GOOD, "USUBJID": ["1", "1"]})
    assert [(each.code, each.keys) for each in findings] == [
        ("KEYS_REPEATED", (("USUBJID", "1"), ("AESEQ", "1")))
    ] * 2
    assert results["", "KEYS_REPEATED"].unexpected_count == 2


def test_a_variable_of_another_type_is_one_finding(ae: Any, tables: Any) -> None:
    (finding,), results = judged(ae, tables, {**GOOD, "AESEQ": ["1", "2"]})
    assert (finding.code, finding.variable, finding.keys) == ("TYPE_DIFFERS", "AESEQ", ())
    assert finding.message == "AESEQ is not numeric in the file"
    assert results["AESEQ", "TYPE_DIFFERS"].unexpected_count == 0


def test_the_order_of_variables_is_one_finding(ae: Any, tables: Any) -> None:
    (finding,), _ = judged(ae, tables, dict(reversed(GOOD.items())))
    assert (finding.code, finding.variable) == ("VARIABLE_ORDER", "")
    assert finding.message == "the variables do not stand in the order of the specification"


def test_expectations_about_a_missing_variable_are_not_met_and_left_to_the_check_for_it(
    ae: Any, tables: Any
) -> None:
    findings, results = judged(
        ae, tables, {name: values for name, values in GOOD.items() if name != "AEENDTC"}
    )
    assert findings == []
    assert sorted(place for place, result in results.items() if not result.success) == [
        ("", "VARIABLE_ORDER"),
        ("AEENDTC", "AE_END_BEFORE_START"),
        ("AEENDTC", "TYPE_DIFFERS"),
        ("AEENDTC", "VALUE_TOO_LONG"),
    ]


def test_an_empty_dataset_and_one_without_values_meet_what_speaks_of_values(ae: Any, tables: Any) -> None:
    data = {
        name: pd.array([], dtype=NUMBER if each["type"] == "Num" else TEXT)
        for name, each in VARIABLES.items()
    }
    assert all(outcome.success for outcome in run(dataset_suites(ae), {"AE": pd.DataFrame(data)}))
    nothing = {
        **GOOD,
        "AETERM": [None, None],
        "AESEV": [None, None],
        "AESTDTC": [None, None],
        "AEENDTC": [None, None],
    }
    assert judged(ae, tables, nothing)[0] == []


def test_a_dataset_without_a_file_has_no_results(ae: Any) -> None:
    assert run(dataset_suites(ae), {}) == ()


def test_an_unmet_expectation_about_a_raw_table_names_the_cell_of_the_export(study: Any) -> None:
    columns = {"SUBJID": {"required": True}, "SEX": {"values": ["Feminin"]}, "WEIGHT": {"type": "number"}}
    contract = {"file": "edc.zip/DM.csv", "format": "csv", "keys": ["SUBJID"], "columns": columns}
    made = study({"raw": {"DM": contract}})
    data = {"SUBJID": ["01-001", "01-002"], "SEX": ["Feminin", "Inconnu"], "WEIGHT": ["7O.5 kg", "70,5"]}
    frame = pd.DataFrame({f"raw.{name}": pd.array(values, dtype=TEXT) for name, values in data.items()})
    frame = frame.assign(**{"raw.@SUBJECT": frame["raw.SUBJID"], "raw.@TABLE": "DM"})
    rows = np.array([0, 2], dtype=np.int64)
    lines = np.array([2, 3, 5], dtype=np.int64)
    raw = {"raw.DM": Records(frame, sources_of("raw.DM", rows), file="edc.zip/DM.csv", lines=lines)}
    outcomes = run(raw_suites(made), {"raw.DM": raw_columns(made.raw["DM"], raw["raw.DM"])})
    findings = [fault.finding for each in outcomes for fault in raw_faults(each, made, raw)]
    assert [
        (each.code, each.dataset, each.variable, each.keys, each.value, each.origin) for each in findings
    ] == [
        ("RAW_VALUE_NOT_ALLOWED", "DM", "SEX", (("SUBJID", "01-002"),), "Inconnu", "edc.zip/DM.csv:5:SEX"),
        ("RAW_TYPE", "DM", "WEIGHT", (("SUBJID", "01-001"),), "7O.5 kg", "edc.zip/DM.csv:2:WEIGHT"),
    ]
    assert [each.message for each in findings] == [
        "the value is not one of those allowed",
        "the value is no number",
    ]


def test_results_are_kept_as_json(ae: Any, tables: Any, tmp_path: Path) -> None:
    _, results = judged(ae, tables, {**GOOD, "AESEV": ["mild", None]})
    wanted = [results["USUBJID", "REQUIRED_MISSING"], results["AESEV", "TERM_NOT_IN_CODELIST"]]
    write_results(wanted, tmp_path / "expectations" / "results.json")
    assert (
        (tmp_path / "expectations" / "results.json").read_text(encoding="utf-8")
        == """\
{
  "expected": 2,
  "met": 1,
  "results": [
    {
      "dataset": "AE",
      "expectation": "expect_column_values_to_not_be_null",
      "column": "USUBJID",
      "meaning": "USUBJID is never missing",
      "code": "REQUIRED_MISSING",
      "success": true,
      "records": 2,
      "unexpected_count": 0
    },
    {
      "dataset": "AE",
      "expectation": "expect_column_values_to_be_in_set",
      "column": "AESEV",
      "meaning": "AESEV holds terms of AESEV",
      "code": "TERM_NOT_IN_CODELIST",
      "success": false,
      "records": 2,
      "unexpected_count": 1
    }
  ]
}
"""
    )
