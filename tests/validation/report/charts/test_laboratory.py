"""Laboratory results outside the normal range: literal LB, literal cells."""

from __future__ import annotations

from collections.abc import Callable

import lxml.etree

from exchange import Table
from validation.report.charts.laboratory import laboratory

Tables = Callable[[str, str], dict[str, Table]]


def test_share_of_results_by_test_and_visit(datasets: dict[str, Table]) -> None:
    figure = laboratory(datasets)
    assert figure.caption == "5 of 7 results with LBNRIND are outside the range (71.4 %): 2 low, 3 high."
    assert figure.columns == ("Test", "Category", "DAY 1", "DAY 8", "Unscheduled")
    assert figure.rows == (
        ("ALT", "CHEMISTRY", "1 high of 2", "1 high of 1", ""),
        ("HGB", "HEMATOLOGY", "2 low of 3", "", "1 high of 1"),
    )


def test_cells_carry_shade_and_percent(datasets: dict[str, Table]) -> None:
    drawing = lxml.etree.fromstring(str(laboratory(datasets).drawing))
    cells = {
        each.find("title").text: (
            [rect.get("fill") for rect in each.findall("rect")[:2]],
            [text.text for text in each.findall("text")],
        )
        for each in drawing.findall("g")
        if each.find("title") is not None
    }
    assert cells == {
        "ALT, DAY 1: 1 high of 2": (["#ffffff", "#d9580b"], ["50"]),
        "ALT, DAY 8: 1 high of 1": (["#ffffff", "#8c2d04"], ["100"]),
        "HGB, DAY 1: 2 low of 3": (["#084a91", "#ffffff"], ["67"]),
        "HGB, Unscheduled: 1 high of 1": (["#ffffff", "#8c2d04"], ["100"]),
    }
    assert len(drawing.findall("circle")) == 2


def test_visits_stand_in_the_order_of_visitnum(written_out: Tables) -> None:
    figure = laboratory(
        written_out(
            "LB",
            """
            LBTESTCD LBNRIND VISITNUM VISIT
            ALT      NORMAL  10       DAY_43
            ALT      NORMAL  2        DAY_1
            ALT      NORMAL  3.5      AMBULATORY
            ALT      NORMAL  .        LATE
            ALT      NORMAL  3.1      .
            ALT      NORMAL  4        .
            ALT      NORMAL  .        .
            """,
        )
    )
    assert figure.columns[2:] == (
        "DAY 1",
        "AMBULATORY",
        "Visit 4",
        "DAY 43",
        "LATE",
        "Unscheduled",
        "No visit",
    )


def test_critical_and_abnormal_results_count(written_out: Tables) -> None:
    figure = laboratory(
        written_out(
            "LB",
            """
            LBTESTCD LBNRIND   VISIT
            K        LOW_LOW   DAY_1
            K        HIGH_HIGH DAY_1
            K        ABNORMAL  DAY_1
            K        NORMAL    DAY_1
            """,
        )
    )
    assert figure.caption == (
        "3 of 4 results with LBNRIND are outside the range (75.0 %): 1 low, 1 high, 1 abnormal."
    )
    assert figure.rows == (("K", "", "1 low, 1 high, 1 abnormal of 4"),)


def test_of_many_tests_and_visits_the_rest_is_told(written_out: Tables) -> None:
    lines = [
        f"T{test:02} {'HIGH' if test >= 5 else 'NORMAL'} {visit} V{visit:02}"
        for test in range(45)
        for visit in range(30)
    ]
    figure = laboratory(written_out("LB", "\n".join(["LBTESTCD LBNRIND VISITNUM VISIT", *lines])))
    assert figure.caption.endswith(
        "Of 45 tests the 40 most often out of range are shown. Of 30 visits the first 26 are shown."
    )
    assert [row[0] for row in figure.rows] == [f"T{test:02}" for test in range(5, 45)]
    assert figure.columns[2:] == tuple(f"V{visit:02}" for visit in range(26))


def test_absent_where_lb_or_its_ranges_are(written_out: Tables) -> None:
    assert laboratory({}).absent == "There is no dataset LB in this build."
    assert laboratory(written_out("LB", "LBTESTCD VISIT\nK DAY_1")).absent == "LB has no LBNRIND."
    assert laboratory(written_out("LB", "LBTESTCD LBNRIND\nK .")).absent == "LB has no result with LBNRIND."
