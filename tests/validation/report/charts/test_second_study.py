"""The pictures of a study that nobody here invented; its numbers were counted apart, from the files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from exchange import TEXT, Column, Table
from validation.report.charts.adverse_events import adverse_events
from validation.report.charts.enrolment import enrolment
from validation.report.charts.exposure import exposure
from validation.report.charts.laboratory import laboratory

PILOT = Path(__file__).resolve().parents[4] / "../shared/pilot/sdtm"


@pytest.fixture(scope="module")
def pilot() -> dict[str, Table]:
    if not PILOT.is_dir():
        pytest.skip("the pilot study's datasets are not beside the project")
    tables = {}
    for name in ("DM", "AE", "DS", "EX"):
        path = PILOT / f"{name.lower()}.csv"
        records = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""]).astype(TEXT)
        tables[name] = Table(name, name, tuple(Column(each) for each in records), records)
    return tables


def test_enrolment_of_the_pilot(pilot: dict[str, Table]) -> None:
    figure = enrolment(pilot)
    assert figure.caption == (
        "254 subjects at 17 sites, from 2012-07-09 to 2014-09-02, by date of first participation (RFSTDTC). "
        "Drawn are the 7 sites with the most subjects; the table has all. "
        "52 subjects without a complete RFSTDTC, not drawn."
    )
    assert figure.rows[0][:3] == ("701", "51", "41")


def test_exposure_of_the_pilot(pilot: dict[str, Table]) -> None:
    figure = exposure(pilot)
    assert figure.caption.startswith("254 subjects with exposure, 144 with a discontinuation in DS.")
    assert figure.rows[0] == ("01-701-1015", "3", "0", "1", "182", "COMPLETED", "182")


def test_adverse_events_of_the_pilot(pilot: dict[str, Table]) -> None:
    figure = adverse_events(pilot)
    assert figure.caption == (
        "1,191 events in 225 subjects of 254 with exposure, 242 preferred terms. "
        "Shown are the 20 that most subjects had."
    )
    assert figure.rows[0] == ("PRURITUS", "57", "22 %", "84", "35", "21", "1")


def test_laboratory_of_the_pilot_is_not_there(pilot: dict[str, Table]) -> None:
    assert laboratory(pilot).absent == "There is no dataset LB in this build."
