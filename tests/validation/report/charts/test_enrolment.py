"""Enrolment by site: literal DM, literal numbers and steps."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import lxml.etree

from exchange import Table
from validation.report.charts.enrolment import enrolment

Tables = Callable[[str, str], dict[str, Table]]


def test_each_site_has_its_subjects_and_days(datasets: dict[str, Table]) -> None:
    figure = enrolment(datasets)
    assert figure.caption == (
        "3 subjects at 2 sites, from 2024-01-10 to 2024-03-05, by date of informed consent (RFICDTC)."
    )
    assert figure.columns == (
        *("Site", "Subjects", "Treated", "First", "Last"),
        *("before 2024-02-01", "before 2024-03-01", "before 2024-04-01"),
    )
    assert figure.rows == (
        ("01", "2", "2", "2024-01-10", "2024-03-05", "1", "1", "2"),
        ("02", "1", "0", "2024-02-20", "2024-02-20", "0", "1", "1"),
        ("All sites", "3", "2", "2024-01-10", "2024-03-05", "1", "2", "3"),
    )


def test_lines_step_up_on_the_day_of_consent(datasets: dict[str, Table]) -> None:
    drawing = lxml.etree.fromstring(str(enrolment(datasets).drawing))
    steps = {
        each.find("title").text: each.find("path").get("d") for each in drawing.iter("g") if len(each) == 4
    }
    # 91 days from 2024-01-01 to 2024-04-01 lie between 56 and 796; 2 subjects between 322 and 14
    assert steps == {
        "Site 01: 2 subjects": "M129.2 322H129.2V168H576.4V14H576.4",
        "Site 02: 1 subject": "M462.6 322H462.6V168H576.4",
    }
    texts = [each.text for each in drawing.iter("text")]
    assert texts == [
        *("0", "1", "2", "2024-01", "2024-02", "2024-03", "2024-04"),
        *("Date of informed consent (RFICDTC)", "Subjects, cumulative", "Site 01 · 2", "Site 02 · 1"),
    ]


def test_subject_without_a_complete_date_is_counted_and_not_drawn(written_out: Tables) -> None:
    figure = enrolment(
        written_out(
            "DM",
            """
            USUBJID SITEID RFICDTC
            A       01     2024-01-10T08:30
            B       01     2024-02
            C       .      .
            """,
        )
    )
    assert figure.caption == (
        "1 subject at 1 site, from 2024-01-10 to 2024-01-10, by date of informed consent (RFICDTC). "
        "2 subjects without a complete RFICDTC, not drawn."
    )
    assert figure.rows == (
        ("01", "2", "2024-01-10", "2024-01-10", "1"),
        ("no site", "1", "", "", "0"),
        ("All sites", "3", "2024-01-10", "2024-01-10", "1"),
    )


def test_first_participation_stands_in_where_no_consent_is_given(written_out: Tables) -> None:
    figure = enrolment(
        written_out(
            "DM",
            """
            USUBJID SITEID RFICDTC RFSTDTC
            A       701    .       2012-07-09
            B       702    .       2014-09-02
            """,
        )
    )
    assert figure.caption == (
        "2 subjects at 2 sites, from 2012-07-09 to 2014-09-02, by date of first participation (RFSTDTC)."
    )
    assert figure.columns[4:] == (
        *("before 2013-01-01", "before 2013-07-01", "before 2014-01-01", "before 2014-07-01"),
        "before 2015-01-01",
    )


def test_of_many_sites_those_with_most_subjects_are_drawn(written_out: Tables) -> None:
    subjects = [f"S{site:02}-{n} {site:02} 2024-01-{n + 1:02}" for site in range(1, 10) for n in range(site)]
    figure = enrolment(written_out("DM", "\n".join(["USUBJID SITEID RFICDTC", *subjects])))
    assert "Drawn are the 7 sites with the most subjects; the table has all." in figure.caption
    assert [row[0] for row in figure.rows] == [*(f"{site:02}" for site in range(1, 10)), "All sites"]
    labels = [each.text for each in lxml.etree.fromstring(str(figure.drawing)).iter("text")][-7:]
    assert labels == [f"Site {site:02} · {site}" for site in range(9, 2, -1)]


def test_labels_of_equal_sites_do_not_overlap(written_out: Tables) -> None:
    subjects = [f"S{site} {site} 2024-01-05" for site in range(1, 8)]
    figure = enrolment(written_out("DM", "\n".join(["USUBJID SITEID RFICDTC", *subjects])))
    labels = list(lxml.etree.fromstring(str(figure.drawing)).iter("text"))[-7:]
    places = sorted(float(each.get("y")) for each in labels)
    assert all(later - earlier >= 16.9 for earlier, later in pairwise(places))
    assert places[-1] <= 326.1


def test_absent_where_dm_or_its_variables_are(written_out: Tables) -> None:
    assert enrolment({}).absent == "There is no dataset DM in this build."
    assert enrolment(written_out("DM", "USUBJID\nA")).absent == "DM has no SITEID."
    assert enrolment(written_out("DM", "USUBJID SITEID")).absent == "DM has no records."
    assert enrolment(written_out("DM", "USUBJID SITEID\nA 01")).absent == (
        "DM has no complete date in RFICDTC or RFSTDTC."
    )
