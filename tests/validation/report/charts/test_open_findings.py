"""Open findings by subject: literal findings, literal cells."""

from __future__ import annotations

from collections.abc import Callable

import lxml.etree
import pandas as pd

from exchange import Table
from validation.report.charts.open_findings import open_findings

Tables = Callable[[str, str], dict[str, Table]]


def about(*findings: str) -> pd.DataFrame:
    return pd.DataFrame([each.split() for each in findings], columns=["subject", "dataset", "severity"])


def test_subjects_with_most_errors_stand_first(written_out: Tables) -> None:
    dm = written_out("DM", "USUBJID\nX-1\nX-2\nX-3\nX-4")
    findings = about(
        "X-1 AE warning",
        "X-2 AE error",
        "X-2 AE error",
        "X-2 AE warning",
        "X-1 LB error",
        "X-3 LB notice",
        "X-9 AE error",
    )
    figure = open_findings(findings, dm)
    assert figure.caption == (
        "Without an error or a warning: 2 of 4 subjects. Subjects are named by what follows X- in USUBJID."
    )
    assert figure.columns == ("Subject", "AE", "LB")
    assert figure.rows == (
        ("X-2", "2 errors, 1 warning", ""),
        ("X-1", "1 warning", "1 error"),
        ("X-9", "1 error", ""),
    )
    drawing = lxml.etree.fromstring(str(figure.drawing))
    cells = {
        each.find("title").text: (each.find("rect").get("fill"), each.find("text").text)
        for each in drawing.findall("g")
        if each.find("title") is not None
    }
    assert cells == {
        "X-2, AE: 2 errors, 1 warning": ("#b3261e", "3"),
        "X-1, AE: 1 warning": ("#f6c667", "1"),
        "X-1, LB: 1 error": ("#b3261e", "1"),
        "X-9, AE: 1 error": ("#b3261e", "1"),
    }


def test_long_names_of_datasets_are_turned(written_out: Tables) -> None:
    dm = written_out("DM", "USUBJID\nA")

    def headings(dataset: str) -> list[tuple[str, str | None]]:
        drawing = lxml.etree.fromstring(str(open_findings(about(f"A {dataset} error"), dm).drawing))
        return [(each.text, each.get("transform")) for each in drawing.findall("text[@class='bold']")]

    assert headings("AE") == [("AE", None)]
    assert headings("raw.LAB_CENTRAL") == [("raw.LAB_CENTRAL", "rotate(-40 188 104)")]


def test_all_clean_is_said(written_out: Tables) -> None:
    figure = open_findings(about("A AE notice"), written_out("DM", "USUBJID\nA"))
    assert figure.caption == "Without an error or a warning: 1 of 1 subject."
    assert figure.absent == "No subject has an error or a warning."


def test_of_many_subjects_forty_are_shown(written_out: Tables) -> None:
    names = [f"S{at:03}" for at in range(45)]
    figure = open_findings(
        about(*(f"{name} AE error" for name in names)), written_out("DM", "\n".join(["USUBJID", *names]))
    )
    assert figure.caption == (
        "Without an error or a warning: 0 of 45 subjects. Shown are the 40 of 45 with the most errors."
    )
    assert len(figure.rows) == 40


def test_absent_without_dm() -> None:
    assert open_findings(about(), {}).absent == "There is no dataset DM in this build."
