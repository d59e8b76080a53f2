"""The findings as the page lists them: what they are about, their order, and the data in the page."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from engine import Finding
from exchange import Table
from specs import Study
from validation.report.embedded import embedded, safe_json
from validation.report.placed import Placed, placed


def test_findings_are_ordered_and_know_subject_and_site(
    study: Study, datasets: dict[str, Table], findings: list[Finding]
) -> None:
    listed = [
        (each.dataset, each.finding.severity, each.finding.code, each.subject, each.site)
        for each in placed(findings, study, datasets)
    ]
    assert listed == [
        ("DM", "notice", "PARTIAL", "XY-1-02-001", "02"),
        ("AE", "error", "END_BEFORE_START", "XY-1-01-001", "01"),
        ("AE", "warning", "NOT_CODED", "XY-1-01-001", "01"),
        ("AE", "warning", "NOT_CODED", "XY-1-09-009", ""),
        ("AE", "notice", "PARTIAL", "XY-1-01-001", "01"),
        ("AE", "notice", "PARTIAL", "XY-1-02-001", "02"),
        ("raw.AE", "error", "RAW_TYPE", "XY-1-01-001", "01"),
        ("raw.LAB", "error", "RAW_TYPE", "XY-1-01-002", "01"),
    ]


def raw_finding(dataset: str, variable: str, value: str, origin: str, *keys: tuple[str, str]) -> Finding:
    return Finding("RAW_TYPE", "error", dataset, variable, keys, value, "wrong", "mend it", origin)


@pytest.mark.parametrize(
    ("finding", "dataset", "subject", "site"),
    [
        pytest.param(
            raw_finding("LAB", "PATIENT", "1/2", "lab.csv:3:PATIENT"),
            *("raw.LAB", "XY-1-01-002", "01"),
            id="the subject's number may itself be the finding",
        ),
        pytest.param(
            raw_finding("LAB", "PATIENT", "nobody", "lab.csv:3:PATIENT"),
            *("raw.LAB", "nobody", ""),
            id="a number that does not fit stays as it stands",
        ),
        pytest.param(
            raw_finding("LAB", "RESULT", "x", "lab.csv:3:RESULT", ("PATIENT", "02-001")),
            *("raw.LAB", "XY-1-02-001", "02"),
            id="a number may stand as the study writes it",
        ),
        pytest.param(
            raw_finding("raw.AE", "AGE", "x", "", ("SUBJECT", "1-2")),
            *("raw.AE", "XY-1-01-002", "01"),
            id="a raw table may be named as such",
        ),
        pytest.param(
            raw_finding("AE", "AESEQ", "1", "edc.zip/AE.csv:3:TERM", ("USUBJID", "XY-1-01-001")),
            *("AE", "XY-1-01-001", "01"),
            id="a record of a dataset has USUBJID",
        ),
        pytest.param(
            raw_finding("AE", "", "", ""),
            *("AE", "", ""),
            id="a finding about a whole dataset has no subject",
        ),
        pytest.param(
            raw_finding("AE", "", "", "", ("SITEID", "07")),
            *("AE", "", "07"),
            id="a site may be a key",
        ),
    ],
)
def test_what_a_finding_is_about(
    study: Study, datasets: dict[str, Table], finding: Finding, dataset: str, subject: str, site: str
) -> None:
    (found,) = placed([finding], study, datasets)
    assert (found.dataset, found.subject, found.site) == (dataset, subject, site)


def test_subject_prefix_of_the_study_is_used(
    study: Study, datasets: dict[str, Table], findings: list[Finding]
) -> None:
    other = study.model_copy(update={"subject_prefix": "SPONSOR."})
    (found,) = placed([raw_finding("LAB", "PATIENT", "1/2", "lab.csv:3:PATIENT")], other, datasets)
    assert found.subject == "SPONSOR.01-002"


def test_data_in_the_page_hold_each_text_once(
    study: Study, datasets: dict[str, Table], findings: list[Finding]
) -> None:
    data = json.loads(embedded(placed(findings, study, datasets)))
    assert data["findings"] == 8
    assert data["coded"]["dataset"] == {
        "terms": ["DM", "AE", "raw.AE", "raw.LAB"],
        "index": [0, 1, 1, 1, 1, 1, 2, 3],
    }
    assert data["coded"]["severity"] == {
        "terms": ["error", "warning", "notice"],
        "index": [2, 0, 1, 1, 2, 2, 0, 0],
    }
    assert data["coded"]["key_names"]["terms"] == [
        ["USUBJID"],
        ["USUBJID", "AESEQ"],
        ["SUBJECT"],
        ["PATIENT", "TEST"],
    ]
    assert data["plain"]["key_values"][1] == ["XY-1-01-001", "2"]
    assert data["plain"]["origin"][1] == "edc.zip/AE.csv:7:AEENDAT"
    assert data["plain"]["count"] == [1] * 8


def test_of_too_many_findings_the_gravest_are_listed(
    study: Study, datasets: dict[str, Table], findings: list[Finding]
) -> None:
    data = json.loads(embedded(placed(findings, study, datasets), most=4))
    listed = [data["coded"]["severity"]["terms"][each] for each in data["coded"]["severity"]["index"]]
    assert listed == ["error", "warning", "error", "error"]


def test_no_sign_of_a_tag_is_left_in_the_data() -> None:
    text = "</script><!--<script>]]>&amp;\u2028\u2029é"
    written = safe_json({"value": text})
    assert written == (
        '{"value":"\\u003c/script\\u003e\\u003c!--\\u003cscript\\u003e]]\\u003e\\u0026amp;\\u2028\\u2029é"}'
    )
    assert json.loads(written) == {"value": text}


def test_order_does_not_depend_on_what_comes_first(
    study: Study, datasets: dict[str, Table], findings: list[Finding]
) -> None:
    many = [replace(each, value=str(at)) for at in range(500) for each in findings]

    def order(given: list[Placed]) -> list[tuple[str, str]]:
        return [(each.finding.code, each.finding.value) for each in given]

    assert order(placed(many, study, datasets)) == order(placed(many[::-1], study, datasets))
