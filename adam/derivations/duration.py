"""The word `duration`."""

from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from adam.sas_dates import DAY, Floats, as_floats, calendar_parts, days_in_month, days_of, seconds
from specs import Derivation, Ref
from specs.derivation import Origin

InUnit = Literal["days", "hours", "minutes", "seconds"]
OutUnit = Literal["years", "months", "weeks", "days", "hours", "minutes", "seconds"]
_LENGTHS = {
    "years": 365.25 * DAY,
    "months": 365.25 * DAY / 12,
    "weeks": 7.0 * DAY,
    "days": float(DAY),
    "hours": 3600.0,
    "minutes": 60.0,
    "seconds": 1.0,
}


class Duration(Derivation):
    """The time from a start to an end: ADURN, TRTDURD.

    `ADURN: {duration: {start_date: ASTDT, end_date: AENDT}}`: end - start + 1 in days. Dates and datetimes
    are rounded down to `in_unit` (unless `floor_in: false`); where the end is not before the start, one
    `in_unit` is added (unless `add_one: false`), so that an event of one day lasts 1 day. A date beside a
    datetime stands for its first second. `out_unit` converts: a year is 365.25 days and a month a twelfth of
    it (`type: duration`), or whole years and months are counted on the calendar and the rest is a share of
    the next one (`type: interval`). An end before the start gives a negative duration. `trunc_out` drops the
    fraction. Missing unless both are known.

    >>> records = pd.DataFrame({"ASTDT": [19795.0, 19795.0], "AENDT": [19795.0, 19797.0]})
    >>> Duration(start_date="ASTDT", end_date="AENDT").compute(records).tolist()
    [1.0, 3.0]
    """

    source = "ADaMIG 1.3, 3.2; ADaM OCCDS 1.1, 3.2.4"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} = the time from {start_date} to {end_date} in {out_unit}{details}."

    start_date: Ref
    """the numeric date or datetime from which to count"""
    end_date: Ref
    """the numeric date or datetime up to which to count"""
    in_unit: InUnit = "days"
    """the precision of the dates, and what is added"""
    out_unit: OutUnit = "days"
    """the unit of the result"""
    floor_in: bool = True
    """whether the dates are rounded down to in_unit"""
    add_one: bool = True
    """whether one in_unit is added where the end is not before the start"""
    trunc_out: bool = False
    """whether the fraction of the result is dropped"""
    type: Literal["duration", "interval"] = "duration"
    """average lengths of months and years, or those of the calendar"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        start, end = as_floats(seconds(records, self.start_date)), as_floats(seconds(records, self.end_date))
        one = _LENGTHS[self.in_unit]
        if self.floor_in:
            start, end = np.floor(start / one) * one, np.floor(end / one) * one
        if self.type == "interval" and self.out_unit in ("years", "months"):
            result = _on_calendar(start, end, 12 if self.out_unit == "years" else 1)
        else:
            result = (end - start) / _LENGTHS[self.out_unit]
        if self.add_one:
            result = np.where(result >= 0, result + one / _LENGTHS[self.out_unit], result)
        if self.trunc_out:
            result = np.trunc(np.round(result, 9))
        return pd.Series(result, index=records.index).astype("Float64").mask(np.isnan(result))

    def method_text(self, variable: str) -> str:
        details = f", both rounded down to {self.in_unit}" if self.floor_in else ""
        details += f", plus one of {self.in_unit} unless it is negative" if self.add_one else ""
        if self.out_unit in ("years", "months"):
            average = "average ones (a year is 365.25 days)"
            details += (
                f"; {self.out_unit} are {'those of the calendar' if self.type == 'interval' else average}"
            )
        details += "; the fraction is dropped" if self.trunc_out else ""
        return self.method.format(
            variable=variable,
            start_date=self.start_date,
            end_date=self.end_date,
            out_unit=self.out_unit,
            details=details,
        )


def _on_calendar(start: Floats, end: Floats, months_each: int) -> Floats:
    """Whole units from the earlier to the later, and the share of the unit begun; negative where the end is
    earlier."""
    earlier, later = np.fmin(start, end), np.fmax(start, end)
    (year, month, _), (later_year, later_month, _) = (
        calendar_parts(np.floor(each / DAY)) for each in (earlier, later)
    )
    whole = np.floor(((later_year - year) * 12 + later_month - month) / months_each)
    whole = np.where(_moved(earlier, whole * months_each) > later, whole - 1, whole)
    reached, following = _moved(earlier, whole * months_each), _moved(earlier, (whole + 1) * months_each)
    length = whole + (later - reached) / (following - reached)
    return np.where(np.isnan(start) | np.isnan(end), np.nan, np.where(end < start, -length, length))


def _moved(moment: Floats, months: Floats) -> Floats:
    """The same day and time so many months later; the last day of the month where it has no such day."""
    day_number = np.floor(moment / DAY)
    year, month, day = calendar_parts(day_number)
    total = year * 12 + month - 1 + months
    year, month = np.floor(total / 12), total % 12 + 1
    moved_day = days_of(year, month, np.fmin(day, days_in_month(year, month)))
    moved: Floats = moved_day * DAY + (moment - day_number * DAY)
    return moved
