"""Which samples are taken from whom, when, and for which panels."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from raw.simulation.cohort import Cohort
from raw.simulation.draws import Bools, Days, Ints
from raw.simulation.parameters import Parameters
from raw.simulation.streams import Streams
from raw.simulation.visits import Unscheduled, Visits

PANELS = ("safety", "inflammation", "thyroid")
UNPLANNED = -1


@dataclass(frozen=True)
class Samples:
    """Samples in the order of subjects and dates, one entry of each array for each."""

    subject: Ints
    visit: Ints
    """position in the parameters' visits; UNPLANNED"""
    early_end: Bools
    date: Days
    day: Ints
    """days since the first injection planned, plus 1; of screening samples the planned day"""
    minute: Ints
    """of the day"""
    panels: npt.NDArray[np.bool_]
    """one column for each of PANELS"""
    taken: Bools
    reported: Bools
    """not taken, but the local laboratory delivers rows all the same"""

    @property
    def size(self) -> int:
        """How many samples."""
        return int(self.subject.size)

    def part(self, those: slice) -> Samples:
        """Some of the samples."""
        return Samples(**{each.name: getattr(self, each.name)[those] for each in fields(self)})


def simulate_samples(
    parameters: Parameters, cohort: Cohort, visits: Visits, unscheduled: Unscheduled, streams: Streams
) -> Samples:
    """The laboratory samples of all visits held."""
    rng = streams.of("samples")
    calendar, given = parameters.calendar, parameters.laboratory
    content = np.array([[panel in visit.content for panel in PANELS] for visit in calendar.visits])
    at_end = next(i for i, visit in enumerate(calendar.visits) if visit.day == calendar.early_end_content)

    sampled = np.array([bool(visit.content) for visit in calendar.visits])
    due: Bools = visits.held & (sampled[None, :] | visits.early_end)
    subject, visit = np.nonzero(due)
    early_end = visits.early_end[subject, visit]
    panels = np.where(early_end[:, None], content[at_end], content[visit])
    extra = np.array([panel in calendar.unscheduled.content for panel in PANELS])

    subject = np.r_[subject, unscheduled.subject]
    visit = np.r_[visit, np.full(unscheduled.subject.size, UNPLANNED)]
    early_end = np.r_[early_end, np.zeros(unscheduled.subject.size, dtype=np.bool_)]
    date = np.r_[visits.date[due], unscheduled.date]
    panels = np.r_[panels, np.broadcast_to(extra, (unscheduled.subject.size, len(PANELS)))]

    order = np.lexsort((date.astype(np.int64), subject))
    subject, visit, early_end, date, panels = (x[order] for x in (subject, visit, early_end, date, panels))
    planned_day = np.array([each.day for each in calendar.visits])
    since = (date - cohort.first_dose[subject]).astype(np.int64) + 1
    day = np.where(visit == 0, planned_day[0], since)

    missing = given.missing
    share = np.where(planned_day >= missing.later_from, missing.later, missing.early)
    share = np.where(planned_day <= 1, 0.0, share)
    taken = (visit == UNPLANNED) | (rng.random(subject.size) >= share[visit])
    minute = np.floor(60 * (given.hour.low + rng.random(subject.size) * (given.hour.high - given.hour.low)))
    return Samples(
        subject=subject,
        visit=visit,
        early_end=early_end,
        date=date,
        day=day,
        minute=minute.astype(np.int64),
        panels=panels,
        taken=taken,
        reported=~taken & (rng.random(subject.size) < given.not_done),
    )
