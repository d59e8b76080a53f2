"""The word `collected_number`."""

import re
from typing import ClassVar

import pandas as pd

from specs import Derivation, Doubt, Field, Judged
from specs.derivation import Origin


class CollectedNumber(Derivation):
    """A number as it was collected.

    `EXDOSE: {collected_number: EXIDOSE}`. The decimal mark is a point unless another is declared. A text that is no
    number is held back; thousands separators are not guessed at.

    >>> CollectedNumber(field="AGE").compute(pd.DataFrame({"raw.AGE": ["42", "4O"]}, dtype="string")).doubts.tolist()
    [<NA>, 'NUMBER_UNREADABLE']
    """

    source = "SDTMIG 3.4, 4.1"
    origin: ClassVar[Origin] = "Collected"
    shorthand = "field"
    doubts: ClassVar = {
        "NUMBER_UNREADABLE": Doubt(
            "error", "the collected text is not a number", "have the number corrected"
        ),
    }

    field: Field
    """the field of the export"""
    decimal_mark: str = "."
    """what stands before the decimals"""

    def compute(self, records: pd.DataFrame) -> Judged:
        text = records[self.field].astype("string").str.strip()
        fits = (
            text.str.fullmatch(rf"[+-]?\d+(?:{re.escape(self.decimal_mark)}\d+)?").fillna(False).astype(bool)
        )
        values = text.where(fits).str.replace(self.decimal_mark, ".", regex=False).astype("Float64")
        doubts = pd.Series(pd.NA, index=records.index, dtype="string").mask(
            text.notna() & ~fits, "NUMBER_UNREADABLE"
        )
        return Judged(values, doubts)
