"""Unit conversion: for each test its standard unit, and the factor from each unit that may have been collected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema

from specs.by_name import by_name


class TestConversion(BaseModel):
    """The standard unit of one test, and how to get there."""

    __test__ = False  # pytest: this is no test class
    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: str | None = None
    """the standard unit, a term of UNIT; none for a test without a unit"""
    decimals: int | None = None
    """digits after the point that a converted result is rounded to; collected results are never rounded"""
    factors: Mapping[str, float] = {}
    """the factor by which a result in that collected unit is multiplied; the standard unit has factor 1"""
    without_unit: str | None = None
    """the unit that is meant where none was collected; none: a missing unit holds the result back"""
    low: float | None = None
    high: float | None = None
    """results outside are not believed: RESULT_IMPLAUSIBLE (in the standard unit)"""

    def factor(self, unit: str) -> float | None:
        """The factor for a collected unit; None where the unit is unknown for this test."""
        if unit == self.unit:
            return 1.0
        return self.factors.get(unit)


class Conversions(BaseModel):
    """The conversions of a panel of tests, by test code."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    tests: Mapping[str, TestConversion]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Conversions may stand as an argument by their name in units.yaml."""
        return by_name("conversions", "conversions", "declare them in units.yaml", handler(source))
