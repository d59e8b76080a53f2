"""The word `standard_range_limit`."""

from typing import ClassVar

import pandas as pd

from sdtm.standardisation import standardised_records
from specs import Conversions, Derivation, Doubt, Field, Judged, Ref
from specs.derivation import Origin


class StandardRangeLimit(Derivation):
    """A limit of the reference range in the standard unit: --STNRLO, --STNRHI.

    `LBSTNRLO: {standard_range_limit: {test: LBTESTCD, limit: REFLOW, unit: UNIT, conversions: laboratory}}`. It is
    multiplied by the same factor as the result, and rounded like it. Missing where the limit is, or where the unit is
    missing or unknown: that is a finding on the result already. A limit that is no plain number (`<5`) is held back.

    >>> panel = Conversions(name="laboratory", tests={"HGB": {"unit": "g/L", "factors": {"g/dL": 10}}})
    >>> word = StandardRangeLimit(test="LBTESTCD", limit="REFLOW", unit="UNIT", conversions=panel)
    >>> records = pd.DataFrame({"LBTESTCD": ["HGB"], "raw.REFLOW": ["12"], "raw.UNIT": ["g/dL"]}, dtype="string")
    >>> word.compute(records).values.tolist()
    [120.0]
    """

    source = "SDTMIG 3.4, 4.5.1"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} is {limit} multiplied by the factor from {unit} to the standard unit of {test}."
    doubts: ClassVar = {
        "LIMIT_UNREADABLE": Doubt(
            "error",
            "the limit of the reference range is not a number",
            "have the reference range corrected",
            about="limit",
        ),
    }

    test: Ref
    """the test code"""
    limit: Field
    """the limit, as collected"""
    unit: Field
    """the unit, as collected"""
    conversions: Conversions
    """standard units and factors, by test"""
    decimal_marks: tuple[str, ...] = (".",)
    """the decimal marks that occur"""

    def compute(self, records: pd.DataFrame) -> Judged:
        found = standardised_records(
            records[self.limit], records[self.test], records[self.unit], self.conversions, self.decimal_marks
        )
        signed = found.values.str.startswith(("<", ">")).fillna(False)
        unreadable = signed | found.doubts.eq("NUMBER_UNREADABLE").fillna(False)
        doubts = pd.Series(pd.NA, index=records.index, dtype="string").mask(unreadable, "LIMIT_UNREADABLE")
        return Judged(found.values.mask(signed).astype("Float64"), doubts)
