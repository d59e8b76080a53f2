"""The word `time_of_datetime`."""

from typing import ClassVar

import pandas as pd

from adam.sas_dates import DAY
from specs import Derivation, Ref
from specs.derivation import Origin


class TimeOfDatetime(Derivation):
    """The time of day of a numeric datetime: ATM of ADTM.

    `ATM: {time_of_datetime: ADTM}`. Seconds since midnight, before 1960 as well.

    >>> TimeOfDatetime(datetime="ADTM").compute(pd.DataFrame({"ADTM": [86460.0, -60.0]})).tolist()
    [60.0, 86340.0]
    """

    source = "ADaMIG 1.3, 3.1.2"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} = the time of day of {datetime}."
    shorthand = "datetime"

    datetime: Ref
    """the numeric datetime, in seconds"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        return records[self.datetime].astype("Float64") % DAY
