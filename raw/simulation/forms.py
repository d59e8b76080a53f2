"""The forms on consent, demography, visits, injections, and the end of treatment and study."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from raw.simulation.as_text import Texts, clock, constant, integers, looked_up, numbers
from raw.simulation.cohort import Cohort
from raw.simulation.draws import Ints, chosen, order_within
from raw.simulation.pages import COMPLETE, NO_DAY, Form, entered, filled_in, yes_no
from raw.simulation.parameters import Parameters
from raw.simulation.streams import Streams
from raw.simulation.visit_labels import labels, ways_drawn
from raw.simulation.visits import LOST, Unscheduled, Visits


def consent_form(parameters: Parameters, cohort: Cohort, streams: Streams) -> Form:
    """IC: one page for each subject screened."""
    words = parameters.words
    subject = np.arange(cohort.screened)
    kinds = parameters.cohort.screen_failures
    criteria = [kind.criterion or None for kind in kinds]
    met = np.array([not kind.criterion for kind in kinds] + [True])[cohort.failure]
    reasons = [words.criterion_not_met if kind.criterion else words.consent_withdrawn for kind in kinds]
    answers = {
        "ICDAT": entered(parameters, cohort, subject, cohort.consent),
        "ELIGYN": yes_no(parameters, met),
        "IECRIT": looked_up(pa.array(criteria), cohort.failure),
        "NOTENRRE": looked_up(reasons, cohort.failure),
        "ENROLDAT": entered(parameters, cohort, subject, cohort.first_dose),
    }
    decided = np.where(np.isnat(cohort.first_dose), cohort.consent, cohort.first_dose)
    return filled_in(parameters, cohort, streams, "IC", subject, decided, answers)


def demography_form(parameters: Parameters, cohort: Cohort, streams: Streams) -> Form:
    """DM: one page for each subject screened."""
    rng = streams.of("demography")
    subject = np.arange(cohort.screened)
    partial = np.where(rng.random(subject.size) < parameters.edc.birth_day_unknown, NO_DAY, COMPLETE)
    tenths = np.rint(cohort.weight * 10).astype(np.int64)
    sexes = parameters.words.sex
    answers = {
        "BRTHDAT": entered(parameters, cohort, subject, cohort.birth, partial),
        "AGE": integers(cohort.age),
        "SEX": looked_up([sexes.F, sexes.M], cohort.sex),
        "DISEASE": looked_up(list(parameters.cohort.diseases), cohort.disease),
        "WEIGHT": looked_up(numbers(1, int(tenths.max(initial=0))), tenths),
        "HEIGHT": integers(cohort.height.astype(np.int64)),
    }
    return filled_in(parameters, cohort, streams, "DM", subject, cohort.consent, answers)


def folder_ways(parameters: Parameters, cohort: Cohort, streams: Streams) -> Ints:
    """The way each visit folder is called, one row for each subject and one column for each planned visit."""
    visits = len(parameters.calendar.visits)
    subject = np.repeat(np.arange(cohort.screened), visits)
    drawn = ways_drawn(parameters, cohort, subject, streams.of("folders"))
    return drawn.reshape(cohort.screened, visits)


def visit_form(
    parameters: Parameters,
    cohort: Cohort,
    visits: Visits,
    unscheduled: Unscheduled,
    ways: Ints,
    streams: Streams,
) -> Form:
    """SV: one page for each planned visit of a subject's course, held or not, and each unscheduled one."""
    subject, visit = np.nonzero(visits.expected)
    planned = labels(parameters, visit, ways[subject, visit], visits.early_end[subject, visit])
    reasons = [*(reason.text for reason in parameters.exposure.reasons), parameters.words.lost]
    absence = visits.absence[subject, visit]
    why = np.where(absence == LOST, len(reasons) - 1, absence)
    date, due = visits.date[subject, visit], visits.planned[subject, visit]

    extra = unscheduled.subject.size
    folder = pa.concat_arrays([planned, constant(parameters.calendar.unscheduled.label, extra)])
    order = np.lexsort(
        (np.r_[np.where(np.isnat(date), due, date), unscheduled.date], np.r_[subject, unscheduled.subject])
    )
    all_subjects = np.r_[subject, unscheduled.subject][order]
    all_dates = np.r_[date, unscheduled.date][order]
    why = np.r_[why, np.full(extra, -1)][order]
    repeat = np.r_[np.ones(subject.size, dtype=np.int64), order_within(unscheduled.subject) + 1][order]
    answers = {
        "VISDONE": yes_no(parameters, ~np.isnat(all_dates)),
        "VISDAT": entered(parameters, cohort, all_subjects, all_dates),
        "VISREAS": looked_up(reasons, why),
    }
    happened = np.r_[np.where(np.isnat(date), due, date), unscheduled.date][order]
    return filled_in(
        parameters,
        cohort,
        streams,
        "SV",
        all_subjects,
        happened,
        answers,
        folder=folder.take(pa.array(order)),
        repeat=repeat,
    )


