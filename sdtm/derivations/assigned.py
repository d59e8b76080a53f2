"""The word `assigned`."""

from typing import ClassVar

import pandas as pd

from specs import Derivation
from specs.derivation import Origin


class Assigned(Derivation):
    """A constant that the sponsor assigns to every record.

    `DOMAIN: {assigned: AE}`. With `where` beside it, to the records chosen only.

    >>> Assigned(value="AE").compute(pd.DataFrame(index=range(2))).tolist()
    ['AE', 'AE']
    """

    source = "SDTMIG 3.4, 4.1"
    origin: ClassVar[Origin] = "Assigned"
    shorthand = "value"

    value: str | int | float
    """the constant"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        return pd.Series([self.value] * len(records), index=records.index)
