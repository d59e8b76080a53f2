"""The word `collected`."""

from typing import ClassVar, Literal

import pandas as pd

from sdtm.ascii_text import LONGEST, ascii_of, parts_of
from specs import Derivation, Doubt, Field, Judged
from specs.derivation import Origin


class Collected(Derivation):
    """A text as it was collected.

    `AETERM: {collected: AETERM}`. Nothing is trimmed or changed unless it is asked for: `case: upper` writes capitals;
    `ascii: true` takes off diacritics, since XPT version 5 holds ASCII only, and says so. A text longer than 200 bytes is cut at
    a word boundary; its parts 2, 3 ... belong into non-standard variables (`part: 2`).
    What cannot be written in ASCII is held back.

    >>> Collected(field="AETERM").compute(pd.DataFrame({"raw.AETERM": ["asthenie"]}, dtype="string")).values.tolist()
    ['asthenie']
    """

    source = "SDTMIG 3.4, 4.5.3"
    origin: ClassVar[Origin] = "Collected"
    shorthand = "field"
    doubts: ClassVar = {
        "TEXT_TRANSLITERATED": Doubt("notice", "diacritics were taken off the collected text", "nothing, if it reads well"),
        "TEXT_NOT_ASCII": Doubt("error", "the collected text cannot be written in ASCII", "have it translated or corrected"),
        "TEXT_CONTINUED": Doubt(
            "notice", "the collected text has more than 200 bytes and is continued", "see the non-standard variable"
        ),
    }

    field: Field
    """the field of the export"""
    case: Literal["as collected", "upper"] = "as collected"
    """`upper`: in capitals"""
    ascii: bool = False
    """whether diacritics are taken off"""
    part: int = 1
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
        values = written.map(self._part, na_action="ignore").astype("string")
        if self.part == 2:
            doubts = doubts.mask(values.notna(), "TEXT_CONTINUED")
        return Judged(values, doubts)

    def _part(self, text: str) -> str | None:
        if len(text.encode()) <= LONGEST:
            return text if self.part == 1 else None
        parts = parts_of(text)
        return parts[self.part - 1] if self.part <= len(parts) else None
