"""ADaM's numeric dates (days) and datetimes (seconds) since 1 January 1960, and the calendar behind them.

A variable whose name ends in DTM (in subperiods SDM, EDM) is a datetime, any other a date: ADaMIG 1.3, 3.1.2.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from specs import Ref

DAY = 86_400
"""seconds"""
Floats = npt.NDArray[np.float64]
_ORIGIN = np.datetime64("1960-01-01", "D")
_DATETIME_ENDINGS = ("DTM", "SDM", "EDM")


def is_datetime(ref: Ref) -> bool:
    """Whether a variable holds datetimes (seconds), by the ending of its name.

    >>> is_datetime(Ref("ADSL.TRTSDTM")), is_datetime(Ref("ADSL.TRTSDT"))
    (True, False)
    """
    return ref.endswith(_DATETIME_ENDINGS)


def days(records: pd.DataFrame, ref: Ref) -> pd.Series:
    """The dates of a variable in days; of a datetime variable the days that its datetimes are in."""
    numbers = records[ref].astype("Float64")
    return numbers // DAY if is_datetime(ref) else numbers


def seconds(records: pd.DataFrame, ref: Ref, *, end_of_day: bool = False) -> pd.Series:
    """The datetimes of a variable in seconds; a date stands for its first second, or for its last one."""
    numbers = records[ref].astype("Float64")
    if is_datetime(ref):
        return numbers
    return numbers * DAY + (DAY - 1 if end_of_day else 0)


def comparable(records: pd.DataFrame, *refs: Ref) -> tuple[pd.Series, ...]:
    """Several variables in one unit: seconds where all are datetimes, else days."""
    in_seconds = all(is_datetime(ref) for ref in refs)
    return tuple(seconds(records, ref) if in_seconds else days(records, ref) for ref in refs)


def as_floats(numbers: pd.Series) -> Floats:
    """The numbers with not-a-number for missing."""
    floats: Floats = np.asarray(numbers.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan))
    return floats


def days_in_month(year: Floats, month: Floats) -> Floats:
    """The length of each month; not-a-number where the year or the month is.

    >>> days_in_month(np.array([2014.0, 2016.0]), np.array([2.0, 2.0])).tolist()
    [28.0, 29.0]
    """
    first: Floats = np.full(len(year), 1.0)
    length: Floats = days_of(*_month_after(year, month), first) - days_of(year, month, first)
    return length


def days_of(year: Floats, month: Floats, day: Floats) -> Floats:
    """The date number of each calendar date; a day beyond the month runs on into the next.

    >>> days_of(np.array([1960.0]), np.array([1.0]), np.array([1.0])).tolist()
    [0.0]
    """
    known = ~(np.isnan(year) | np.isnan(month) | np.isnan(day))
    months = np.where(known, (year - 1970) * 12 + month - 1, 0).astype(np.int64)
    first = months.astype("datetime64[M]").astype("datetime64[D]")
    number = (first - _ORIGIN).astype(np.float64) + day - 1
    return np.where(known, number, np.nan)


def calendar_parts(day_numbers: Floats) -> tuple[Floats, Floats, Floats]:
    """Year, month and day of each date number."""
    known = ~np.isnan(day_numbers)
    dates = _ORIGIN + np.where(known, day_numbers, 0).astype(np.int64).astype("timedelta64[D]")
    months = dates.astype("datetime64[M]")
    year = months.astype("datetime64[Y]").astype(np.int64) + 1970.0
    month = months.astype(np.int64) % 12 + 1.0
    day = (dates - months.astype("datetime64[D]")).astype(np.int64) + 1.0
    return np.where(known, year, np.nan), np.where(known, month, np.nan), np.where(known, day, np.nan)


def clock_parts(moments: Floats) -> tuple[Floats, Floats, Floats]:
    """Hour, minute and second of each datetime number."""
    of_day = moments % DAY
    return of_day // 3600, of_day % 3600 // 60, of_day % 60


def _month_after(year: Floats, month: Floats) -> tuple[Floats, Floats]:
    return np.where(month == 12, year + 1, year), np.where(month == 12, 1.0, month + 1)
