"""The word `treatment_emergent_flag`."""

from typing import ClassVar, Literal

import pandas as pd
from pydantic import model_validator

from adam.linked_lines import worsened_lines
from adam.sas_dates import DAY, comparable, days, seconds
from specs import Derivation, Ref
from specs.derivation import Origin


class TreatmentEmergentFlag(Derivation):
    """Y on an event that began or worsened under treatment: TRTEMFL.

    `TRTEMFL: {treatment_emergent_flag: {trt_end_date: ADSL.TRTEDT, end_window: 30}}`. The first that applies
    decides: not treated, missing. Ended before treatment start, missing. Start missing, Y. Started at or
    after treatment start, and with `end_window` not later than so many days after treatment end, Y; a missing
    treatment end is treatment that goes on, and without `end_window` treatment end is not used at all.
    Started before, ended at or after treatment start or ongoing, and worsened, Y: its intensity is greater
    than `initial_intensity`. Else missing. A missing intensity counts as worsened unless `missing_intensity`
    says otherwise.

    With `group`, records of one subject and group are one event that was recorded in several lines. If it
    began before treatment start, a line that starts later is Y only once its intensity is greater than it was
    at treatment start (in the last line before it), and then so are all later lines in the window.

    >>> events = pd.DataFrame({"ASTDT": [9.0, 10.0, 41.0], "AENDT": [None, None, None],
    ...     "ADSL.TRTSDT": [10.0] * 3, "ADSL.TRTEDT": [11.0, None, 10.0]}).astype("Float64")
    >>> TreatmentEmergentFlag(trt_end_date="ADSL.TRTEDT", end_window=30).compute(events).tolist()
    [<NA>, 'Y', <NA>]
    """

    source = "ADaM OCCDS 1.1, 3.2.5"
    origin: ClassVar[Origin] = "Derived"
    method = (
        "{variable} is missing without {trt_start_date} and where {end_date} is before it. Y where "
        "{start_date} is "
        "missing. Y where {start_date} is on or after {trt_start_date}{window}.{worsening} Else missing."
    )
    rowwise = False

    start_date: Ref = Ref("ASTDT")
    """the numeric date or datetime of the start"""
    end_date: Ref = Ref("AENDT")
    """the numeric date or datetime of the end; missing means ongoing"""
    trt_start_date: Ref = Ref("ADSL.TRTSDT")
    """the first exposure"""
    trt_end_date: Ref | None = None
    """the last exposure; missing means that treatment goes on"""
    end_window: int | None = None
    """the days after the last exposure in which an event is still treatment-emergent"""
    ignore_time_for_trt_end: bool = True
    """whether the window is counted in whole days"""
    initial_intensity: Ref | None = None
    """the intensity at the start of the event, a number"""
    intensity: Ref | None = None
    """the greatest intensity, a number"""
    missing_intensity: Literal["worsened", "not worsened"] = "worsened"
    """what a missing intensity of an event that began before treatment means"""
    group: Ref | None = None
    """the variable that links the lines of one event"""
    subject: Ref = Ref("USUBJID")
    """whose lines are linked"""

    @model_validator(mode="after")
    def _together(self) -> "TreatmentEmergentFlag":
        if (self.trt_end_date is None) != (self.end_window is None):
            raise ValueError("trt_end_date and end_window belong together: say both or none")
        if self.group is None and (self.initial_intensity is None) != (self.intensity is None):
            raise ValueError("initial_intensity and intensity belong together: say both or none")
        if self.group is not None and (self.intensity is None or self.initial_intensity is not None):
            raise ValueError("with group, say intensity and not initial_intensity")
        return self

    def reads(self) -> dict[Ref, None]:
        found = super().reads()
        if self.group is None:
            found.pop(self.subject, None)
        return found

    def compute(self, records: pd.DataFrame) -> pd.Series:
        start, first = comparable(records, self.start_date, self.trt_start_date)
        end, first_of_end = comparable(records, self.end_date, self.trt_start_date)
        blank = (first.isna() | (end < first_of_end)).fillna(False).astype(bool)
        began = (start >= first).fillna(False) & self._in_window(records)
        worsened = pd.Series(False, index=records.index)
        if self.group is not None:
            linked, worsened = self._linked(records, start, first)
            began, worsened = began & ~linked, worsened & self._in_window(records)
        elif self.intensity is not None and self.initial_intensity is not None:
            before = (start < first).fillna(False)
            worsened = before & self._greater(records[self.intensity], records[self.initial_intensity])
        flagged = ~blank & (start.isna() | began | worsened).astype(bool)
        return pd.Series(pd.NA, index=records.index, dtype="string").mask(flagged, "Y")

    def _in_window(self, records: pd.DataFrame) -> pd.Series:
        if self.trt_end_date is None or self.end_window is None:
            return pd.Series(True, index=records.index)
        if self.ignore_time_for_trt_end:
            last = days(records, self.trt_end_date) + self.end_window
            return ((days(records, self.start_date) <= last).fillna(False) | last.isna()).astype(bool)
        last = seconds(records, self.trt_end_date, end_of_day=True) + self.end_window * DAY
        return ((seconds(records, self.start_date) <= last).fillna(False) | last.isna()).astype(bool)

    def _greater(self, intensity: pd.Series, than: pd.Series) -> pd.Series:
        greater = intensity.astype("Float64") > than.astype("Float64")
        return greater.fillna(self.missing_intensity == "worsened").astype(bool)

    def _linked(
        self, records: pd.DataFrame, start: pd.Series, first: pd.Series
    ) -> tuple[pd.Series, pd.Series]:
        assert self.group is not None
        assert self.intensity is not None
        lines = {
            "subject": records[self.subject],
            "group": records[self.group],
            "start": start,
            "before": (start < first).fillna(False).astype(bool),
            "intensity": records[self.intensity].astype("Float64"),
        }
        return worsened_lines(pd.DataFrame(lines), self._greater)

    def method_text(self, variable: str) -> str:
        window = (
            ""
            if self.end_window is None
            else f" and not later than {self.trt_end_date} + {self.end_window} days"
        )
        worsening = ""
        if self.group is not None:
            worsening = (
                f" A line of an event ({self.group}) that began before is Y in that time once "
                f"{self.intensity} is "
                f"greater than at {self.trt_start_date}, and so are its later lines."
            )
        elif self.intensity is not None:
            worsening = (
                f" Y where it began before and {self.intensity} is greater than {self.initial_intensity}."
            )
        return self.method.format(
            variable=variable,
            trt_start_date=self.trt_start_date,
            end_date=self.end_date,
            start_date=self.start_date,
            window=window,
            worsening=worsening,
        )
