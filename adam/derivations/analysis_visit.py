"""The word `analysis_visit`."""

from typing import ClassVar

import numpy as np
import pandas as pd
from pydantic import model_validator

from adam.sas_dates import as_floats
from specs import Argument, Derivation, Ref
from specs.derivation import Origin


class Window(Argument):
    """One visit window, in study days; both ends belong to it."""

    visit: str
    low: float
    high: float
    target: float

    @model_validator(mode="after")
    def _in_order(self) -> "Window":
        if not self.low <= self.target <= self.high:
            raise ValueError(f"window '{self.visit}': low, target and high are not in order")
        return self

    def __str__(self) -> str:
        return f"{self.visit} (day {self.low:g} to {self.high:g}, target {self.target:g})"


class AnalysisVisit(Derivation):
    """The analysis visit in whose window a study day lies: AVISIT.

    `AVISIT: {analysis_visit: {day: ADY, windows: [{visit: Day 8, low: 6, high: 11, target: 8}]}}`. A day in
    no window has no analysis visit. Where windows overlap, the nearest target decides, and of two equally
    near the later one. A record that `baseline_flag` marks belongs to `baseline_visit`, whatever its day.
    Which of several records in one window is analysed is for a flag to say (`extreme_flag`). Missing where
    the day is.

    >>> windows = [
    ...     {"visit": "Day 8", "low": 6, "high": 11, "target": 8},
    ...     {"visit": "Day 15", "low": 12, "high": 21, "target": 15},
    ... ]
    >>> AnalysisVisit(day="ADY", windows=windows).compute(pd.DataFrame({"ADY": [11.0, 12.0, 22.0]})).tolist()
    ['Day 8', 'Day 15', <NA>]
    """

    source = "ADaMIG 1.3, 3.3.3 and 3.3.6"
    origin: ClassVar[Origin] = "Derived"
    method = (
        "{variable} = the window in which {day} lies: {windows}; where windows overlap, the nearest target, "
        "then the later."
    )

    day: Ref
    """the study day"""
    windows: tuple[Window, ...]
    """the windows"""
    baseline_flag: Ref | None = None
    """the flag of the baseline record"""
    baseline_visit: str = "Baseline"
    """the analysis visit of the baseline record"""

    @model_validator(mode="after")
    def _each_once(self) -> "AnalysisVisit":
        names = [window.visit for window in self.windows]
        if not names or len(set(names)) < len(names):
            raise ValueError("windows: give each analysis visit one window")
        return self

    def compute(self, records: pd.DataFrame) -> pd.Series:
        day = as_floats(records[self.day])
        nearest, distance = np.full(len(day), -1), np.full(len(day), np.inf)
        by_target = sorted(self.windows, key=lambda window: window.target)
        for place, window in enumerate(by_target):
            off = days_apart(day, window.target)
            closer = (day >= window.low) & (day <= window.high) & (off <= distance)
            nearest, distance = np.where(closer, place, nearest), np.where(closer, off, distance)
        names = np.array([*(window.visit for window in by_target), None], dtype=object)
        visits = pd.Series(names[nearest], index=records.index, dtype="string")
        if self.baseline_flag is None:
            return visits
        return visits.mask(
            (records[self.baseline_flag] == "Y").fillna(False).astype(bool), self.baseline_visit
        )

    def method_text(self, variable: str) -> str:
        text = super().method_text(variable)
        if self.baseline_flag is None:
            return text
        return f"{text} {self.baseline_visit} for the record with {self.baseline_flag} = Y."


def days_apart(day: np.ndarray, target: np.ndarray | float) -> np.ndarray:
    """How many days two study days are apart; there is no day 0 between day -1 and day 1."""
    apart = np.abs(day - target)
    return np.where((day < 0) != (np.asarray(target) < 0), apart - 1, apart)
