"""The word `parameter`."""

from collections.abc import Mapping
from typing import ClassVar

import pandas as pd

from specs import Codelist, Conversions, Derivation, Doubt, Judged, Ref
from specs.derivation import Origin

NO_PARAMETER = "NO_PARAMETER"


class Parameter(Derivation):
    """The description of a parameter with its unit, one for each code: PARAM of PARAMCD.

    `PARAM: {parameter: {of: PARAMCD, conversions: local_laboratory}}` gives `Alanine Aminotransferase (U/L)`:
    the decode of the code in its codelist, and in brackets the standard unit. The unit comes from the study's
    conversions or from `units`, never from the record, so that a record without a unit has the same parameter
    as the others; a parameter without a standard unit has no brackets. A code that is not in the codelist is
    an error.

    >>> codes = Codelist(name="PARAMCD", terms=[{"value": "ALT", "decode": "Alanine Aminotransferase"}])
    >>> word = Parameter(of="PARAMCD", codelist=codes, units={"ALT": "U/L"})
    >>> word.compute(pd.DataFrame({"PARAMCD": ["ALT"]}, dtype="string")).values.tolist()
    ['Alanine Aminotransferase (U/L)']
    """

    source = "ADaMIG 1.3, 3.3.4"
    origin: ClassVar[Origin] = "Assigned"
    method = "{variable} is the decode of {of} with the standard unit in brackets."
    shorthand = "of"
    doubts: ClassVar[Mapping[str, Doubt]] = {
        NO_PARAMETER: Doubt(
            "error", "this parameter code is not in the codelist", "add it to the codelist of PARAMCD"
        )
    }

    of: Ref
    """the parameter code"""
    codelist: Codelist
    """its codelist; without it the variable's own"""
    conversions: Conversions | None = None
    """the conversions that know the standard unit of each test"""
    units: Mapping[str, str] = {}
    """the units of codes that are not in the conversions, or have another there"""

    def compute(self, records: pd.DataFrame) -> Judged:
        code = records[self.of].astype("string")
        known = {value: self._described(value, decode) for value, decode in self.codelist.decodes.items()}
        described = code.map(known, na_action="ignore").astype("string")
        doubts = pd.Series(pd.NA, index=records.index, dtype="string")
        return Judged(described, doubts.mask(code.notna() & described.isna(), NO_PARAMETER))

    def _described(self, code: str, decode: str) -> str:
        tests = self.conversions.tests if self.conversions is not None else {}
        unit = self.units.get(code) or (tests[code].unit if code in tests else None)
        return f"{decode} ({unit})" if unit else decode
