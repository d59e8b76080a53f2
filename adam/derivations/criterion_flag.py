"""The word `criterion_flag`."""

from typing import ClassVar

import pandas as pd

from specs import Condition, Derivation
from specs.derivation import Origin


class CriterionFlag(Derivation):
    """Whether a record meets a criterion, in three outcomes: CRIT1FL, COMPLFL, PPROTFL.

    `CRIT1FL: {criterion_flag: {criterion: R2ANRHI GT 3, unmet: N}}`. `met` (Y) where it is known to hold,
    `unmet` where it is known not to, `unknown` where a value that decides is missing; the latter two stay
    missing unless they are given. The criterion reads the record itself alone.

    >>> records = pd.DataFrame({"R2ANRHI": pd.array([4.0, 1.0, None], dtype="Float64")})
    >>> CriterionFlag(criterion="R2ANRHI GT 3", unmet="N").compute(records).tolist()
    ['Y', 'N', <NA>]
    """

    source = "ADaMIG 1.3, 3.3.5"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} = {met} where {criterion}, {unmet} where not, {unknown} where that is not known."
    shorthand = "criterion"

    criterion: Condition
    """the criterion"""
    met: str = "Y"
    """the value where it holds"""
    unmet: str | None = None
    """the value where it does not; none: missing"""
    unknown: str | None = None
    """the value where that is not known; none: missing"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        holds = self.criterion.holds(records)
        values = pd.Series(self.unknown or pd.NA, index=records.index, dtype="string")
        values = values.mask((~holds).fillna(False).astype(bool), self.unmet or pd.NA)
        return values.mask(holds.fillna(False).astype(bool), self.met)

    def method_text(self, variable: str) -> str:
        return self.method.format(
            variable=variable,
            criterion=self.criterion,
            met=self.met,
            unmet=self.unmet or "missing",
            unknown=self.unknown or "missing",
        )
