"""The word `body_mass_index`."""

from typing import ClassVar

import pandas as pd

from specs import Derivation, Ref
from specs.derivation import Origin


class BodyMassIndex(Derivation):
    """Weight in kilograms divided by the square of height in metres: BMIBL.

    `BMIBL: {body_mass_index: {weight: WEIGHTBL, height: HEIGHTBL}}`, height in centimetres. kg/m2, not
    rounded. Missing unless both are known and height is above 0.

    >>> records = pd.DataFrame({"WEIGHTBL": [72.0, 72.0], "HEIGHTBL": [200.0, 0.0]})
    >>> BodyMassIndex(weight="WEIGHTBL", height="HEIGHTBL").compute(records).tolist()
    [18.0, <NA>]
    """

    source = "ADaMIG 1.3, 3.2"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} = {weight} / ({height} / 100)**2, in kg/m2."

    weight: Ref
    """the weight in kg"""
    height: Ref
    """the height in cm"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        height = records[self.height].astype("Float64")
        return records[self.weight].astype("Float64") / (height.mask(height <= 0) / 100) ** 2
