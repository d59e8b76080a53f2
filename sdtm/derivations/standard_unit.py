"""The word `standard_unit`."""

from typing import ClassVar

import pandas as pd

from specs import Conversions, Derivation, Ref
from specs.derivation import Origin


class StandardUnit(Derivation):
    """The unit of a standardised result: --STRESU.

    `LBSTRESU: {standard_unit: {test: LBTESTCD, result: LBSTRESC, conversions: laboratory}}`. The label follows the
    factor that was applied: a result that could not be standardised has no unit, nor has a text such as NEGATIVE,
    which is no amount of anything. `<3` has one.

    >>> panel = Conversions(name="laboratory", tests={"HGB": {"unit": "g/L"}})
    >>> word = StandardUnit(test="LBTESTCD", result="LBSTRESC", conversions=panel)
    >>> word.compute(pd.DataFrame({"LBTESTCD": ["HGB", "HGB"], "LBSTRESC": ["125", None]}, dtype="string")).tolist()
    ['g/L', <NA>]
    """

    source = "SDTMIG 3.4, 4.5.1"
    origin: ClassVar[Origin] = "Assigned"
    method = ""

    test: Ref
    """the test code"""
    result: Ref
    """the standardised result"""
    conversions: Conversions
    """standard units, by test"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        units = {test: conversion.unit for test, conversion in self.conversions.tests.items()}
        unit = records[self.test].astype("string").map(units, na_action="ignore").astype("string")
        amount = records[self.result].astype("string").str.fullmatch(r"(?:[<>]=?)?[+-]?[0-9]+(?:\.[0-9]+)?")
        return unit.where(amount.fillna(False))
