"""The word `percent_change_from_baseline`."""

from typing import ClassVar

import pandas as pd

from specs import Derivation, Ref
from specs.derivation import Origin


class PercentChangeFromBaseline(Derivation):
    """The change from baseline in percent of the absolute baseline value: PCHG.

    `PCHG: {percent_change_from_baseline: {}, where: ADY GE 1}`. A rise from a negative baseline is positive.
    Missing where the baseline value is 0, and unless both values are known.

    >>> records = pd.DataFrame({"AVAL": [15.0, 1.0], "BASE": [10.0, 0.0]})
    >>> PercentChangeFromBaseline().compute(records).tolist()
    [50.0, <NA>]
    """

    source = "ADaMIG 1.3, 3.3.4"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} = ({value} - {base}) / |{base}| * 100; missing where {base} is 0."

    value: Ref = Ref("AVAL")
    """the analysis value"""
    base: Ref = Ref("BASE")
    """the baseline value"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        base = records[self.base].astype("Float64")
        base = base.mask(base == 0)
        return (records[self.value].astype("Float64") - base) / base.abs() * 100
