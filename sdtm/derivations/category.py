"""The word `category`."""

from typing import ClassVar

import pandas as pd

from specs import Argument, Condition, Derivation
from specs.derivation import Origin


class Case(Argument):
    """A condition and the value it stands for."""

    where: Condition
    value: str | int | float


class Category(Derivation):
    """A value by ordered conditions: the first that holds decides.

    `LBCAT: {category: {cases: [{where: "LBTESTCD IN (WBC, RBC)", value: HEMATOLOGY}], otherwise: CHEMISTRY}}`. A
    condition on a missing value is unknown, and an unknown condition decides nothing; but `otherwise` is not given to
    a record of which every variable that the conditions read is missing.

    >>> word = Category(cases=[{"where": "AGE LT 18", "value": "<18"}], otherwise=">=18")
    >>> word.compute(pd.DataFrame({"AGE": pd.array([12, 40, None], dtype="Float64")})).tolist()
    ['<18', '>=18', None]
    """

    source = "SDTMIG 3.4, 4.1; ADaMIG 1.3, 3.1"
    origin: ClassVar[Origin] = "Assigned"
    method = "{variable} by the first condition that holds: {cases}{otherwise}."

    cases: tuple[Case, ...]
    """conditions with their values, in the order in which they are tried"""
    otherwise: str | int | float | None = None
    """the value where none holds"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        values = pd.Series([None] * len(records), index=records.index, dtype="object")
        open_still = pd.Series(True, index=records.index)
        for case in self.cases:
            holds = case.where.selects(records) & open_still
            values = values.mask(holds, case.value)
            open_still = open_still & ~holds
        if self.otherwise is not None:
            known = records[[str(ref) for ref in self.reads()]].notna().any(axis="columns")
            values = values.mask(open_still & known, self.otherwise)
        return values

    def method_text(self, variable: str) -> str:
        cases = "; ".join(f"'{case.value}' where {case.where}" for case in self.cases)
        otherwise = "" if self.otherwise is None else f"; otherwise '{self.otherwise}'"
        return self.method.format(variable=variable, cases=cases, otherwise=otherwise).replace("raw.", "")
