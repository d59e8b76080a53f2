"""The word `target_difference`."""

from typing import ClassVar

import numpy as np
import pandas as pd

from adam.derivations.analysis_visit import days_apart
from adam.sas_dates import as_floats
from specs import Derivation, Ref
from specs.derivation import Origin


class TargetDifference(Derivation):
    """How many days a study day is from the target of its window, without a sign: AWTDIFF.

    `AWTDIFF: {target_difference: {day: ADY, target: AWTARGET}}`. Between day -1 and day 1 lies one day, for
    there is no day 0. Missing unless both are known.

    >>> records = pd.DataFrame({"ADY": [6.0, -1.0], "AWTARGET": [8.0, 1.0]})
    >>> TargetDifference(day="ADY", target="AWTARGET").compute(records).tolist()
    [2.0, 1.0]
    """

    source = "ADaMIG 1.3, 3.3.6"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} = |{day} - {target}|, less 1 where only one of them is negative (there is no day 0)."

    day: Ref
    """the study day"""
    target: Ref
    """the target day of the window"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        apart = days_apart(as_floats(records[self.day]), as_floats(records[self.target]))
        return pd.Series(apart, index=records.index).astype("Float64").mask(np.isnan(apart))
