"""The word `collected`."""

from typing import ClassVar, Literal

import pandas as pd
from pydantic import PositiveInt

from sdtm.ascii_text import ascii_of, parts_of
from specs import Derivation, Doubt, Field, Judged
from specs.derivation import Origin


class Collected(Derivation):
    """A text as it was collected.

    `AETERM: {collected: AETERM}`. Nothing is trimmed or changed unless it is asked for: `case: upper` writes
    capitals; `ascii: true` takes off diacritics, since XPT version 5 holds ASCII only, and says so; what cannot be
    written in ASCII is held back. A text longer than 200 bytes (not characters) is cut at a word boundary, and each
    part after which it goes on says so: its parts 2, 3 ... belong into non-standard variables (`part: 2`), which are
    missing for shorter texts.

    >>> Collected(field="AETERM").compute(pd.DataFrame({"raw.AETERM": ["asthenie"]}, dtype="string")).values.tolist()
    ['asthenie']
    """

    source = "SDTMIG 3.4, 4.5.3"
    origin: ClassVar[Origin] = "Collected"
    shorthand = "field"
    doubts: ClassVar = {
        "TEXT_TRANSLITERATED": Doubt(
            "notice", "diacritics were taken off the collected text", "nothing, if it reads well"
        ),
        "TEXT_NOT_ASCII": Doubt(
            "error", "the collected text cannot be written in ASCII", "have it translated or corrected"
        ),
        "TEXT_CONTINUED": Doubt(
            "notice",
            "the collected text has more than 200 bytes, and here it is cut",
            "see that a non-standard variable takes the next part (`part:`)",
        ),
        "TEXT_LIKE_FORMULA": Doubt(
            "notice",
            "the collected text begins like a formula",
            "nothing here: workbooks escape it; beware when the export itself is opened in a spreadsheet",
        ),
    }

    field: Field
    """the field of the export"""
    case: Literal["as collected", "upper"] = "as collected"
    """`upper`: in capitals"""
    ascii: bool = False
    """whether diacritics are taken off"""
    part: PositiveInt = 1
    """which part of 200 bytes"""

    def compute(self, records: pd.DataFrame) -> Judged:
        collected = records[self.field].astype("string")
        written = collected.str.upper() if self.case == "upper" else collected
        doubts = pd.Series(pd.NA, index=records.index, dtype="string")
        if self.ascii:
            plain = written.map(ascii_of, na_action="ignore").astype("string")
            if self.part == 1:
                doubts = doubts.mask(plain.ne(written).fillna(False), "TEXT_TRANSLITERATED")
                doubts = doubts.mask(written.notna() & plain.isna(), "TEXT_NOT_ASCII")
            written = plain
        parts = {text: parts_of(text) for text in written.dropna().unique()}
        values = {text: said[self.part - 1] for text, said in parts.items() if len(said) >= self.part}
        goes_on = {text for text, said in parts.items() if len(said) > self.part}
        doubts = doubts.mask(written.isin(goes_on), "TEXT_CONTINUED")
        if self.part == 1:
            formula = written.str.contains(r"^[=@\t\r]|^[+-](?![\d.,])").fillna(False).astype(bool)
            doubts = doubts.mask(formula & doubts.isna(), "TEXT_LIKE_FORMULA")
        return Judged(written.map(values, na_action="ignore").astype("string"), doubts)
