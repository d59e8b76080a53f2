"""Imputation and the calendar behind it, against Python's own calendar and against what must hold for any date."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from adam.imputation import LEVELS, PARTS, Imputation, imputed, parts_of
from adam.sas_dates import calendar_parts, clock_parts, days_in_month, days_of

ORIGIN = dt.datetime(1960, 1, 1)
moments = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)
rules = st.builds(
    Imputation,
    st.sampled_from(["D", "M", "h", "m", "s"]),
    st.sampled_from(["first", "mid", "last"]),
    st.sampled_from(["first", "last", "12:30:15"]),
)


def number_of(moment: dt.datetime) -> float:
    return (moment - ORIGIN).total_seconds()


def text_of(moment: dt.datetime, known: int) -> str:
    """The moment in ISO 8601, its first `known` parts."""
    return moment.strftime(
        ["", "%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%dT%H", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"][known]
    )


def impute(text: str, rule: Imputation, *, with_time: bool, **bounds: list[float]) -> float:
    earliest, latest = (
        [np.array([number]) for number in bounds.get(name, [])] for name in ("earliest", "latest")
    )
    numbers, codes = imputed(
        pd.Series([text], dtype="string"), rule, with_time=with_time, earliest=earliest, latest=latest
    )
    assert codes.tolist() == [None]
    return float(numbers[0])


@settings(max_examples=60, deadline=None)
@given(moment=moments)
def test_a_complete_datetime_is_the_number_that_the_calendar_says(moment: dt.datetime) -> None:
    rule = Imputation("none")
    assert impute(text_of(moment, 6), rule, with_time=True) == number_of(moment)
    assert impute(text_of(moment, 6), rule, with_time=False) == number_of(moment) // 86400


@settings(max_examples=60, deadline=None)
@given(moment=moments)
def test_the_parts_of_a_number_are_those_of_the_calendar(moment: dt.datetime) -> None:
    seconds = np.array([number_of(moment)])
    found = [float(part[0]) for part in (*calendar_parts(np.floor(seconds / 86400)), *clock_parts(seconds))]
    assert found == [moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second]
    year, month, day = (np.array([float(part)]) for part in (moment.year, moment.month, moment.day))
    assert days_of(year, month, day)[0] == (moment.date() - ORIGIN.date()).days
    following = dt.date(moment.year + moment.month // 12, moment.month % 12 + 1, 1)
    assert days_in_month(year, month)[0] == (following - dt.timedelta(days=1)).day


@settings(max_examples=120, deadline=None)
@given(moment=moments, known=st.integers(1, 6), rule=rules)
def test_known_parts_never_change_and_a_gap_above_the_level_is_left(
    moment: dt.datetime, known: int, rule: Imputation
) -> None:
    text = text_of(moment, known)
    number = impute(text, rule, with_time=True)
    if known < LEVELS.index(rule.highest):
        assert np.isnan(number)
        return
    made = ORIGIN + dt.timedelta(seconds=number)
    assert [getattr(made, part) for part in PARTS[:known]] == [
        getattr(moment, part) for part in PARTS[:known]
    ]
    complete, _ = parts_of(pd.Series([made.isoformat()], dtype="string"))
    assert not np.isnan(complete).any()


@settings(max_examples=60, deadline=None)
@given(moment=moments, known=st.integers(1, 2), bound=moments)
def test_first_is_not_after_mid_and_mid_not_after_last_and_bounds_keep_known_parts(
    moment: dt.datetime, known: int, bound: dt.datetime
) -> None:
    text = text_of(moment, known)
    first, mid, last = (
        impute(text, Imputation("M", rule), with_time=False) for rule in ("first", "mid", "last")
    )
    assert first <= mid <= last
    day = float((bound.date() - ORIGIN.date()).days)
    not_before = impute(text, Imputation("M", "first"), with_time=False, earliest=[day])
    not_after = impute(text, Imputation("M", "last"), with_time=False, latest=[day])
    assert not_before == (day if first <= day <= last else first)
    assert not_after == (day if first <= day <= last else last)
