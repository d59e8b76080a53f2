"""The word `number_of`."""

from typing import ClassVar

import pandas as pd

from specs import Derivation, Ref
from specs.derivation import Origin


class NumberOf(Derivation):
    """The number that a text is: LBSTRESN of LBSTRESC.

    `LBSTRESN: {number_of: LBSTRESC}`. Missing where the text is no plain number, as `<3`, `1,5` or `POSITIVE`.

    >>> NumberOf(text="LBSTRESC").compute(pd.DataFrame({"LBSTRESC": ["4.2", "<3"]}, dtype="string")).tolist()
    [4.2, <NA>]
    """

    source = "SDTMIG 3.4, 4.5.1"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} is {text} as a number; missing where {text} is not numeric."
    shorthand = "text"

    text: Ref
    """the text"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        text = records[self.text].astype("string")
        plain = text.str.fullmatch(r"[+-]?\d+(?:\.\d+)?(?:E[+-]?\d+)?").fillna(False).astype(bool)
        return text.where(plain).astype("Float64")
