"""The word `study_day`."""

from typing import ClassVar

import pandas as pd

from sdtm.iso_dates import complete_dates
from specs import Derivation, Ref
from specs.derivation import Origin


class StudyDay(Derivation):
    """Days from a reference date, counted so that the reference date is day 1 and no day is 0.

    Whole days, times of day ignored. Missing unless both dates are complete to the day.

    >>> records = pd.DataFrame({"AESTDTC": ["2014-01-05"], "DM.RFSTDTC": ["2014-01-06T09:30"]}, dtype="string")
    >>> StudyDay(date="AESTDTC").compute(records).tolist()
    [-1.0]
    """

    source = "SDTMIG 3.4, 4.4.4"
    origin: ClassVar[Origin] = "Derived"
    method = (
        "{variable} = {date} - {reference} + 1 when {date} is on or after {reference}, else {date} - {reference}. "
        "Missing unless both dates are complete."
    )
    shorthand = "date"

    date: Ref
    """the date to count to"""
    reference: Ref = Ref("DM.RFSTDTC")
    """the date that is day 1"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        days = (complete_dates(records[self.date]) - complete_dates(records[self.reference])).dt.days
        return (days + (days >= 0)).astype("Float64")
