"""The word `numeric_code`."""

from collections.abc import Mapping
from typing import ClassVar

import pandas as pd
from pydantic import model_validator

from specs import Codelist, Derivation, Doubt, Judged, Ref
from specs.derivation import Origin

NO_NUMERIC_CODE = "NO_NUMERIC_CODE"


class NumericCode(Derivation):
    """The number that stands for a text: AVISITN, SEXN, ASEVN, PARAMN.

    `SEXN: {numeric_code: {of: SEX, values: {F: 1, M: 2}}}`. Without `values`, the place of the text in the
    variable's codelist, from 1. A text without a number is an error, and the number stays missing. Missing
    where the text is.

    >>> records = pd.DataFrame({"SEX": ["M", None]}, dtype="string")
    >>> NumericCode(of="SEX", values={"F": 1, "M": 2}).compute(records).values.tolist()
    [2.0, <NA>]
    """

    source = "ADaMIG 1.3, 3.1.1"
    origin: ClassVar[Origin] = "Assigned"
    method = "{variable} is the number of {of}: {values}."
    shorthand = "of"
    doubts: ClassVar[Mapping[str, Doubt]] = {
        NO_NUMERIC_CODE: Doubt(
            "error", "this text has no numeric code", "add it to values or to the codelist"
        )
    }

    of: Ref
    """the text"""
    values: Mapping[str, float] = {}
    """the number of each text"""
    codelist: Codelist | None = None
    """the codelist whose order gives the numbers; without it the variable's own"""

    @model_validator(mode="after")
    def _has_numbers(self) -> "NumericCode":
        if not self.values and (self.codelist is None or not self.codelist.terms):
            raise ValueError(f"'{self.of}' has no codelist with terms: give the numbers as values")
        if len(set(self.values.values())) < len(self.values):
            raise ValueError("values: two texts have the same number")
        return self

    @property
    def _numbers(self) -> Mapping[str, float]:
        if self.values or self.codelist is None:
            return self.values
        return {value: float(place) for place, value in enumerate(self.codelist.by_value, start=1)}

    def compute(self, records: pd.DataFrame) -> Judged:
        text = records[self.of].astype("string")
        numbers = text.map(dict(self._numbers), na_action="ignore").astype("Float64")
        doubts = pd.Series(pd.NA, index=records.index, dtype="string")
        return Judged(numbers, doubts.mask(text.notna() & numbers.isna(), NO_NUMERIC_CODE))

    def method_text(self, variable: str) -> str:
        shown = "; ".join(f"{text} = {number:g}" for text, number in self.values.items())
        values = shown or f"its place in codelist {self.codelist}"
        return self.method.format(variable=variable, of=self.of, values=values)
