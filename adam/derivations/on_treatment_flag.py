"""The word `on_treatment_flag`."""

from typing import ClassVar

import pandas as pd

from adam.sas_dates import comparable, days
from specs import Condition, Derivation, Ref
from specs.derivation import Origin


class OnTreatmentFlag(Derivation):
    """Y on a record within the time of treatment: ONTRTFL.

    `ONTRTFL: {on_treatment_flag: {start_date: ADT, ref_start_date: ADSL.TRTSDT, ref_end_date: ADSL.TRTEDT,
    ref_end_window: 30}}`. In this order: without a reference start, missing. Start missing: Y, but missing
    where the end is before the reference start. Start at the reference start: Y, unless
    `filter_pre_timepoint` is true of the record. Start after it and not later than the reference end and the
    window: Y; without a reference end, treatment goes on, and every later start is Y. Start before it: Y only
    with `span_period`, where the record ends at or after the reference start; a missing end is an ongoing
    record. Datetimes are compared with datetimes, else days with days; the reference end always by days.

    >>> dates = {"ADT": [10.0, 9.0, 41.0], "ADSL.TRTSDT": [10.0] * 3, "ADSL.TRTEDT": [11.0] * 3}
    >>> word = OnTreatmentFlag(start_date="ADT", ref_end_date="ADSL.TRTEDT", ref_end_window=30)
    >>> word.compute(pd.DataFrame(dates)).tolist()
    ['Y', <NA>, 'Y']
    """

    source = "ADaMIG 1.3, 3.3.9"
    origin: ClassVar[Origin] = "Derived"
    method = (
        "{variable} = Y where {start_date} is from {ref_start_date} to {ref_end_date} + {ref_end_window} "
        "days or is "
        "missing. A record that ended before {ref_start_date} is not on treatment. Treatment without an "
        "end goes "
        "on. Began before, reaching into treatment: {span_period}."
    )

    start_date: Ref
    """the numeric date or datetime of the record, or of its start"""
    end_date: Ref | None = None
    """the numeric date or datetime of its end; missing means ongoing"""
    ref_start_date: Ref = Ref("ADSL.TRTSDT")
    """the first exposure"""
    ref_end_date: Ref | None = None
    """the last exposure; without it, or where it is missing, treatment has no end"""
    ref_end_window: int = 0
    """the days after the last exposure that still belong to treatment"""
    filter_pre_timepoint: Condition | None = None
    """what is true of a record that was made before the dose of the first day"""
    span_period: bool = False
    """whether a record that began before treatment and reaches into it is on treatment"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        start, ref_start = comparable(records, self.start_date, self.ref_start_date)
        if self.end_date is None:
            ended_before = pd.Series(False, index=records.index, dtype="boolean")
            open_end = pd.Series(False, index=records.index)
        else:
            end, ref_start_of_end = comparable(records, self.end_date, self.ref_start_date)
            ended_before, open_end = (end < ref_start_of_end).fillna(False), end.isna()
        pre_dose = pd.Series(False, index=records.index)
        if self.filter_pre_timepoint is not None:
            pre_dose = self.filter_pre_timepoint.selects(records)
        at_start = (start == ref_start) & ~pre_dose
        after_start = (start > ref_start) & self._in_time(records)
        on = start.isna() | at_start.fillna(False) | after_start.fillna(False)
        if self.span_period and self.end_date is not None:
            on = on | ((start < ref_start).fillna(False) & (open_end | ~ended_before))
        on = on & ~ended_before & ref_start.notna()
        return pd.Series(pd.NA, index=records.index, dtype="string").mask(on.astype(bool), "Y")

    def _in_time(self, records: pd.DataFrame) -> pd.Series:
        if self.ref_end_date is None:
            return pd.Series(True, index=records.index, dtype="boolean")
        last_day = days(records, self.ref_end_date) + self.ref_end_window
        return (days(records, self.start_date) <= last_day) | last_day.isna()

    def method_text(self, variable: str) -> str:
        text = self.method.format(
            variable=variable,
            start_date=self.start_date,
            ref_start_date=self.ref_start_date,
            ref_end_date=self.ref_end_date or "the end of the study",
            ref_end_window=self.ref_end_window,
            span_period="on treatment" if self.span_period else "not on treatment",
        )
        if self.filter_pre_timepoint is None:
            return text
        return f"{text} At {self.ref_start_date}, not where {self.filter_pre_timepoint}."
