"""ISO 8601 dates as SDTM writes them: which day they are, and from when to when they may be."""

from __future__ import annotations

import pandas as pd
import pytest

from sdtm.iso_dates import complete_dates, earliest_moments, has_time, latest_moments

TEXT = pd.StringDtype("pyarrow", na_value=pd.NA)


def shown(moments: pd.Series) -> str | None:
    return None if pd.isna(moments[0]) else moments[0].isoformat()


@pytest.mark.parametrize(
    "text, day, earliest, latest, timed",
    [
        ("2014-01-06", "2014-01-06T00:00:00", "2014-01-06T00:00:00", "2014-01-06T23:59:59", False),
        ("2014-01-06T09:30", "2014-01-06T00:00:00", "2014-01-06T09:30:00", "2014-01-06T09:30:59", True),
        ("2014-01-06T09:30:15", "2014-01-06T00:00:00", "2014-01-06T09:30:15", "2014-01-06T09:30:15", True),
        ("2014-01-06T09", "2014-01-06T00:00:00", "2014-01-06T09:00:00", "2014-01-06T09:59:59", False),
        ("2014-01-06T-:30", "2014-01-06T00:00:00", "2014-01-06T00:00:00", "2014-01-06T23:59:59", False),
        ("2014-02", None, "2014-02-01T00:00:00", "2014-02-28T23:59:59", False),
        ("2016-02", None, "2016-02-01T00:00:00", "2016-02-29T23:59:59", False),
        ("2014", None, "2014-01-01T00:00:00", "2014-12-31T23:59:59", False),
        ("2019---07", None, "2019-01-01T00:00:00", "2019-12-31T23:59:59", False),
        ("--02-14", None, None, None, False),
        ("2014-02-30", None, None, None, False),
        ("2014-13-01", None, None, None, False),
        ("", None, None, None, False),
        (None, None, None, None, False),
    ],
)
def test_what_a_date_allows(
    text: str | None, day: str | None, earliest: str | None, latest: str | None, timed: bool
) -> None:
    dates = pd.Series([text], dtype=TEXT)
    assert shown(complete_dates(dates)) == day
    assert shown(earliest_moments(dates)) == earliest
    assert shown(latest_moments(dates)) == latest
    assert has_time(dates).tolist() == [timed]
