"""The word `not_collected`."""

from typing import ClassVar

import pandas as pd

from specs import Derivation
from specs.derivation import Origin


class NotCollected(Derivation):
    """A variable that the standard expects and the study has no data for: missing everywhere, with the reason.

    `RACE: {not_collected: Race is not collected in France.}`

    >>> NotCollected(because="Race is not collected.").compute(pd.DataFrame(index=range(2))).isna().tolist()
    [True, True]
    """

    source = "Define-XML 2.1, 5.3.12.3"
    origin: ClassVar[Origin] = "Not Available"
    shorthand = "because"

    because: str
    """the reason, as define.xml's comment says it"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        return pd.Series([pd.NA] * len(records), index=records.index, dtype="string")

    def remark(self) -> str:
        return self.because
