"""The study's own checks, of every kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from specs import Check
from validation.study_checks import study_faults
from validation.written import Written

SAID = {"message": "it is wrong", "to_do": "query the site", "why": "it matters"}
AE = {"USUBJID": ["1", "2"], "AESEQ": [1, 1]}
MEMBER = {"variables": ["AESEQ"], "dataset": "DM", "where": "SEX EQ F"}
ORDER = {"first": "AESEQ", "then": "DM.USUBJID", "where": "SEX EQ F"}


def found(
    tables: Any, study: Any, check: dict[str, Any], **datasets: dict[str, list[Any]]
) -> list[tuple[str, ...]]:
    """The keys and values of what one check, X, finds."""
    specified = {
        name: {"keys": ["USUBJID"], "variables": dict.fromkeys(each, "Char")}
        for name, each in datasets.items()
    }
    made = study({"datasets": specified, "checks": {"X": {**SAID, **check}}})
    written = Written(made, tables({name: {"records": each} for name, each in datasets.items()}))
    findings = [fault.finding for fault in study_faults(written)]
    assert {(each.code, each.severity, each.message, each.to_do) for each in findings} <= {
        ("X", check.get("severity", "error"), "it is wrong", "query the site")
    }
    return [(*(value for _, value in each.keys), each.value) for each in findings]


def test_never_finds_what_is_known_to_hold(tables: Any, study: Any) -> None:
    check = {"dataset": "AE", "variable": "AEOUT", "never": "AEOUT NE FATAL and AESDTH EQ Y"}
    records = {
        "USUBJID": ["1", "2", "3", "4"],
        "AEOUT": ["UNKNOWN", "FATAL", None, "UNKNOWN"],
        "AESDTH": ["Y", "Y", "Y", None],
    }
    assert found(tables, study, check, AE=records) == [("1", "UNKNOWN")]


def test_never_reads_the_subjects_only_record_elsewhere(tables: Any, study: Any) -> None:
    check = {"dataset": "AE", "variable": "AEOUT", "never": 'AEOUT EQ FATAL and DM.DTHFL EQ ""'}
    ae = {"USUBJID": ["1", "2", "3"], "AEOUT": ["FATAL", "FATAL", "UNKNOWN"]}
    dm = {"USUBJID": ["1", "2", "3"], "DTHFL": ["Y", None, None]}
    assert found(tables, study, check, AE=ae, DM=dm) == [("2", "FATAL")]


def test_where_chooses_the_records_that_are_looked_at(tables: Any, study: Any) -> None:
    check = {
        "dataset": "AE",
        "variable": "AEOUT",
        "where": "AESER EQ Y",
        "never": 'AEOUT EQ ""',
        "severity": "warning",
    }
    ae = {"USUBJID": ["1", "2", "3"], "AESER": ["Y", "N", None], "AEOUT": [None, None, None]}
    assert found(tables, study, check, AE=ae) == [("1", "")]


def test_order_compares_two_dates_of_a_record(tables: Any, study: Any) -> None:
    check = {"dataset": "AE", "variable": "AEENDTC", "order": {"first": "AESTDTC", "then": "AEENDTC"}}
    ae = {
        "USUBJID": ["1", "2", "3"],
        "AESTDTC": ["2015-03-10", "2015-03-10", "2015-03"],
        "AEENDTC": ["2015-03-09", "2015-03", "2015-03-01"],
    }
    assert found(tables, study, check, AE=ae) == [("1", "2015-03-09")]


def test_order_may_allow_some_days(tables: Any, study: Any) -> None:
    check = {
        "dataset": "AE",
        "variable": "AEENDTC",
        "order": {"first": "AESTDTC", "then": "AEENDTC", "days": 1},
    }
    ae = {
        "USUBJID": ["1", "2"],
        "AESTDTC": ["2015-03-10", "2015-03-11"],
        "AEENDTC": ["2015-03-09", "2015-03-09"],
    }
    assert found(tables, study, check, AE=ae) == [("2", "2015-03-09")]


def test_order_reads_chosen_records_of_another_dataset(tables: Any, study: Any) -> None:
    order = {"first": "EXSTDTC", "then": "DS.DSSTDTC", "where": 'DSSCAT EQ "STUDY TREATMENT"'}
    check = {"dataset": "EX", "variable": "EXSTDTC", "order": order}
    ex = {
        "USUBJID": ["1", "1", "2", "3"],
        "EXSTDTC": ["2015-03-10", "2015-03-12", "2015-03-12", "2015-03-12"],
    }
    ds = {
        "USUBJID": ["1", "1", "2", "3"],
        "DSSCAT": ["STUDY TREATMENT", "STUDY PARTICIPATION", None, "STUDY TREATMENT"],
        "DSSTDTC": ["2015-03-11", "2015-04-01", "2015-03-01", "2015-03"],
    }
    assert found(tables, study, check, EX=ex, DS=ds) == [("1", "2015-03-12")]


def test_of_several_records_the_latest_counts_as_the_second_date_and_an_unknown_one_allows_all(
    tables: Any, study: Any
) -> None:
    check = {"dataset": "EX", "variable": "EXSTDTC", "order": {"first": "EXSTDTC", "then": "DS.DSSTDTC"}}
    ex = {"USUBJID": ["1", "2", "3"], "EXSTDTC": ["2015-03-10", "2015-03-10", "2015-03-10"]}
    ds = {
        "USUBJID": ["1", "1", "2", "2", "3", "3"],
        "DSSTDTC": ["2015-03-01", "2015-03-11", "2015-03-01", "2015-03-09", "2015-03-01", None],
    }
    assert found(tables, study, check, EX=ex, DS=ds) == [("2", "2015-03-10")]


def test_of_several_records_the_earliest_counts_as_the_first_date(tables: Any, study: Any) -> None:
    check = {"dataset": "AE", "variable": "AESTDTC", "order": {"first": "DS.DSSTDTC", "then": "AESTDTC"}}
    ae = {"USUBJID": ["1", "2"], "AESTDTC": ["2015-03-10", "2015-03-10"]}
    ds = {
        "USUBJID": ["1", "1", "2", "2"],
        "DSSTDTC": ["2015-03-01", "2015-03-11", "2015-03-11", "2015-03-12"],
    }
    assert found(tables, study, check, AE=ae, DS=ds) == [("2", "2015-03-10")]


def test_member_asks_for_values_that_occur_together_elsewhere(tables: Any, study: Any) -> None:
    member = {"variables": ["USUBJID", "VISITNUM"], "dataset": "SV", "where": "SVOCCUR EQ Y"}
    check = {"dataset": "LB", "variable": "VISITNUM", "member": member}
    lb = {"USUBJID": ["1", "1", "2", "2"], "VISITNUM": [7, 8, 8, None]}
    sv = {
        "USUBJID": ["1", "1", "2", "2", "2"],
        "VISITNUM": [7, 8, 7, 8, 8],
        "SVOCCUR": ["Y", "N", "Y", "Y", "Y"],
    }
    assert found(tables, study, check, LB=lb, SV=sv) == [("1", "8")]


@pytest.mark.parametrize(
    "check, missing",
    [
        ({"dataset": "AE", "variable": "AEOUT", "never": "AEOUT EQ FATAL"}, "AEOUT"),
        ({"dataset": "AE", "variable": "AESEQ", "never": "AESEQ EQ 1 and DM.DTHFL EQ Y"}, "DM.DTHFL"),
        ({"dataset": "CM", "variable": "CMTRT", "never": 'CMTRT EQ ""'}, "CM"),
        ({"dataset": "AE", "variable": "AESEQ", "member": MEMBER}, "DM.AESEQ, DM.SEX"),
        ({"dataset": "AE", "variable": "AESEQ", "order": ORDER}, "DM.SEX"),
    ],
)
def test_a_check_that_cannot_run_is_a_finding(
    tables: Callable[..., Any], study: Callable[..., Any], check: dict[str, Any], missing: str
) -> None:
    made = study({"checks": {"X": {**SAID, **check}}})
    written = Written(made, tables({"AE": {"records": AE}, "DM": {"records": {"USUBJID": ["1"]}}}))
    (fault,) = study_faults(written)
    assert (fault.finding.code, fault.finding.severity, fault.finding.dataset) == (
        "CHECK_NOT_RUN",
        "warning",
        check["dataset"],
    )
    assert fault.finding.message == f"X could not run: the files do not hold {missing}"
    assert fault.finding.to_do == "write the variables that the check reads, or mend the check"


def test_a_check_knows_what_it_reads() -> None:
    order = {"first": "EXSTDTC", "then": "DS.DSSTDTC", "where": 'DSSCAT EQ "STUDY TREATMENT"'}
    check = Check(
        code="X", dataset="EX", variable="EXSEQ", where="EXDOSE GT 0 and DM.SEX EQ F", order=order, **SAID
    )
    assert list(check.reads()) == ["EXSEQ", "EXDOSE", "DM.SEX", "EXSTDTC", "DS.DSSTDTC", "DS.DSSCAT"]
    member = {"variables": ["USUBJID", "VISITNUM"], "dataset": "SV", "where": "SVOCCUR EQ Y"}
    check = Check(code="X", dataset="LB", variable="VISITNUM", member=member, **SAID)
    assert list(check.reads()) == ["VISITNUM", "USUBJID", "SV.USUBJID", "SV.VISITNUM", "SV.SVOCCUR"]


@pytest.mark.parametrize(
    "order, message",
    [
        (
            {"first": "AESTDTC", "then": "AEENDTC", "where": "AESER EQ Y"},
            "`where` chooses records of another dataset, and both dates stand on the record itself",
        ),
        (
            {"first": "DS.DSSTDTC", "then": "DM.RFSTDTC"},
            "the two dates stand in two other datasets: check one of those instead",
        ),
    ],
)
def test_an_order_that_cannot_be_meant_is_refused(order: dict[str, str], message: str) -> None:
    with pytest.raises(ValidationError) as error:
        Check(code="X", dataset="AE", variable="AESTDTC", order=order, **SAID)
    assert error.value.errors()[0]["msg"] == f"Value error, {message}"
