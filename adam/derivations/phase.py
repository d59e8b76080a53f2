"""The word `phase`."""

from typing import ClassVar

import numpy as np
import pandas as pd

from adam.sas_dates import as_floats, days
from specs import Argument, Derivation, Ref
from specs.derivation import Origin


class PhaseStart(Argument):
    """A phase or period, and the variable with the date on which the subject entered it."""

    name: str
    start: Ref

    def __str__(self) -> str:
        return f"{self.name} from {self.start}"


class Phase(Derivation):
    """The phase or period in which a date lies: APHASE, APERIODC.

    `APHASE: {phase: {date: ASTDT, phases: [{name: INDUCTION, start: ADSL.PH1SDT}, {name: FOLLOW-UP, start:
    ADSL.PH2SDT}], before: SCREENING}}`. A phase lasts from its first day until the next one that the subject
    entered; a phase without a start was never entered; of two that start on one day the later listed one
    counts. A date before the first start is `before`, where that is given. Missing where the date is missing
    or no phase was entered.

    >>> records = pd.DataFrame({"ASTDT": [5.0, 20.0], "PH1SDT": [1.0, 1.0], "PH2SDT": [15.0, None]})
    >>> phases = [{"name": "INDUCTION", "start": "PH1SDT"}, {"name": "FOLLOW-UP", "start": "PH2SDT"}]
    >>> Phase(date="ASTDT", phases=phases).compute(records).tolist()
    ['INDUCTION', 'INDUCTION']
    """

    source = "ADaMIG 1.3, 3.3.3"
    origin: ClassVar[Origin] = "Derived"
    method = "{variable} = the last phase entered on or before {date}: {phases}.{before}"

    date: Ref
    """the numeric date or datetime"""
    phases: tuple[PhaseStart, ...]
    """the phases with their starts"""
    before: str | None = None
    """what a date before the first start is; none: missing"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        date = as_floats(days(records, self.date))
        latest, entered = np.full(len(date), -np.inf), np.zeros(len(date), dtype=bool)
        chosen = np.full(len(date), -1)
        for place, phase in enumerate(self.phases):
            start = as_floats(days(records, phase.start))
            entered |= ~np.isnan(start)
            reached = (start <= date) & (start >= latest)
            chosen, latest = np.where(reached, place, chosen), np.where(reached, start, latest)
        names = np.array([*(phase.name for phase in self.phases), self.before], dtype=object)
        found = pd.Series(names[chosen], index=records.index, dtype="string")
        return found.where(entered & ~np.isnan(date))

    def method_text(self, variable: str) -> str:
        before = f" {self.before} before the first." if self.before else ""
        phases = ", ".join(str(phase) for phase in self.phases)
        return self.method.format(variable=variable, date=self.date, phases=phases, before=before)
