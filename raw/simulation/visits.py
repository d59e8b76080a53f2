"""When each subject's visits and injections took place, which did not, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from raw.simulation.cohort import Cohort
from raw.simulation.draws import Bools, Days, Ints, chosen, on_weekday, scaled
from raw.simulation.parameters import Parameters
from raw.simulation.streams import Streams

LOST, NO_REASON = -2, -1


@dataclass(frozen=True)
class Visits:
    """Each subject's planned visits, one row for each subject and one column for each planned visit."""

    planned: Days
    """the day the calendar asks for; missing where the visit does not belong to the subject's course"""
    date: Days
    """the day it was held; missing where it was not"""
    early_end: Bools
    """the visit at which treatment stopped early"""
    due: Bools
    """an injection belongs to the visit"""
    given: Bools
    reason: Ints
    """why the injection was missed: position in the parameters' reasons; NO_REASON"""
    absence: Ints
    """why the visit was not held: position in the parameters' reasons, LOST, or NO_REASON"""
    last_contact: Days
    """one for each subject; of a screen failure the day the study ended"""

    @property
    def expected(self) -> Bools:
        """The visit belongs to the subject's course."""
        return ~np.isnat(self.planned)

    @property
    def held(self) -> Bools:
        """The visit took place."""
        return ~np.isnat(self.date)


def simulate_visits(parameters: Parameters, cohort: Cohort, streams: Streams) -> Visits:
    """The visits of each subject from screening to the last contact."""
    rng = streams.of("visits")
    calendar, shape = parameters.calendar.visits, (cohort.screened, len(parameters.calendar.visits))
    day = np.array([visit.day for visit in calendar])
    dose = np.array([visit.dose for visit in calendar])

    planned = cohort.first_dose[:, None] + (day - 1).astype("timedelta64[D]")[None, :]
    planned[:, 0] = cohort.consent
    moved = _moved(parameters, planned, rng)

    ends = parameters.cohort.dispositions
    stops = np.array([np.inf if end.stops is None else end.stops for end in ends] + [np.inf])[
        cohort.disposition
    ]
    after = np.array([np.inf if end.after is None else end.after for end in ends] + [np.inf])[
        cohort.disposition
    ]
    expected = cohort.enrolled[:, None] & (day[None, :] <= stops[:, None])
    expected[:, 0] = True
    early_end = expected & (day[None, :] == stops[:, None])
    lost = expected & (day[None, :] > after[:, None])

    due = expected & dose[None, :] & ~early_end
    missed_share = np.where(
        day < 8, parameters.exposure.missed.induction, parameters.exposure.missed.maintenance
    )
    missed_share[day == 1] = 0
    missed = due & (rng.random(shape) < missed_share[None, :])
    reasons = parameters.exposure.reasons
    drawn = chosen(rng, [reason.share for reason in reasons], missed.size).reshape(shape)
    reason = np.where(missed, drawn, NO_REASON)
    held_all_the_same = np.array([each.held for each in reasons])[drawn]
    absent = missed & (day >= 8)[None, :] & (rng.random(shape) >= held_all_the_same)
    absence = np.where(lost, LOST, np.where(absent, reason, NO_REASON))

    nothing = np.datetime64("NaT", "D")
    date = np.where(expected & ~absent & ~lost, moved, nothing)
    failed = parameters.cohort.failure_days
    stay = rng.integers(int(failed.low), int(failed.high) + 1, cohort.screened).astype("timedelta64[D]")
    contact = np.where(np.isnat(date), np.datetime64("1900-01-01", "D"), date).max(axis=1)
    return Visits(
        planned=np.where(expected, planned, nothing),
        date=date,
        early_end=early_end,
        due=due,
        given=due & ~missed,
        reason=reason,
        absence=absence,
        last_contact=np.where(cohort.enrolled, contact, cohort.consent + stay),
    )


def _moved(parameters: Parameters, planned: Days, rng: np.random.Generator) -> Days:
    """The planned days as life moves them: within windows, some injections beyond, in order, on weekdays."""
    calendar, far = parameters.calendar.visits, parameters.exposure.off_window
    window = np.array([visit.window for visit in calendar], dtype=np.float64)
    within_window = np.clip(
        rng.normal(0, 1, planned.shape) * window * parameters.calendar.spread, -window, window
    )
    may_stray = np.array([visit.dose and visit.window > 0 for visit in calendar])
    strays = may_stray[None, :] & (rng.random(planned.shape) < far.share)
    distance = np.minimum(np.ceil(far.beyond + np.abs(rng.normal(0, far.sd, planned.shape))), far.most)
    side = np.where(rng.random(planned.shape) < 0.5, -1, 1)
    shift = np.where(strays, side * distance, np.trunc(within_window)).astype(np.int64)

    days = np.where(np.isnat(planned), 0, planned.astype(np.int64)) + shift
    weekend = (days + 3) % 7 >= 5
    days = np.where(weekend & ~strays, days - shift, days)
    apart = np.concatenate([[0], np.cumsum([_least_gap(calendar[i].day) for i in range(1, len(calendar))])])
    days = np.maximum.accumulate(days - apart[None, :], axis=1) + apart[None, :]
    moved = np.where(np.isnat(planned), np.datetime64("NaT", "D"), days.astype("datetime64[D]"))
    later = np.array([visit.day >= 8 for visit in calendar])
    return np.where(later[None, :], on_weekday(moved), moved)


def _least_gap(day: int) -> int:
    """Days that lie at least between a visit and the one before."""
    return 1 if day < 8 else (2 if day < 15 else 5)


@dataclass(frozen=True)
class Unscheduled:
    """Visits that nobody planned, in the order of subjects and days."""

    subject: Ints
    """position of the subject"""
    date: Days


def simulate_unscheduled(
    parameters: Parameters, cohort: Cohort, visits: Visits, streams: Streams
) -> Unscheduled:
    """Unscheduled visits of treated subjects, none after the last contact or on the day of another visit."""
    rng = streams.of("unscheduled visits")
    given = parameters.calendar.unscheduled
    treated = np.flatnonzero(cohort.enrolled)
    count = min(scaled(given.per_cohort, treated.size, parameters.cohort.size), treated.size)
    subject = np.sort(rng.choice(treated, size=count, replace=False))
    first = cohort.first_dose[subject]
    last = (visits.last_contact[subject] - first).astype(np.int64) - 3
    high = np.minimum(given.days.high, last)
    low = np.minimum(given.days.low, high)
    day = np.floor(low + rng.random(count) * (high - low + 1)).astype(np.int64)
    date = on_weekday(first + day.astype("timedelta64[D]"))
    for _ in range(3):
        taken = (visits.date[subject] == date[:, None]).any(axis=1)
        date = on_weekday(np.where(taken, date + np.timedelta64(1, "D"), date))
    free = ~(visits.date[subject] == date[:, None]).any(axis=1)
    return Unscheduled(subject[free], date[free])
