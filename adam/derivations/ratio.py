"""The word `ratio`."""

from typing import ClassVar

import pandas as pd

from specs import Derivation, Ref
from specs.derivation import Origin


class Ratio(Derivation):
    """One number in terms of another: R2BASE, R2A1HI, multiples of the upper limit of normal.

    `R2BASE: {ratio: {value: AVAL, to: BASE}}`. Missing where the other number is 0, and unless both are
    known.

    >>> records = pd.DataFrame({"AVAL": [15.0, 1.0], "BASE": [10.0, 0.0]})
    >>> Ratio(value="AVAL", to="BASE").compute(records).tolist()
    [1.5, <NA>]
    """

    source = "ADaMIG 1.3, 3.3.4"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} = {value} / {to}; missing where {to} is 0."

    value: Ref
    """the number"""
    to: Ref
    """the number that it is divided by"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        divisor = records[self.to].astype("Float64")
        return records[self.value].astype("Float64") / divisor.mask(divisor == 0)
