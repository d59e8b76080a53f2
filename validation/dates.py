"""ISO 8601 dates as spans of time: from the first to the last second that a partial date allows.

Written apart from the code that makes dates, so that a mistake there cannot hide here.
"""

from __future__ import annotations

import calendar
import re
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from validation.numbers import as_floats

Seconds = npt.NDArray[np.float64]
"""Seconds from 1970-01-01, not-a-number where nothing is known."""

DAY = 86_400.0
_DAYS_1960_TO_1970 = 3653
_START = datetime(1970, 1, 1)
_DATETIME = re.compile(
    r"(?P<year>\d{4}|-)"
    r"(?:-(?P<month>\d{2}|-)"
    r"(?:-(?P<day>\d{2}|-)"
    r"(?:T(?P<hour>\d{2}|-)"
    r"(?::(?P<minute>\d{2}|-)"
    r"(?::(?P<second>\d{2})(?:\.\d+)?)?)?"
    r"(?:Z|[+-]\d{2}:\d{2})?)?)?)?"
)


def span(text: str) -> tuple[float, float] | None:
    """The first and the last second that an ISO 8601 date or datetime allows; a missing year allows all.

    A hyphen stands for a missing part in the middle, as in `2003---15`. None for what is no date of the
    calendar; an offset from UTC is not applied.

    >>> span("1970-01")
    (0.0, 2678399.0)
    >>> span("2015-02-31") is None, span("31/01/2015") is None
    (True, True)
    """
    match = _DATETIME.fullmatch(text)
    if match is None or text.endswith(("-", ":")) or not any(sign.isdigit() for sign in text):
        return None
    known = {name: int(part) for name, part in match.groupdict().items() if part not in (None, "-")}
    if not _possible(known):
        return None
    if "year" not in known:
        return -np.inf, np.inf
    year, month = known["year"], known.get("month", 0)
    first_month, last_month = (month, month) if month else (1, 12)
    first_day = known.get("day", 1)
    last_day = known.get("day") or calendar.monthrange(year, last_month)[1]
    timed = "day" in known and "month" in known and "hour" in known
    hour = known["hour"] if timed else None
    minute = known.get("minute") if timed else None
    second = known.get("second") if timed and minute is not None else None
    first = _at(year, first_month, first_day, hour or 0, minute or 0, second or 0)
    last = _at(
        year,
        last_month,
        last_day,
        23 if hour is None else hour,
        59 if minute is None else minute,
        59 if second is None else second,
    )
    return first, last


def is_iso8601(text: str) -> bool:
    """Whether a text is a date, a datetime, or an interval of two of them, as --DTC may hold."""
    first, slash, then = text.partition("/")
    return span(first) is not None and (not slash or span(then) is not None)


def spans(values: pd.Series, variable: str) -> tuple[Seconds, Seconds]:
    """For each value of a date variable the first and the last second that it allows.

    Text is read as ISO 8601; numbers of a variable named --DTM as SAS datetimes, --DT as SAS dates; other
    numbers stand for themselves.
    """
    if not pd.api.types.is_numeric_dtype(values.dtype):
        codes, distinct = pd.factorize(values)
        pairs = [span(str(text)) or (np.nan, np.nan) for text in distinct]
        table = np.array([*pairs, (np.nan, np.nan)], dtype=np.float64)
        return table[codes, 0], table[codes, 1]
    numbers = as_floats(values)
    if variable.endswith("DTM"):
        seconds = numbers - _DAYS_1960_TO_1970 * DAY
        return seconds, seconds
    if variable.endswith("DT"):
        first = (numbers - _DAYS_1960_TO_1970) * DAY
        return first, first + DAY - 1
    return numbers, numbers


def days(values: pd.Series, variable: str) -> Seconds:
    """The calendar day of each complete date, counted from 1970-01-01; not-a-number for partial and missing
    ones.
    """
    first, last = spans(values, variable)
    with np.errstate(invalid="ignore"):
        day, last_day = np.floor(first / DAY), np.floor(last / DAY)
    return np.where(day == last_day, day, np.nan)


def study_days(date: Seconds, reference: Seconds) -> Seconds:
    """The days from one calendar day to another, the reference being day 1 and the day before it day -1."""
    passed = date - reference
    return np.where(passed >= 0, passed + 1, passed)


def surely_after(
    first: tuple[Seconds, Seconds], then: tuple[Seconds, Seconds], days: int = 0
) -> npt.NDArray[np.bool_]:
    """Whether the first is after the second however their missing parts are filled, by more than `days` days.

    With `days`, times of day do not count.
    """
    earliest, latest = first[0], then[1]
    if days:
        with np.errstate(invalid="ignore"):
            return np.asarray(np.floor(earliest / DAY) > np.floor(latest / DAY) + days)
    return np.asarray(earliest > latest)


def _possible(known: dict[str, int]) -> bool:
    month, day = known.get("month", 1), known.get("day", 1)
    if not 1 <= month <= 12 or not 1 <= day <= 31 or known.get("year", 1) < 1:
        return False
    if "month" in known and "day" in known and day > calendar.monthrange(known.get("year", 2000), month)[1]:
        return False
    return known.get("hour", 0) <= 23 and known.get("minute", 0) <= 59 and known.get("second", 0) <= 59


def _at(year: int, month: int, day: int, hour: int, minute: int, second: int) -> float:
    day = min(day, calendar.monthrange(year, month)[1])
    moment = datetime(year, month, day) + timedelta(hours=hour, minutes=minute, seconds=second)
    return (moment - _START).total_seconds()
