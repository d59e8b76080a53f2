"""The word `age`."""

from typing import ClassVar

import pandas as pd

from sdtm.iso_dates import complete_dates
from specs import Derivation, Ref
from specs.derivation import Origin


class Age(Derivation):
    """Age in completed years: the number of birthdays reached.

    Anniversaries are counted, not days divided by 365.25; somebody born on 29 February has a birthday on 1 March of
    other years. Missing unless both dates are complete, or where birth is after the date.

    >>> records = pd.DataFrame({"BRTHDTC": ["1972-01-06"], "RFICDTC": ["2014-01-06"]}, dtype="string")
    >>> Age(birth="BRTHDTC", at="RFICDTC").compute(records).tolist()
    [42.0]
    """

    source = "SDTMIG 3.4, 5.2 (DM)"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} = completed years from {birth} to {at}."

    birth: Ref
    """the date of birth"""
    at: Ref
    """the date at which the age is taken"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        birth, at = complete_dates(records[self.birth]), complete_dates(records[self.at])
        before = (at.dt.month < birth.dt.month) | (
            (at.dt.month == birth.dt.month) & (at.dt.day < birth.dt.day)
        )
        years: pd.Series = (
            at.dt.year.astype("Float64") - birth.dt.year.astype("Float64") - before.astype("Float64")
        )
        return years.where(at >= birth)
