"""The word `shifted_date`."""

from typing import ClassVar

import pandas as pd

from sdtm.iso_dates import complete_dates
from specs import Derivation, Ref
from specs.derivation import Origin


class ShiftedDate(Derivation):
    """A date so many whole years before another.

    `BRTHDTC: {shifted_date: {date: DMDTC, years_before: AGE}}`. 29 February becomes 28 February in a year that has no
    leap day. Missing unless the date is complete to the day and the years are known and whole.

    >>> records = pd.DataFrame({"DMDTC": ["2013-12-26"], "AGE": pd.array([63], dtype="Float64")})
    >>> ShiftedDate(date="DMDTC", years_before="AGE").compute(records).tolist()
    ['1950-12-26']
    """

    source = "SDTMIG 3.4, 4.4"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} is the date {years_before} whole years before {date}."

    date: Ref
    """the date to count from"""
    years_before: Ref
    """whole years"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        date = complete_dates(records[self.date])
        years = records[self.years_before].astype("Float64")
        years = years.where(years % 1 == 0)
        first = pd.to_datetime(
            pd.DataFrame({"year": date.dt.year - years, "month": date.dt.month, "day": 1}).astype("float64"),
            errors="coerce",
        )
        day = date.dt.day.clip(upper=first.dt.days_in_month)
        shifted: pd.Series = (first + pd.to_timedelta(day - 1, unit="D")).dt.strftime("%Y-%m-%d")
        return shifted.astype("string")
