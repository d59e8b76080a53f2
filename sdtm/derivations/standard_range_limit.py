"""The word `standard_range_limit`."""

from typing import ClassVar

import pandas as pd

from sdtm.standardisation import standardised
from specs import Conversions, Derivation, Field, Ref
from specs.derivation import Origin


class StandardRangeLimit(Derivation):
    """A limit of the reference range in the standard unit: --STNRLO, --STNRHI.

    `LBSTNRLO: {standard_range_limit: {test: LBTESTCD, limit: REFLOW, unit: UNIT, conversions: laboratory}}`. It is
    multiplied by the same factor as the result. Missing where the limit or its unit is, or the unit is unknown: that is a finding on
    the result already.

    >>> panel = Conversions(name="laboratory", tests={"HGB": {"unit": "g/L", "factors": {"g/dL": 10}}})
    >>> word = StandardRangeLimit(test="LBTESTCD", limit="REFLOW", unit="UNIT", conversions=panel)
    >>> word.compute(pd.DataFrame({"LBTESTCD": ["HGB"], "raw.REFLOW": ["12"], "raw.UNIT": ["g/dL"]}, dtype="string")).tolist()
    [120.0]
    """

    source = "SDTMIG 3.4, 4.5.1"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} is {limit} multiplied by the factor from {unit} to the standard unit of {test}."

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

    def compute(self, records: pd.DataFrame) -> pd.Series:
        texts = [records[ref].astype("object") for ref in (self.limit, self.test, self.unit)]
        found = [
            standardised(
                limit,
                self.conversions.tests.get(test),
                unit if isinstance(unit, str) else None,
                self.decimal_marks,
                frozenset(),
            ).text
            if isinstance(limit, str) and isinstance(test, str)
            else None
            for limit, test, unit in zip(*texts, strict=True)
        ]
        text = pd.Series(found, index=records.index, dtype="string")
        return text.where(~text.str.startswith(("<", ">")).fillna(False)).astype("Float64")
