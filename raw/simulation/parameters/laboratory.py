"""Tests, their levels, their units, what treatment does to them, and what laboratories do to results."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from graphlib import CycleError, TopologicalSorter
from typing import Self

from pydantic import Field, model_validator

from raw.simulation.parameters.calendar import Content
from raw.simulation.parameters.frozen import BySex, Count, Frozen, Interval, Pair, Positive, Share


class Unit(Frozen):
    """How a result is written in one unit."""

    factor: Positive = 1
    """from the standard unit"""
    decimals: int
    percent_of: str | None = None
    """the test of which this one is a percentage, instead of a factor"""
    range: Pair | None = None
    """reference range in this unit, where it does not follow from the standard one"""


class Test(Frozen):
    """A laboratory test; its level is its own, or follows from other tests."""

    names: tuple[str, str]
    """short and long"""
    panel: Content
    range: Pair | BySex
    units: Mapping[str, Unit] = Field(min_length=1)
    """the first is the one used unless a site says otherwise"""
    level: Pair | BySex | None = None
    """mean and standard deviation, or median and geometric standard deviation"""
    lognormal: bool = False
    cv: float = Field(default=0, ge=0)
    """within-subject coefficient of variation"""
    bounds: Pair = (0, 1e9)
    add: Mapping[str, float] = {}
    """by sex, to the level"""
    product_of: Mapping[str, float] = {}
    """tests and powers: the value is their product times `scale`"""
    scale: Positive = 1
    remainder_of: str | None = None
    """the sum of which this test is the rest"""
    less: tuple[str, ...] = ()
    """the other parts of that sum"""
    floor: Share = 0
    """the least share of that sum"""
    central: bool = False
    censored: Positive | None = None


class Marker(Frozen):
    """What treatment does to a test: fold change by day."""

    test: str
    diseases: tuple[str, ...] = ()
    """none: all"""
    days: tuple[float, ...]
    mean: tuple[Positive, ...]
    sd: tuple[float, ...]

    @model_validator(mode="after")
    def _as_long(self) -> Self:
        if not len(self.days) == len(self.mean) == len(self.sd):
            raise ValueError(f"{self.test}: days, mean and sd differ in length")
        return self


class Effects(Frozen):
    """Changes on treatment."""

    correlation: Share
    markers: tuple[Marker, ...]


class Transient(Frozen):
    """One passing abnormality."""

    test: str
    day: int
    per_cohort: Count
    value: Positive


class Missing(Frozen):
    """Shares of samples not taken, by planned day."""

    early: Share
    later: Share
    later_from: int


class Haemolysed(Frozen):
    """Samples of which some tests cannot be read."""

    share: Share
    tests: tuple[str, ...]
    text: str
    comment: str


class Clumped(Frozen):
    """Platelets that clump: only an upper limit is known."""

    share: Share
    test: str
    limit: Positive
    comment: str


class Clearance(Frozen):
    """The least clearance of those enrolled, and who is excepted."""

    least: Positive
    not_diseases: tuple[str, ...]


class NotDone(Frozen):
    """Results not delivered."""

    share: Share
    text: str
    comment: str


class Repeated(Frozen):
    """Assays run twice."""

    share: Share
    sd: Positive
    comment: str
    days: Count


class Central(Frozen):
    """The central laboratory's ways."""

    missing: Share
    not_done: NotDone
    repeated: Repeated
    early_units: Mapping[str, str]
    changed: date
    padding: tuple[tuple[float, int, int], ...] = Field(min_length=1)


class Laboratory(Frozen):
    """Both laboratories."""

    missing: Missing
    not_done: Share
    single_not_done: Share
    haemolysed: Haemolysed
    clumped: Clumped
    not_done_text: str
    not_done_comment: str
    hour: Interval
    validated_after: Interval
    tests: Mapping[str, Test]
    levels: Mapping[str, Mapping[str, Pair]]
    clearance: Clearance
    effects: Effects
    transient: Transient
    central: Central

    @model_validator(mode="after")
    def _known(self) -> Self:
        named = [
            *(name for levels in self.levels.values() for name in levels),
            *(marker.test for marker in self.effects.markers),
            *(name for test in self.tests.values() for name in test.product_of),
            *(name for test in self.tests.values() for name in test.less),
            *(test.remainder_of for test in self.tests.values() if test.remainder_of),
            *(
                unit.percent_of
                for test in self.tests.values()
                for unit in test.units.values()
                if unit.percent_of
            ),
            *self.haemolysed.tests,
            *self.central.early_units,
            self.clumped.test,
            self.transient.test,
        ]
        if unknown := sorted(set(named) - set(self.tests)):
            raise ValueError(f"laboratory: unknown test {', '.join(unknown)}")
        for name, test in self.tests.items():
            own = test.level is not None or test.product_of or test.remainder_of
            without = [code for code, levels in self.levels.items() if not own and name not in levels]
            if without:
                raise ValueError(f"laboratory: {name} has no level for {', '.join(without)}")
        try:
            self.order()
        except CycleError as error:
            raise ValueError(
                f"laboratory: {' and '.join(error.args[1][:2])} follow from each other"
            ) from None
        return self

    def order(self) -> tuple[str, ...]:
        """The tests, each after those it follows from."""
        follows = {
            name: (*test.product_of, *test.less, *([test.remainder_of] if test.remainder_of else []))
            for name, test in self.tests.items()
        }
        return tuple(TopologicalSorter(follows).static_order())
