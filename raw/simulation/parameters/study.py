"""simulation.yaml as a whole: read, checked, and complained of by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from raw.simulation.parameters.adverse_events import AdverseEvents
from raw.simulation.parameters.calendar import Calendar, Edc, Exposure
from raw.simulation.parameters.cohort import Cohort, Site
from raw.simulation.parameters.frozen import Count, Frozen
from raw.simulation.parameters.laboratory import Laboratory
from raw.simulation.parameters.words import Words
from specs import Problem, UserError, nearest, read_located, validated


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


class Complaint(NamedTuple):
    """Something that does not fit together: where in the file, what, and the remedy."""

    place: tuple[str | int, ...]
    what: str
    to_do: str


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

    def complaints(self) -> Iterator[Complaint]:
        """What does not fit together between the groups."""
        yield from self._of_diseases()
        yield from self._of_sites()
        yield from self._of_dispositions()
        yield from self._of_terms()

    def _of_diseases(self) -> Iterator[Complaint]:
        diseases = set(self.cohort.diseases)
        for code, disease in self.cohort.diseases.items():
            for site in sorted(set(disease.sites) - set(self.sites)):
                place = ("cohort", "diseases", code, "sites", site)
                yield Complaint(
                    place, f"{code} is treated at the unknown site {site}", "describe it under sites"
                )
        for group, known in (
            (("adverse_events", "flares"), set(self.adverse_events.flares)),
            (("laboratory", "levels"), set(self.laboratory.levels)),
        ):
            for code in sorted(diseases - known):
                yield Complaint(group, f"{group[-1]} lacks {code}", f"add {code}")
            for code in sorted(known - diseases):
                yield Complaint((*group, code), f"'{code}' is no study disease", "take it out")

    def _of_sites(self) -> Iterator[Complaint]:
        tests, ways = self.laboratory.tests, self.calendar.labels
        for number, site in self.sites.items():
            for name, unit in site.units.items():
                place = ("sites", number, "units", name)
                if name not in tests:
                    yield Complaint(
                        place, f"unknown test '{name}'", nearest(name, tests, "see laboratory.tests")
                    )
                elif unit not in tests[name].units:
                    known = ", ".join(tests[name].units)
                    yield Complaint(place, f"{name} in the unknown unit '{unit}'", f"known are: {known}")
            for way in sorted(set(site.labels) - set(ways)):
                place = ("sites", number, "labels", way)
                yield Complaint(
                    place, f"unknown way '{way}' to call a visit", nearest(way, ways, "see calendar.labels")
                )

    def _of_dispositions(self) -> Iterator[Complaint]:
        days = {visit.day for visit in self.calendar.visits}
        for at, disposition in enumerate(self.cohort.dispositions):
            for name, day in (("stops", disposition.stops), ("after", disposition.after)):
                if day is not None and day not in days:
                    place = ("cohort", "dispositions", at, name)
                    yield Complaint(
                        place, f"no visit on day {day}", "name the day of a visit of the calendar"
                    )

    def _of_terms(self) -> Iterator[Complaint]:
        given = self.adverse_events
        ends = {disposition.name for disposition in self.cohort.dispositions}
        for soc, terms in given.terms.items():
            for at, term in enumerate(terms):
                for name, value, known in (
                    ("onset", term.onset, set(given.onsets)),
                    ("grades", term.grades, set(given.grades)),
                    ("stops", term.stops, ends),
                ):
                    if value is not None and value not in known:
                        remedy = nearest(value, sorted(known), f"known are: {', '.join(sorted(known))}")
                        place = ("adverse_events", "terms", soc, at, name)
                        yield Complaint(place, f"{term.pt}: unknown {name} '{value}'", remedy)


def read_parameters(path: Path) -> Parameters:
    """The parameters in a simulation.yaml.

    Raises UserError, with file and line, for everything there that cannot be read or does not fit together.
    """
    located = read_located(path)
    problems: list[Problem] = []
    parameters = validated(Parameters, located.data, located, (), problems)
    if parameters is not None:
        found = parameters.complaints()
        problems += [Problem(each.what, located.where(*each.place), each.to_do) for each in found]
    if problems:
        raise UserError(problems)
    assert parameters is not None, "without a problem the parameters are whole"
    return parameters
