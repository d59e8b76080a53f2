"""Numbers and SAS dates as the text of raw records."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange import NUMBER, Column, Table, number_text, text_records


def texts(dataset, form: str, values: list[float | None]) -> list[str | None]:
    table = text_records(dataset("RAW", {Column("VALUE", "A value", "Num", 8, form): values}))
    assert table.columns == (Column("VALUE", "A value", "Char", 0, ""),)
    return table.records["VALUE"].fillna("missing").tolist()


@pytest.mark.parametrize(
    ("form", "values", "expected"),
    [
        ("", [12.0, 0.1, -3.25, 1e22, 1e-7, 0.0, None], ["12", "0.1", "-3.25", "1e+22", "1e-07", "0", "missing"]),
        ("BEST12.", [20454.0], ["20454"]),
        ("8.3", [1.5], ["1.5"]),
        ("$8.", [1.5], ["1.5"]),
        ("DATE9.", [20454.0, 0.0, -1.0, None], ["2016-01-01", "1960-01-01", "1959-12-31", "missing"]),
        ("YYMMDD10.", [21609.0], ["2019-03-01"]),
        ("E8601DA.", [21609.0], ["2019-03-01"]),
        ("E8601DA10.", [21609.0], ["2019-03-01"]),
        ("MMDDYYS10.", [21609.0], ["2019-03-01"]),
        ("DATE9.", [20454.5, -800_000, 3_000_000], ["20454.5", "-800000", "3000000"]),
        ("DATE9.", [-715_509, -715_510], ["0001-01-01", "-715510"]),
        ("DATETIME20.", [1_767_225_600.0 + 30_615, 0.0, None], ["2016-01-01T08:30:15", "1960-01-01T00:00:00", "missing"]),
        ("DATETIME22.3", [0.125, -1.0], ["1960-01-01T00:00:00.125", "1959-12-31T23:59:59"]),
        ("E8601DT19.", [86_400.0], ["1960-01-02T00:00:00"]),
        ("DATETIME20.", [1e14, -1e14], ["100000000000000", "-100000000000000"]),
        ("TIME8.", [30_600.0, 0.0, 86_399.5, 93_784.0, None], ["08:30:00", "00:00:00", "23:59:59.5", "26:03:04", "missing"]),
        ("HHMM5.", [30_600.0], ["08:30:00"]),
        ("TIME8.", [-1.0, 1e6], ["-1", "1000000"]),
        ("DATETIMEX9.", [1.0], ["1"]),
    ],
    ids=[
        "a plain number", "a display format", "width and decimals", "a character format", "days since 1960",
        "an ISO-like format", "an ISO format", "an ISO format with its width", "a US format",
        "no whole day, or none of the years 1 to 9999", "the first day", "seconds since 1960", "parts of a second",
        "an ISO datetime", "seconds beyond the years 1 to 9999", "seconds since midnight", "hours and minutes",
        "no time of day", "a format that no date has",
    ],
)  # fmt: skip
def test_a_number_becomes_the_text_of_its_format(dataset, form, values, expected):
    assert texts(dataset, form, values) == expected


def test_text_stays_as_it_is(dataset):
    table = dataset("RAW", {Column("A", "Text", "Char", 5): ["01", None], Column("N", type="Num"): [1, 2]})
    made = text_records(table)
    assert made.columns == (Column("A", "Text", "Char", 5), Column("N"))
    assert made.records["A"].tolist()[0] == "01"
    assert table.records["N"].tolist() == [1.0, 2.0]


def test_no_records_stay_no_records(dataset):
    assert texts(dataset, "DATE9.", []) == []
    assert texts(dataset, "DATETIME20.", [None]) == ["missing"]


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(derandomize=True, max_examples=300, deadline=None)
def test_the_text_of_a_number_is_that_number(value):
    text = number_text(value)
    assert float(text) == value
    assert not text.endswith(".0")


def test_infinity_has_a_text():
    assert number_text(math.inf) == "inf"


def as_raw_text(value: float, form: str) -> str:
    records = pd.DataFrame({"VALUE": pd.array([value], dtype=NUMBER)})
    return (
        text_records(Table("RAW", "", (Column("VALUE", "", "Num", 8, form),), records))
        .records["VALUE"]
        .iloc[0]
    )


@given(st.dates())
@settings(derandomize=True, max_examples=100, deadline=None)
def test_every_day_of_the_calendar_has_its_text(day):
    days = float((day - date(1960, 1, 1)).days)
    assert as_raw_text(days, "DATE9.") == day.isoformat()


@given(st.datetimes(min_value=datetime(1582, 1, 1), max_value=datetime(2400, 1, 1)))
@settings(derandomize=True, max_examples=100, deadline=None)
def test_every_moment_has_its_text(moment):
    whole = moment.replace(microsecond=0)
    seconds = (whole - datetime(1960, 1, 1)) / timedelta(seconds=1)
    assert as_raw_text(seconds, "DATETIME20.") == whole.isoformat()
