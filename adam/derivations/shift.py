"""The word `shift`."""

from typing import ClassVar

import pandas as pd

from specs import Derivation, Ref
from specs.derivation import Origin


class Shift(Derivation):
    """From one category to another, in words: SHIFT1.

    `SHIFT1: {shift: {from_variable: BNRIND, to_variable: ANRIND}, where: ADY GE 1}` gives `NORMAL to HIGH`. A
    missing category is shown as a word, so that every record has a shift; which records are meant, usually
    those after baseline, is the study's choice (`where`).

    >>> records = pd.DataFrame({"BNRIND": ["NORMAL", None], "ANRIND": ["HIGH", "LOW"]}, dtype="string")
    >>> Shift(from_variable="BNRIND", to_variable="ANRIND").compute(records).tolist()
    ['NORMAL to HIGH', 'MISSING to LOW']
    """

    source = "ADaMIG 1.3, 3.3.4"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} = {from_variable} to {to_variable}, a missing one shown as {missing}."

    from_variable: Ref
    """the category at baseline"""
    to_variable: Ref
    """the category of the record"""
    missing: str = "MISSING"
    """the word for a missing category"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        before, after = (
            records[ref].astype("string").fillna(self.missing)
            for ref in (self.from_variable, self.to_variable)
        )
        return before + " to " + after
