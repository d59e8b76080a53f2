"""Partial dates as spans of time."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from exchange import NUMBER, TEXT
from validation.dates import days, is_iso8601, span, spans, surely_after


def moments(text: str) -> tuple[str, str] | None:
    found = span(text)
    if found is None:
        return None
    first, last = ((datetime(1970, 1, 1) + pd.Timedelta(seconds=each)).isoformat() for each in found)
    return first, last


@pytest.mark.parametrize(
    "text, first, last",
    [
        ("2016", "2016-01-01T00:00:00", "2016-12-31T23:59:59"),
        ("2016-02", "2016-02-01T00:00:00", "2016-02-29T23:59:59"),
        ("2015-03-10", "2015-03-10T00:00:00", "2015-03-10T23:59:59"),
        ("2015-03-10T08", "2015-03-10T08:00:00", "2015-03-10T08:59:59"),
        ("2015-03-10T08:05", "2015-03-10T08:05:00", "2015-03-10T08:05:59"),
        ("2015-03-10T08:05:09", "2015-03-10T08:05:09", "2015-03-10T08:05:09"),
        ("2015-03-10T08:05:09.5Z", "2015-03-10T08:05:09", "2015-03-10T08:05:09"),
        ("2015---15", "2015-01-15T00:00:00", "2015-12-15T23:59:59"),
        ("2015---31", "2015-01-31T00:00:00", "2015-12-31T23:59:59"),
        ("2015-03--T08:05", "2015-03-01T00:00:00", "2015-03-31T23:59:59"),
        ("2015-03-10T-:30", "2015-03-10T00:00:00", "2015-03-10T23:59:59"),
    ],
)
def test_a_date_allows_from_its_first_to_its_last_second(text: str, first: str, last: str) -> None:
    assert moments(text) == (first, last)


def test_without_a_year_every_moment_is_allowed() -> None:
    assert span("--12-15") == (-np.inf, np.inf)
    assert span("-----T07:15") == (-np.inf, np.inf)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "-",
            "2015-13",
            "2015-02-29",
            "2015-04-31",
            "--02-30",
            "2015-3-1",
            "31/01/2015",
            "2015-03-10 08:00",
        ),
        *(
            "0000-01-01",
            "2015-03-10T24:00",
            "2015-03-10T08:60",
            "2015-03-10T08:05:60",
            "2015-03-",
            "2015-03--",
        ),
        *("2015-03-10T", "mi-mars 2015"),
    ],
)
def test_what_is_no_date_of_the_calendar_has_no_span(text: str) -> None:
    assert span(text) is None
    assert not is_iso8601(text)


def test_an_interval_is_two_dates() -> None:
    assert is_iso8601("2015-03-10/2015-03-12")
    assert not is_iso8601("2015-03-10/")
    assert not is_iso8601("2015-03-10/12")


@pytest.mark.parametrize(
    "first, then, allowed, after",
    [
        ("2015-03-11", "2015-03-10", 0, True),
        ("2015-03-10", "2015-03-10", 0, False),
        ("2015-03-10", "2015-03", 0, False),
        ("2015-03", "2015-03-10", 0, False),
        ("2015-04", "2015-03-31", 0, True),
        ("2015", "2014-12-31T23:59", 0, True),
        ("2015-03-10T08:01", "2015-03-10T08:00", 0, True),
        ("2015-03-10T08:00", "2015-03-10", 0, False),
        ("2015-03-11", "2015-03-10", 1, False),
        ("2015-03-12", "2015-03-10", 1, True),
        ("2015-03-11T23:00", "2015-03-10T01:00", 1, False),
        (None, "2015-03-10", 0, False),
        ("2015-03-10", None, 0, False),
        ("no date", "2015-03-10", 0, False),
        ("--03-11", "2015-03-10", 0, False),
    ],
)
def test_only_what_no_missing_part_can_mend_is_after(
    first: str, then: str, allowed: int, after: bool
) -> None:
    one, other = (spans(pd.Series([text], dtype=TEXT), "AESTDTC") for text in (first, then))
    assert surely_after(one, other, allowed).tolist() == [after]


def test_numbers_are_sas_dates_or_datetimes_by_their_names() -> None:
    midnight = datetime(2015, 3, 10)
    numbers = pd.Series([20157, None], dtype=NUMBER)
    first, last = spans(numbers, "ASTDT")
    assert (first[0], last[0]) == ((midnight - datetime(1970, 1, 1)).total_seconds(), first[0] + 86_399)
    assert np.isnan(first[1])
    moment, same = spans(numbers * 86_400, "ASTDTM")
    assert (moment[0], same[0]) == (first[0], first[0])
    assert spans(numbers, "AESTDY")[0][0] == 20157


def test_only_a_complete_date_has_a_day() -> None:
    texts = pd.Series(
        ["1970-01-02", "1970-01-02T08:00", "1970-01", "--01-02", None, "1969-12-31"], dtype=TEXT
    )
    found = days(texts, "AESTDTC")
    assert found[[0, 1, 5]].tolist() == [1, 1, -1]
    assert np.isnan(found[[2, 3, 4]]).all()
