"""The word `predecessor`."""

from typing import ClassVar

import pandas as pd

from specs import Derivation, Ref
from specs.derivation import Origin


class Predecessor(Derivation):
    """A copy of a variable of another dataset, value for value.

    `AETERM: {predecessor: AE.AETERM}` copies from the record that this one came from, `TRTSDT: {predecessor:
    ADSL.TRTSDT}` from the subject's only record. Its origin in define.xml names that variable. Missing stays
    missing.

    >>> records = pd.DataFrame({"AE.AETERM": ["Headache", None]}, dtype="string")
    >>> Predecessor(variable="AE.AETERM").compute(records).tolist()
    ['Headache', <NA>]
    """

    source = "Define-XML 2.1, 5.3.11.3 (def:Origin); ADaMIG 1.3, 2.2"
    origin: ClassVar[Origin] = "Predecessor"
    shorthand = "variable"

    variable: Ref
    """the variable that is copied, as DATASET.VARIABLE"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        return records[self.variable]

    def method_text(self, variable: str) -> str:
        return ""
