"""The word `change_from_baseline`."""

from typing import ClassVar

import pandas as pd

from specs import Derivation, Ref
from specs.derivation import Origin


class ChangeFromBaseline(Derivation):
    """The analysis value less the baseline value: CHG.

    `CHG: {change_from_baseline: {}, where: ADY GE 1}`: which records have a change is the study's choice.
    Missing unless both values are known.

    >>> ChangeFromBaseline().compute(pd.DataFrame({"AVAL": [12.0], "BASE": [10.0]})).tolist()
    [2.0]
    """

    source = "ADaMIG 1.3, 3.3.4"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} = {value} - {base}."

    value: Ref = Ref("AVAL")
    """the analysis value"""
    base: Ref = Ref("BASE")
    """the baseline value"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        return records[self.value].astype("Float64") - records[self.base].astype("Float64")
