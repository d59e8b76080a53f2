"""Adverse events by preferred term: literal AE, literal bars."""

from __future__ import annotations

from collections.abc import Callable

import lxml.etree

from exchange import Table
from validation.report.charts.adverse_events import adverse_events

Tables = Callable[[str, str], dict[str, Table]]


def test_subject_counts_once_at_its_worst(datasets: dict[str, Table]) -> None:
    figure = adverse_events(datasets)
    assert (
        figure.caption == "5 events in 2 subjects of 2 with exposure, 2 preferred terms. 1 event not coded."
    )
    assert figure.columns == (
        *("Preferred term", "Subjects", "Share", "Events"),
        *(
            "worst severity: MILD",
            "worst severity: MODERATE",
            "worst severity: SEVERE",
            "worst severity: not given",
        ),
    )
    assert figure.rows == (
        ("Headache", "2", "100 %", "3", "0", "1", "1", "0"),
        ("(not coded)", "1", "50 %", "1", "0", "0", "0", "1"),
        ("Cough", "1", "50 %", "1", "1", "0", "0", "0"),
    )


def test_bars_are_as_long_as_their_numbers(datasets: dict[str, Table]) -> None:
    drawing = lxml.etree.fromstring(str(adverse_events(datasets).drawing))
    bars = {
        each.find("title").text: [
            (rect.get("x"), rect.get("width"), rect.get("fill")) for rect in each.findall("rect")
        ]
        for each in drawing.findall("g")
        if each.find("title") is not None
    }
    # 0 to 2 subjects lie between 268 and 742: 237 a subject, one unit of it left white
    assert bars == {
        "Headache: 2 subjects (1 MODERATE, 1 SEVERE), 3 events": [
            ("268", "236", "#e9833a"),
            ("505", "236", "#8f2d00"),
        ],
        "(not coded): 1 subject (1 not given), 1 event": [("268", "236", "#aab2bc")],
        "Cough: 1 subject (1 MILD), 1 event": [("268", "236", "#fdd49e")],
    }


def test_grades_are_taken_where_there_is_no_severity(written_out: Tables) -> None:
    figure = adverse_events(
        written_out(
            "AE",
            """
            USUBJID AEDECOD AESEV AETOXGR
            A       Rash    .     1
            A       Rash    .     3
            B       Rash    .     2
            """,
        )
    )
    assert figure.caption == "3 events in 2 subjects of 2 in AE, 1 preferred term."
    assert figure.columns[4:] == ("worst grade: 2", "worst grade: 3")
    assert figure.rows == (("Rash", "2", "100 %", "3", "1", "1"),)


def test_severity_beyond_the_usual_ones_stands_last(written_out: Tables) -> None:
    figure = adverse_events(
        written_out("AE", "USUBJID AEDECOD AESEV\nA Rash MILD\nB Rash Leger\nC Rash SEVERE")
    )
    assert figure.columns[4:] == ("worst severity: MILD", "worst severity: SEVERE", "worst severity: Leger")
    assert figure.rows == (("Rash", "3", "100 %", "3", "1", "1", "1"),)


def test_without_exposure_the_share_is_of_dm(written_out: Tables) -> None:
    ae = written_out("AE", "USUBJID AEDECOD\nA Rash")
    dm = written_out("DM", "USUBJID\nA\nB\nC")
    figure = adverse_events({**ae, **dm})
    assert figure.caption == "1 event in 1 subject of 3 in DM, 1 preferred term."
    assert figure.rows == (("Rash", "1", "33 %", "1", "1"),)


def test_twenty_commonest_terms_are_shown(written_out: Tables) -> None:
    lines = [f"S{n} Term{term:02}" for term in range(25) for n in range(term + 1)]
    figure = adverse_events(written_out("AE", "\n".join(["USUBJID AEDECOD", *lines])))
    assert figure.caption == (
        "325 events in 25 subjects of 25 in AE, 25 preferred terms. Shown are the 20 that most subjects had."
    )
    assert [row[0] for row in figure.rows] == [f"Term{term:02}" for term in range(24, 4, -1)]


def test_absent_where_ae_or_its_terms_are(written_out: Tables) -> None:
    assert adverse_events({}).absent == "There is no dataset AE in this build."
    assert adverse_events(written_out("AE", "USUBJID AETERM\nA rash")).absent == "AE has no AEDECOD."
    assert adverse_events(written_out("AE", "USUBJID AEDECOD")).absent == "AE has no records."
