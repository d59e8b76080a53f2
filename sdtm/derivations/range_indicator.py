"""The word `range_indicator`."""

from typing import ClassVar, Literal

import pandas as pd

from specs import Derivation, Doubt, Judged, Ref
from specs.derivation import Origin

_DIGITS = 15


class RangeIndicator(Derivation):
    """Where a numeric result lies to its reference range: LOW, NORMAL or HIGH.

    `LBNRIND: {range_indicator: {result: LBSTRESN, low: LBSTNRLO, high: LBSTNRHI}}`. The bounds themselves are NORMAL;
    numbers are compared at 15 significant digits. Missing where the result or both bounds are. Where one bound is
    missing, a result that is not beyond the other is NORMAL (`missing_bound: one bound is enough`), or cannot be
    classified and stays missing (`missing_bound: cannot classify`); beyond the known bound it is LOW or HIGH either
    way. A range whose bounds are the wrong way round classifies nothing.

    >>> records = pd.DataFrame({"LBSTRESN": [3, 9], "LBSTNRLO": [4, 4], "LBSTNRHI": [10, None]}, dtype="Float64")
    >>> RangeIndicator(result="LBSTRESN", low="LBSTNRLO", high="LBSTNRHI").compute(records).values.tolist()
    ['LOW', 'NORMAL']
    """

    source = "SDTMIG 3.4, 6.3.5.8 (LB); ADaMIG 1.3, 3.3.4"
    origin: ClassVar[Origin] = "Derived"
    method = (
        "{variable} = LOW when {result} < {low}, HIGH when {result} > {high}, else NORMAL. Missing without {result} or "
        "without both bounds. With one bound missing: {missing_bound}."
    )
    doubts: ClassVar = {
        "RANGE_INVERTED": Doubt(
            "error",
            "the lower bound of the reference range is above the upper one",
            "have the range corrected",
            about="low",
        ),
    }

    result: Ref
    """the numeric result"""
    low: Ref
    """the lower bound, in the same unit"""
    high: Ref
    """the upper bound, in the same unit"""
    missing_bound: Literal["one bound is enough", "cannot classify"] = "one bound is enough"
    """what a single bound says of a result that is not beyond it"""

    def compute(self, records: pd.DataFrame) -> Judged:
        result, low, high = (_rounded(records[ref]) for ref in (self.result, self.low, self.high))
        inverted = (low > high).fillna(False)
        is_low, is_high = (result < low).fillna(False), (result > high).fillna(False)
        bounds = low.notna().astype(int) + high.notna().astype(int)
        classified = result.notna() & (bounds >= (1 if self.missing_bound == "one bound is enough" else 2))
        found = pd.Series(pd.NA, index=records.index, dtype="string").mask(classified, "NORMAL")
        found = found.mask(is_low, "LOW").mask(is_high, "HIGH").mask(inverted)
        doubts = pd.Series(pd.NA, index=records.index, dtype="string")
        return Judged(found, doubts.mask(inverted & result.notna(), "RANGE_INVERTED"))


def _rounded(numbers: pd.Series) -> pd.Series:
    exact = numbers.astype("Float64")
    rounded = {number: float(f"{number:.{_DIGITS}g}") for number in exact.dropna().unique()}
    return exact.map(rounded, na_action="ignore").astype("Float64")
