"""The word `derived_field`."""

from typing import ClassVar

import pandas as pd

from specs import Derivation, Field
from specs.derivation import Origin


class DerivedField(Derivation):
    """A value that was derived together with its record: the start of an element, the text of a qualifier.

    `SESTDTC: {derived_field: {field: START, description: First moment of the element.}}`.

    >>> word = DerivedField(field="START", description="First moment of the element.")
    >>> word.compute(pd.DataFrame({"raw.START": ["2014-01-06"]}, dtype="string")).tolist()
    ['2014-01-06']
    """

    source = "SDTMIG 3.4, 4.1"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable}: {description}"

    field: Field
    """the field that the word which makes the records fills"""
    description: str
    """how, in a sentence"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        return records[self.field]
