"""The word `first_available`."""

from typing import ClassVar, Literal

import pandas as pd

from specs import Derivation, Ref
from specs.derivation import Origin


class FirstAvailable(Derivation):
    """The first of several variables that is not missing.

    `DSTERM: {first_available: {of: [raw.OTHERSP, raw.DSTERM], case: upper}}`.

    >>> records = pd.DataFrame({"raw.OTHERSP": [None, "Other"], "raw.DSTERM": ["Done", "x"]}, dtype="string")
    >>> FirstAvailable(of=["raw.OTHERSP", "raw.DSTERM"]).compute(records).tolist()
    ['Done', 'Other']
    """

    source = "SDTMIG 3.4, 4.1"
    origin: ClassVar[Origin] = "Collected"
    method = "{variable} is the first of {of} that is not missing."
    shorthand = "of"

    of: tuple[Ref, ...]
    """the variables, the preferred one first"""
    case: Literal["as collected", "upper"] = "as collected"
    """`upper`: in capitals"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        found = records[self.of[0]]
        for ref in self.of[1:]:
            found = found.fillna(records[ref])
        return found.astype("string").str.upper() if self.case == "upper" else found
