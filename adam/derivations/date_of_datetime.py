"""The word `date_of_datetime`."""

from typing import ClassVar

import pandas as pd

from adam.sas_dates import DAY
from specs import Derivation, Ref
from specs.derivation import Origin


class DateOfDatetime(Derivation):
    """The date of a numeric datetime: TRTSDT of TRTSDTM.

    `TRTSDT: {date_of_datetime: TRTSDTM}`. Days since 1 January 1960, so that date and datetime cannot
    disagree.

    >>> DateOfDatetime(datetime="TRTSDTM").compute(pd.DataFrame({"TRTSDTM": [86399.0, 86400.0]})).tolist()
    [0.0, 1.0]
    """

    source = "ADaMIG 1.3, 3.1.2"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} = the date of {datetime}."
    shorthand = "datetime"

    datetime: Ref
    """the numeric datetime, in seconds"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        return records[self.datetime].astype("Float64") // DAY
