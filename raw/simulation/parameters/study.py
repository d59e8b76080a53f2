"""simulation.yaml as a whole: read, checked, and complained of by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

from pydantic import model_validator

from raw.simulation.parameters.adverse_events import AdverseEvents
from raw.simulation.parameters.calendar import Calendar, Edc, Exposure
from raw.simulation.parameters.cohort import Cohort, Site
from raw.simulation.parameters.frozen import Count, Frozen
from raw.simulation.parameters.laboratory import Laboratory
from raw.simulation.parameters.words import Words
from specs import Problem, UserError
from specs.readers.located import read_located
from specs.readers.validated import validated


class Defect(Frozen):
    """A fault to plant: how often per cohort, and the text where the fault is one."""

    count: Count
    text: str = ""
    pt: str = ""
    """the preferred term of the event it is planted in"""
    test: str = ""
    """the test of the result it is planted in"""
    cells: Mapping[str, str] = {}
    """further cells of an added record"""


class Parameters(Frozen):
    """All parameters of a simulation."""

    study: str
    nature: str
    words: Words
    cohort: Cohort
    sites: Mapping[str, Site]
    calendar: Calendar
    exposure: Exposure
    edc: Edc
    laboratory: Laboratory
    adverse_events: AdverseEvents
    defects: Mapping[str, Defect]

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        if complaints := list(self._complaints()):
            raise ValueError("; ".join(complaints))
        return self

    def _complaints(self) -> Iterator[str]:
        diseases, tests = set(self.cohort.diseases), self.laboratory.tests
        for code, disease in self.cohort.diseases.items():
            for site in sorted(set(disease.sites) - set(self.sites)):
                yield f"cohort: {code} is treated at site {site}, which sites does not describe"
        for code in sorted(diseases ^ set(self.adverse_events.flares)):
            yield f"adverse_events.flares and cohort.diseases differ in {code}"
        for code in sorted(diseases ^ set(self.laboratory.levels)):
            yield f"laboratory.levels and cohort.diseases differ in {code}"
        for number, described in self.sites.items():
            for name, unit in described.units.items():
                if name not in tests or unit not in tests[name].units:
                    yield f"site {number}: laboratory.tests knows no {name} in {unit}"
            for way in sorted(set(described.labels) - set(self.calendar.labels)):
                yield f"site {number}: calendar.labels knows no way '{way}'"
        days = {visit.day for visit in self.calendar.visits}
        for disposition in self.cohort.dispositions:
            for day in (disposition.stops, disposition.after):
                if day is not None and day not in days:
                    yield f"cohort.dispositions: {disposition.name} on day {day}, which is no visit"
        ends = {disposition.name for disposition in self.cohort.dispositions}
        for term in self.adverse_events.all_terms:
            if term.stops is not None and term.stops not in ends:
                yield f"{term.pt} explains the disposition '{term.stops}', which there is not"


def read_parameters(path: Path) -> Parameters:
    """The parameters in a simulation.yaml.

    Raises UserError, with file and line, for everything there that cannot be read or does not fit together.
    """
    located = read_located(path)
    problems: list[Problem] = []
    parameters = validated(Parameters, located.data, located, (), problems)
    if parameters is None:
        raise UserError(problems)
    return parameters
