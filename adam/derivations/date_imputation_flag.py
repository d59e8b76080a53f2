"""The word `date_imputation_flag`."""

from typing import ClassVar

import numpy as np
import pandas as pd

from adam.imputation import parts_of
from specs import Derivation, Ref
from specs.derivation import Origin


class DateImputationFlag(Derivation):
    """The highest part of a date that was imputed, Y, M or D: ASTDTF, AENDTF, TRTSDTF.

    `ASTDTF: {date_imputation_flag: {collected: AE.AESTDTC, imputed: ASTDT}}`. Missing where the collected
    date was complete and where nothing could be imputed. Of `2019---07` the month was imputed: M, whether or
    not the day was kept.

    >>> records = pd.DataFrame({"AE.AESTDTC": ["2014-03", "2014"], "ASTDT": [19783.0, None]})
    >>> DateImputationFlag(collected="AE.AESTDTC", imputed="ASTDT").compute(records).tolist()
    ['D', <NA>]
    """

    source = "ADaMIG 1.3, 3.1.3"
    origin: ClassVar[Origin] = "Derived"
    method = (
        "{variable} = Y, M or D: the highest of year, month and day that {imputed} has and {collected} has "
        "not. "
        "Missing where {collected} is complete to the day or {imputed} is missing."
    )

    collected: Ref
    """the ISO 8601 date as it was collected"""
    imputed: Ref
    """the numeric date or datetime made of it"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        parts, invalid = parts_of(records[self.collected])
        missing = np.isnan(parts[:, :3])
        flags = np.select([missing[:, 0], missing[:, 1], missing[:, 2]], ["Y", "M", "D"], "")
        found = pd.Series(flags, index=records.index, dtype="string")
        return found.where((found != "") & ~invalid & records[self.imputed].notna())
