"""The day an adverse event begins."""

from __future__ import annotations

import numpy as np

from raw.simulation.cohort import Cohort
from raw.simulation.draws import Bools, Days, Ints, order_within
from raw.simulation.parameters import Onset, Parameters
from raw.simulation.visits import Visits

_CANDIDATES = 24


def onset_days(
    parameters: Parameters,
    cohort: Cohort,
    visits: Visits,
    subject: Ints,
    term: Ints,
    pair: Ints,
    rng: np.random.Generator,
) -> Days:
    """For each event the day it begins, by its term's onset; `pair` groups events of a subject and term."""
    given = parameters.adverse_events
    kinds = list(given.onsets)
    kind = np.array([kinds.index(each.onset) for each in given.all_terms])[term]
    start = np.full(subject.size, np.datetime64("NaT", "D"))
    for position, onset in enumerate(given.onsets.values()):
        own = np.flatnonzero(kind == position)
        if not own.size:
            continue
        if onset.dose:
            start[own] = _with_injections(parameters, visits, onset, subject[own], pair[own], rng)
        else:
            start[own] = _in_interval(cohort, visits, onset, subject[own], rng)
    return start


def _with_injections(
    parameters: Parameters, visits: Visits, onset: Onset, subject: Ints, pair: Ints, rng: np.random.Generator
) -> Days:
    """On the day of an injection given, or the next; the events of one pair with different injections."""
    induction = np.array([visit.day < 8 for visit in parameters.calendar.visits])
    early_given, late_given = visits.given & induction, visits.given & ~induction
    early = (rng.random(subject.size) < onset.early) | (late_given.sum(axis=1)[subject] == 0)
    start = np.full(subject.size, np.datetime64("NaT", "D"))
    next_day = (rng.random(subject.size) < 0.3).astype("timedelta64[D]")
    for those, injections in ((early, early_given), (~early, late_given)):
        start[those] = _nth_injection(visits.date, injections, subject[those], pair[those], rng)
    begins: Days = start + next_day
    return begins


def _nth_injection(
    date: Days, injections: Bools, subject: Ints, pair: Ints, rng: np.random.Generator
) -> Days:
    """An injection of each subject; the events of a pair go through them from a random one onwards."""
    count = injections.sum(axis=1)
    first = np.cumsum(count) - count
    dates = date[injections]
    from_which = rng.random(int(pair.max(initial=0)) + 1)
    nth = np.floor(from_which[pair] * count[subject]).astype(np.int64) + order_within(pair)
    chosen: Days = dates[first[subject] + nth % count[subject]]
    return chosen


def _in_interval(
    cohort: Cohort, visits: Visits, onset: Onset, subject: Ints, rng: np.random.Generator
) -> Days:
    """A day of the interval, not after the last contact; of the given months where the course has one."""
    first = cohort.first_dose[subject]
    last = (visits.last_contact[subject] - first).astype(np.int64) + 1
    low, high = np.minimum(onset.days[0], last), np.minimum(onset.days[1], last)
    candidates = _CANDIDATES if onset.months else 1
    day = np.floor(low + rng.random((candidates, subject.size)) * (high - low + 1)).astype(np.int64)
    dates = first + (day - 1).astype("timedelta64[D]")
    month = dates.astype("datetime64[M]").astype(np.int64) % 12 + 1
    fits = np.isin(month, onset.months).argmax(axis=0)  # the first that fits; the first of all if none does
    begins: Days = dates[fits, np.arange(subject.size)]
    return begins
