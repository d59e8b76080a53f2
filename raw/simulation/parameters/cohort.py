"""Who is screened and treated, where, when, and how it ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Self

from pydantic import Field, field_validator, model_validator

from raw.simulation.parameters.frozen import Count, Frozen, Interval, Pair, Positive, Share


class Disease(Frozen):
    """One study disease in the cohort as tabulated."""

    name: str
    female: Count
    male: Count
    age: Pair
    """mean and standard deviation, years"""
    sites: Mapping[str, Count]

    @model_validator(mode="after")
    def _sums(self) -> Self:
        if sum(self.sites.values()) != self.female + self.male:
            treated, both = sum(self.sites.values()), self.female + self.male
            raise ValueError(f"{self.name}: the sites treat {treated}, but women and men are {both}")
        return self


class Body(Frozen):
    """A body measure: mean and standard deviation of women and of men, and the least that is believed."""

    F: Pair
    M: Pair
    low: float


class Accrual(Frozen):
    """When subjects consent; the rate grows log-linearly."""

    start: date
    end: date
    growth: float
    """of the rate, per year"""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end <= self.start:
            raise ValueError("accrual ends before it starts")
        return self


class ScreenFailure(Frozen):
    """A kind of screen failure, how many per cohort, and what shows it."""

    criterion: str
    """empty: consent was withdrawn"""
    count: Count
    not_diseases: tuple[str, ...] = ()
    result: Mapping[str, float] = {}
    """test code to what was found, in the standard unit"""
    clearance: Positive | None = None
    """Cockcroft-Gault, mL/min"""


class Disposition(Frozen):
    """How treatment and follow-up end, and for how many per cohort."""

    name: str
    count: Count
    stops: int | None = None
    """the planned day on which treatment and study are left"""
    after: int | None = None
    """the planned day after which the subject is lost"""
    reason: str = ""


class Cohort(Frozen):
    """The cohort as tabulated."""

    age: Interval
    weight: Body
    height: Body
    diseases: Mapping[str, Disease] = Field(min_length=1)
    accrual: Accrual
    screening_days: Interval
    screen_failures: tuple[ScreenFailure, ...]
    failure_days: Interval
    dispositions: tuple[Disposition, ...] = Field(min_length=1)

    @property
    def size(self) -> int:
        """Subjects treated in the cohort as tabulated."""
        return sum(disease.female + disease.male for disease in self.diseases.values())

    @model_validator(mode="after")
    def _sums(self) -> Self:
        ends = sum(disposition.count for disposition in self.dispositions)
        if ends != self.size:
            raise ValueError(f"the dispositions count {ends} subjects, the diseases {self.size}")
        named = {name for failure in self.screen_failures for name in failure.not_diseases}
        if unknown := sorted(named - set(self.diseases)):
            raise ValueError(f"screen_failures: unknown disease {', '.join(unknown)}")
        return self


class Site(Frozen):
    """The ways of a hospital and of its laboratory."""

    laboratory: str
    comma: bool
    """the decimal mark of its laboratory is a comma"""
    names: str = Field(pattern="^(short|long)$")
    migrated: bool = False
    """its EDC pages came over from another EDC"""
    units: Mapping[str, str]
    """test code to unit, where it is not the test's first one"""
    censored: Mapping[str, Positive]
    """test code to the limit under which the result is written `<limit`"""
    labels: Mapping[str, Share]
    """how often a visit is called in which way"""

    @field_validator("labels")
    @classmethod
    def _used(cls, labels: Mapping[str, float]) -> Mapping[str, float]:
        if sum(labels.values()) <= 0:
            raise ValueError("no way to call a visit has a share")
        return labels
