"""ISO 8601 dates as SDTM writes them: complete ones to timestamps, partial ones to the span that they allow."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import pandas as pd


def on_distinct(read: Callable[[pd.Series], pd.Series]) -> Callable[[pd.Series], pd.Series]:
    """`read` on each distinct text once, the values spread back: dates repeat in every dataset."""

    @wraps(read)
    def spread(text: pd.Series) -> pd.Series:
        codes, distinct = pd.factorize(text.astype("string"), use_na_sentinel=False)
        values = read(pd.Series(distinct, dtype="string"))
        return values.take(codes).set_axis(text.index)

    return spread


@on_distinct
def complete_dates(text: pd.Series) -> pd.Series:
    """The calendar days (timestamps at midnight) of dates that are complete to the day; missing for all others.

    >>> complete_dates(pd.Series(["2014-01-06T09:30", "2014-01"], dtype="string")).isna().tolist()
    [False, True]
    """
    day = text.astype("string").str.extract(r"^(\d{4}-\d{2}-\d{2})", expand=False)
    return pd.to_datetime(day.astype("object"), format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")


@on_distinct
def earliest_moments(text: pd.Series) -> pd.Series:
    """The first moment that each date or datetime allows, to the second; missing where the year is."""
    return _moments(text, latest=False)


@on_distinct
def latest_moments(text: pd.Series) -> pd.Series:
    """The last moment that each date or datetime allows, to the second; missing where the year is."""
    return _moments(text, latest=True)


@on_distinct
def has_time(text: pd.Series) -> pd.Series:
    """Whether a complete date comes with at least hour and minute."""
    return text.astype("string").str.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*").fillna(False).astype(bool)


def _moments(text: pd.Series, *, latest: bool) -> pd.Series:
    pattern = r"^(\d{4})(?:-(\d{2}|-)(?:-(\d{2}|-))?)?(?:T(\d{2})(?::(\d{2})(?::(\d{2}))?)?)?"
    parts = text.astype("string").str.extract(pattern)
    year, month, day, hour, minute, second = (pd.to_numeric(parts[i].replace("-", pd.NA)) for i in range(6))
    day = day.where(month.notna())
    hour = hour.where(day.notna())
    fill = (12, 23, 59, 59) if latest else (1, 0, 0, 0)
    month = month.fillna(fill[0])
    first = pd.to_datetime(
        pd.DataFrame({"year": year, "month": month, "day": 1}).where(year.notna()).astype("Float64"),
        errors="coerce",
    )
    last_day = first.dt.days_in_month
    day = day.fillna(last_day if latest else 1)
    seconds = (
        (day - 1) * 86400 + hour.fillna(fill[1]) * 3600 + minute.fillna(fill[2]) * 60 + second.fillna(fill[3])
    ).where(day <= last_day)
    return (first + pd.to_timedelta(seconds.astype("Float64"), unit="s")).astype("datetime64[s]")
