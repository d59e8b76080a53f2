"""The word `analysis_study_day`."""

from typing import ClassVar

import pandas as pd

from adam.sas_dates import days
from specs import Derivation, Ref
from specs.derivation import Origin


class AnalysisStudyDay(Derivation):
    """Days from a reference date to a numeric date, the reference being day 1 and no day 0: ADY, ASTDY,
    AENDY.

    `ASTDY: {analysis_study_day: ASTDT}`. Of datetimes the days count, times of day do not. Missing unless
    both are known; an imputed date counts like any other.

    >>> records = pd.DataFrame({"ASTDT": [100.0, 99.0], "ADSL.TRTSDT": [100.0, 100.0]})
    >>> AnalysisStudyDay(date="ASTDT").compute(records).tolist()
    [1.0, -1.0]
    """

    source = "ADaMIG 1.3, 3.3.3"
    origin: ClassVar[Origin] = "Derived"
    method = (
        "{variable} = {date} - {reference} + 1 when {date} is on or after {reference}, else {date} - "
        "{reference}, "
        "in days."
    )
    shorthand = "date"

    date: Ref
    """the numeric date or datetime to count to"""
    reference: Ref = Ref("ADSL.TRTSDT")
    """the numeric date or datetime that is day 1"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        difference = days(records, self.date) - days(records, self.reference)
        return difference.mask(difference >= 0, difference + 1)
