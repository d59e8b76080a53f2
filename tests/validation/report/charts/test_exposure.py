"""Exposure by subject: literal EX, DS and DM, literal days and marks."""

from __future__ import annotations

from collections.abc import Callable

import lxml.etree

from exchange import Table
from validation.report.charts.exposure import exposure

Tables = Callable[[str, str], dict[str, Table]]


def test_subjects_with_what_was_given_and_the_end(datasets: dict[str, Table]) -> None:
    figure = exposure(datasets)
    assert figure.caption == (
        "2 subjects with exposure, 1 with a discontinuation in DS. "
        "Subjects are named by what follows XY-1-01- in USUBJID."
    )
    assert figure.columns == (
        "Subject",
        "Given",
        "Not given",
        "First day",
        "Last day",
        "End",
        "Day of the end",
    )
    assert figure.rows == (
        ("XY-1-01-001", "2", "1", "1", "15", "ADVERSE EVENT", "16"),
        ("XY-1-01-002", "1", "0", "1", "5", "COMPLETED", "15"),
    )


def test_marks_stand_on_their_days(datasets: dict[str, Table]) -> None:
    drawing = lxml.etree.fromstring(str(exposure(datasets).drawing))
    lanes = [each for each in drawing.findall("g") if each.find("title") is not None]
    assert [each.find("title").text for each in lanes] == [
        "XY-1-01-001: 2 given, days 1 to 15, 1 not given; ADVERSE EVENT on day 16",
        "XY-1-01-002: 1 given, days 1 to 5; COMPLETED on day 15",
    ]
    assert [each.find("text").text for each in lanes] == ["001", "002"]
    # days 0 to 16 lie between 150 and 944: 49.6 a day
    assert lanes[0].find("path").get("d") == "M199 51h2v8h-2zM893 51h2v8h-2z"
    assert lanes[0].find("circle").get("cx") == "249.2"
    assert lanes[0].find("g/path").get("d") == "M940 51l8 8m0 -8l-8 8"
    assert lanes[1].find("path").get("d") == "M199 65h200v8h-200z"
    assert [each.get("d") for each in lanes[1].findall("path")][1] == "M891.4 64l8 5l-8 5z"


def test_study_days_of_the_dataset_are_preferred_to_counted_ones(written_out: Tables) -> None:
    dm = written_out("DM", "USUBJID RFSTDTC\nA 2024-01-10")
    ex = written_out(
        "EX",
        """
        USUBJID EXSTDY EXSTDTC
        A       3      2024-01-10
        A       .      2024-01-09
        A       .      2024-01
        """,
    )
    figure = exposure({**dm, **ex})
    assert figure.caption == (
        "1 subject with exposure, 0 with a discontinuation in DS. "
        "Not drawn: 1 exposure record without a complete date."
    )
    assert figure.rows == (("A", "2", "0", "-1", "3", "", ""),)


def test_first_discontinuation_counts_and_milestones_do_not(written_out: Tables) -> None:
    ex = written_out("EX", "USUBJID EXSTDY\nA 1\nB 1\nC 1")
    ds = written_out(
        "DS",
        """
        USUBJID DSDECOD               DSSTDY DSCAT
        A       WITHDRAWAL_BY_SUBJECT 99     DISPOSITION_EVENT
        A       ADVERSE_EVENT         57     DISPOSITION_EVENT
        A       COMPLETED             1      DISPOSITION_EVENT
        B       RANDOMIZED            1      PROTOCOL_MILESTONE
        C       COMPLETED             183    DISPOSITION_EVENT
        C       COMPLETED             240    DISPOSITION_EVENT
        """,
    )
    assert exposure({**ex, **ds}).rows == (
        ("A", "1", "0", "1", "1", "ADVERSE EVENT", "57"),
        ("B", "1", "0", "1", "1", "", ""),
        ("C", "1", "0", "1", "1", "COMPLETED", "240"),
    )


def test_dose_of_zero_is_given_and_not_done_is_not(written_out: Tables) -> None:
    ex = written_out(
        "EX",
        """
        USUBJID EXSTDY EXDOSE EXSTAT
        A       1      0      .
        A       2      .      NOT_DONE
        """,
    )
    assert exposure(ex).rows == (("A", "1", "1", "1", "2", "", ""),)


def test_of_many_subjects_the_first_sixty_are_shown_and_it_says_so(written_out: Tables) -> None:
    lines = [f"S-{at:03} {day}" for at in range(61) for day in (1, 8)]
    figure = exposure(written_out("EX", "\n".join(["USUBJID EXSTDY", *lines])))
    assert figure.caption == (
        "61 subjects with exposure, 0 with a discontinuation in DS. "
        "Shown are the first 60 by subject identifier. Subjects are named by what follows S- in USUBJID."
    )
    assert [row[0] for row in figure.rows] == [f"S-{at:03}" for at in range(60)]


def test_daily_doses_of_a_year_stay_a_small_drawing(written_out: Tables) -> None:
    lines = [f"S-{at:03} {day}" for at in range(60) for day in range(1, 2001)]
    figure = exposure(written_out("EX", "\n".join(["USUBJID EXSTDY", *lines])))
    assert figure.rows[0][:2] == ("S-000", "2000")
    assert len(str(figure.drawing)) < 1_200_000


def test_subject_without_any_complete_date_is_counted(written_out: Tables) -> None:
    figure = exposure(written_out("EX", "USUBJID EXSTDY\nA 1\nB .\nB ."))
    assert figure.caption == (
        "2 subjects with exposure, 0 with a discontinuation in DS. "
        "Not drawn: 2 exposure records without a complete date (1 subject has no other)."
    )
    assert [row[0] for row in figure.rows] == ["A"]


def test_legend_names_the_marks_that_occur(datasets: dict[str, Table], written_out: Tables) -> None:
    def legend(given: dict[str, Table]) -> list[str]:
        return [
            each.text for each in lxml.etree.fromstring(str(exposure(given).drawing)).find("g").iter("text")
        ]

    assert legend(datasets) == ["given", "not given", "discontinued", "completed"]
    assert legend(written_out("EX", "USUBJID EXSTDY\nA 1")) == ["given"]


def test_absent_where_ex_or_its_days_are(written_out: Tables) -> None:
    assert exposure({}).absent == "There is no dataset EX in this build."
    assert exposure(written_out("EX", "USUBJID EXSTDTC\nA 2024-01-01")).absent == (
        "EX has no study day, neither EXSTDY nor EXSTDTC with DM.RFSTDTC."
    )
