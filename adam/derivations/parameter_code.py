"""The word `parameter_code`."""

from typing import ClassVar

import pandas as pd

from specs import Argument, Condition, Derivation, Ref
from specs.derivation import Origin


class ParameterException(Argument):
    """Records whose test code alone does not say the parameter."""

    where: Condition
    code: str


class ParameterCode(Derivation):
    """The code of the parameter that a test result belongs to: PARAMCD of LBTESTCD.

    `PARAMCD: {parameter_code: {test: LB.LBTESTCD, exceptions: [{where: LB.LBTESTCD EQ CRP and LB.LBMETHOD EQ
    NEPHELOMETRY, code: HSCRP}]}}`. The test code itself, but for the exceptions: results of one test that
    must not be analysed together, by method, specimen or unit. The first exception that holds decides.
    Missing where the test code is.

    >>> records = pd.DataFrame({"LB.LBTESTCD": ["GLUC", "GLUC"], "LB.LBSPEC": ["SERUM", "URINE"]})
    >>> urine = {"where": "LB.LBTESTCD EQ GLUC and LB.LBSPEC EQ URINE", "code": "UGLUC"}
    >>> ParameterCode(test="LB.LBTESTCD", exceptions=[urine]).compute(records).tolist()
    ['GLUC', 'UGLUC']
    """

    source = "ADaMIG 1.3, 3.3.4"
    origin: ClassVar[Origin] = "Assigned"
    method = "{variable} is {test}{exceptions}."
    shorthand = "test"

    test: Ref
    """the test code"""
    exceptions: tuple[ParameterException, ...] = ()
    """what makes another parameter of it"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        code = records[self.test].astype("string")
        open_still = code.notna()
        for each in self.exceptions:
            holds = each.where.selects(records) & open_still
            code, open_still = code.mask(holds, each.code), open_still & ~holds
        return code

    def method_text(self, variable: str) -> str:
        exceptions = "".join(f"; {each.code} where {each.where}" for each in self.exceptions)
        return self.method.format(variable=variable, test=self.test, exceptions=exceptions)