def injection_form(
    parameters: Parameters, cohort: Cohort, visits: Visits, ways: Ints, streams: Streams, name: str
) -> Form:
    """EXI (induction) or EXM (maintenance diary): one page for each injection planned while on treatment."""
    rng = streams.of(f"injections {name}")
    given, calendar = parameters.exposure, parameters.calendar.visits
    induction = name == "EXI"
    wanted = np.array([visit.dose and (visit.day < 8) == induction for visit in calendar])
    subject, visit = np.nonzero(visits.due & wanted)
    size = subject.size
    done = visits.given[subject, visit]
    day = np.array([each.day for each in calendar])[visit]

    home = day > 1
    date_open = home & (rng.random(size) < given.partial.date)
    time_open = date_open | (home & (rng.random(size) < given.partial.time))
    first = given.first_hour
    low = np.where(home, given.hour.low, first.low)
    high = np.where(home, given.hour.high, first.high)
    minute = np.floor(60 * (low + rng.random(size) * (high - low))).astype(np.int64)
    times = pa.concat_arrays(
        [
            clock(np.arange(24 * 60)),
            pa.array([f"{parameters.words.unknown_part}:{parameters.words.unknown_part}"]),
        ]
    )
    sites = list(given.sites)
    site = chosen(rng, list(given.sites.values()), size)
    date = np.where(done, visits.date[subject, visit], np.datetime64("NaT", "D"))
    answers: dict[str, Texts] = {f"{name}NUM": integers(np.cumsum(wanted)[visit])}
    if not induction:
        answers["EXMDAY"] = integers(day)
    answers |= {
        f"{name}YN": yes_no(parameters, done),
        f"{name}DAT": entered(parameters, cohort, subject, date, np.where(date_open, NO_DAY, COMPLETE)),
        f"{name}TIM": looked_up(times, np.where(done, np.where(time_open, 24 * 60, minute), -1)),
        f"{name}DOSE": looked_up([str(given.dose)], np.where(done, 0, -1)),
        f"{name}UNIT": looked_up([given.unit], np.where(done, 0, -1)),
        f"{name}SITE": looked_up(sites, np.where(done, site, -1)),
        f"{name}REAS": looked_up([reason.text for reason in given.reasons], visits.reason[subject, visit]),
    }
    return filled_in(
        parameters,
        cohort,
        streams,
        name,
        subject,
        np.where(done, date, visits.planned[subject, visit]),
        answers,
        folder=labels(parameters, visit, ways[subject, visit], np.zeros(size, dtype=np.bool_)),
    )


def end_of_treatment_form(parameters: Parameters, cohort: Cohort, visits: Visits, streams: Streams) -> Form:
    """EOT: one page for each subject treated."""
    subject = np.flatnonzero(cohort.enrolled)
    early = np.isin(subject, np.nonzero(visits.early_end)[0])
    end = next(
        i
        for i, each in enumerate(parameters.calendar.visits)
        if each.day == parameters.calendar.early_end_content
    )
    date = np.where(early, visits.last_contact[subject], visits.date[subject, end])
    injected = np.where(visits.given, visits.date, np.datetime64("1900-01-01", "D")).max(axis=1)[subject]
    words = parameters.words.treatment
    reasons = [each.reason or None for each in parameters.cohort.dispositions]
    answers = {
        "EOTDAT": entered(parameters, cohort, subject, date),
        "EOTLDAT": entered(parameters, cohort, subject, injected),
        "EOTSTAT": looked_up([words.completed, words.stopped], early.astype(np.int64)),
        "EOTREAS": looked_up(
            pa.array(reasons, pa.string()), np.where(early, cohort.disposition[subject], -1)
        ),
    }
    return filled_in(parameters, cohort, streams, "EOT", subject, date, answers)


def end_of_study_form(parameters: Parameters, cohort: Cohort, visits: Visits, streams: Streams) -> Form:
    """EOS: one page for each subject screened."""
    subject = np.arange(cohort.screened)
    ends, kinds = parameters.cohort.dispositions, parameters.cohort.screen_failures
    words = parameters.words
    left = np.array([bool(end.reason) for end in ends] + [False])[cohort.disposition]
    status = np.where(cohort.enrolled, left.astype(np.int64), 2)
    failed = [words.criterion_not_met if kind.criterion else words.consent_withdrawn for kind in kinds]
    reasons = pa.array([*(end.reason or None for end in ends), *failed], pa.string())
    why = np.where(cohort.enrolled, cohort.disposition, len(ends) + cohort.failure)
    answers = {
        "EOSDAT": entered(parameters, cohort, subject, visits.last_contact),
        "EOSSTAT": looked_up([words.study.completed, words.study.left, words.study.not_enrolled], status),
        "EOSREAS": looked_up(reasons, why),
    }
    return filled_in(parameters, cohort, streams, "EOS", subject, visits.last_contact, answers)
