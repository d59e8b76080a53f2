"""The word `decode`."""

from typing import ClassVar

import pandas as pd

from specs import Codelist, Derivation, Ref
from specs.derivation import Origin


class Decode(Derivation):
    """The decode of a coded variable: LBTEST of LBTESTCD.

    `LBTEST: {decode: LBTESTCD}`. Missing where the code is missing or no term of its codelist.

    >>> tests = Codelist(name="LBTESTCD", terms=[{"value": "ALT", "decode": "Alanine Aminotransferase"}])
    >>> Decode(of="LBTESTCD", codelist=tests).compute(pd.DataFrame({"LBTESTCD": ["ALT"]}, dtype="string")).tolist()
    ['Alanine Aminotransferase']
    """

    source = "SDTMIG 3.4, 4.3"
    origin: ClassVar[Origin] = "Assigned"
    shorthand = "of"

    of: Ref
    """the coded variable"""
    codelist: Codelist
    """its codelist; without it the coded variable's own"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        return (
            records[self.of].astype("string").map(self.codelist.decodes, na_action="ignore").astype("string")
        )
