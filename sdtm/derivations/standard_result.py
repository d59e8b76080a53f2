"""The word `standard_result`."""

from typing import ClassVar

import pandas as pd

from sdtm.standardisation import standardised_records
from specs import Conversions, Derivation, Doubt, Field, Judged, Ref
from specs.derivation import Origin


class StandardResult(Derivation):
    """A result in the standard unit of its test, as text: --STRESC.

    `LBSTRESC: {standard_result: {test: LBTESTCD, result: LBORRES, unit: UNIT, conversions: laboratory}}`. A number is
    multiplied by the factor of its collected unit, in exact decimals, and rounded half up to the decimals of the test
    where it was converted; collected in the standard unit, it keeps its digits. `<3` and `>100` keep their sign. A text
    stays as it is where `texts` allows it. Held back: a missing unit (unless the test says which one is meant), a unit
    without a factor, a result that is no number with one of `decimal_marks`. A result outside the limits of the test
    is kept and reported.

    >>> panel = Conversions(name="laboratory", tests={"HGB": {"unit": "g/L", "factors": {"g/dL": 10}}})
    >>> word = StandardResult(test="LBTESTCD", result="LBORRES", unit="UNIT", conversions=panel, decimal_marks=[".", ","])
    >>> records = pd.DataFrame({"LBTESTCD": ["HGB", "HGB"], "LBORRES": ["12,5", "13"], "raw.UNIT": ["g/dL", "mmol/L"]},
    ...                        dtype="string")
    >>> word.compute(records).values.tolist(), word.compute(records).doubts.tolist()
    (['125', <NA>], [<NA>, 'UNIT_UNKNOWN'])
    """

    source = "SDTMIG 3.4, 4.5.1"
    origin: ClassVar[Origin] = "Derived"
    method = (
        "{variable} is {result} multiplied by the factor from {unit} to the standard unit of {test}, with its sign < or > "
        "where it has one."
    )
    doubts: ClassVar = {
        "UNIT_MISSING": Doubt(
            "error", "a result without a unit cannot be standardised", "have the unit completed", about="unit"
        ),
        "UNIT_UNKNOWN": Doubt(
            "error",
            "no conversion is known from this unit",
            "add its factor in units.yaml, or query the laboratory",
            about="unit",
        ),
        "NUMBER_UNREADABLE": Doubt(
            "error",
            "the result is neither a number nor an allowed text",
            "have the result corrected",
            about="result",
        ),
        "RESULT_IMPLAUSIBLE": Doubt(
            "warning",
            "the result lies outside what is believed possible",
            "have result and unit confirmed",
            about="result",
        ),
        "TEST_NOT_STANDARDISED": Doubt(
            "error", "the test has no standard unit", "add the test in units.yaml", about="test"
        ),
    }

    test: Ref
    """the test code"""
    result: Ref
    """the result, as collected"""
    unit: Field
    """the unit, as collected"""
    conversions: Conversions
    """standard units and factors, by test"""
    decimal_marks: tuple[str, ...] = (".",)
    """the decimal marks that occur"""
    texts: tuple[str, ...] = ()
    """results that are no numbers and stay as they are"""

    def compute(self, records: pd.DataFrame) -> Judged:
        return standardised_records(
            records[self.result],
            records[self.test],
            records[self.unit],
            self.conversions,
            self.decimal_marks,
            frozenset(self.texts),
        )
