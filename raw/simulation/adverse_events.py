"""Adverse events: who has which, when they begin and end, how grave they are, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from raw.simulation.cohort import Cohort
from raw.simulation.draws import Bools, Days, Floats, Ints, chosen, order_within, scaled, spread_evenly
from raw.simulation.onsets import onset_days
from raw.simulation.parameters import Parameters, Term
from raw.simulation.streams import Streams
from raw.simulation.visits import Visits

FLARE = "FLARE"
UNCHANGED, POSTPONED, WITHDRAWN, NOT_APPLICABLE = range(4)
RECOVERED, SEQUELAE, RECOVERING, NOT_RECOVERED, UNKNOWN = range(5)


@dataclass(frozen=True)
class Events:
    """Adverse events in the order of subjects and days, one entry of each array for each."""

    subject: Ints
    line: Ints
    term: Ints
    """position in the parameters' terms"""
    wording: Ints
    """position in the term's reported terms"""
    start: Days
    end: Days
    """missing: ongoing at the last contact"""
    grade: Ints
    serious: Bools
    related: Bools
    action: Ints
    outcome: Ints


@dataclass(frozen=True)
class _Pairs:
    """Who has which event: one entry for each subject and term."""

    subject: Ints
    term: Ints
    related: Bools


def simulate_events(parameters: Parameters, cohort: Cohort, visits: Visits, streams: Streams) -> Events:
    """The adverse events of the treated subjects, in the shares of subjects and counts of events given."""
    rng = streams.of("adverse events")
    terms = parameters.adverse_events.all_terms
    pairs = _pairs(parameters, cohort, rng)
    pair = _events_of(parameters, cohort, pairs, rng)
    subject, term, related = pairs.subject[pair], pairs.term[pair], pairs.related[pair]
    size = subject.size

    stopped = np.flatnonzero(order_within(pair) == 0)
    stopped = stopped[_explains(parameters, cohort, subject[stopped], term[stopped])]
    start = onset_days(parameters, cohort, visits, subject, term, pair, rng)
    contact = visits.last_contact[subject]
    start[stopped] = contact[stopped] - rng.integers(0, 8, stopped.size).astype("timedelta64[D]")
    start = np.minimum(np.maximum(start, cohort.first_dose[subject]), contact)

    least = np.array([each.days[0] for each in terms])[term]
    most = np.array([each.days[1] for each in terms])[term]
    lasts = np.floor(least + rng.random(size) * (most - least + 1)).astype(np.int64)
    end = start + (lasts - 1).astype("timedelta64[D]")
    end = np.where(end > contact, np.datetime64("NaT", "D"), end)

    grade, serious = _gravity(parameters, term, rng)
    wordings = np.array([len(each.terms) for each in terms])[term]
    wording = np.floor(rng.random(size) * wordings).astype(np.int64)
    action = _actions(parameters, visits, subject, start, grade, rng)
    action[stopped] = np.where(
        np.array([each.withdraws for each in terms])[term[stopped]], WITHDRAWN, action[stopped]
    )
    outcome = _outcomes(parameters, cohort, subject, end, rng)

    order = np.lexsort((np.arange(size), start.astype(np.int64), subject))
    return Events(
        subject=subject[order],
        line=order_within(subject[order]) + 1,
        term=term[order],
        wording=wording[order],
        start=start[order],
        end=end[order],
        grade=grade[order],
        serious=serious[order],
        related=related[order],
        action=action[order],
        outcome=outcome[order],
    )


def _pairs(parameters: Parameters, cohort: Cohort, rng: np.random.Generator) -> _Pairs:
    """Which subject has which event; as many subjects as wanted have any, and any related one."""
    given = parameters.adverse_events
    treated = np.flatnonzero(cohort.enrolled)
    frailty = rng.normal(0, given.frailty, treated.size)
    must = [_must_have(parameters, cohort, term)[treated] for term in given.all_terms]
    any_must = np.logical_or.reduce(must)
    related_must = np.logical_or.reduce(
        [m & (t.related > 0) for m, t in zip(must, given.all_terms, strict=True)]
    )
    affected = _likeliest(rng, frailty, any_must, scaled(given.any, treated.size, parameters.cohort.size))
    reacting = np.flatnonzero(affected)
    wanted = min(scaled(given.related, treated.size, parameters.cohort.size), reacting.size)
    is_reacting = np.zeros(treated.size, dtype=np.bool_)
    is_reacting[reacting[_likeliest(rng, frailty[reacting], related_must[reacting], wanted)]] = True

    subjects: list[Ints] = []
    positions: list[Ints] = []
    flags: list[Bools] = []
    owed = 0.0
    for position, term in enumerate(given.all_terms):
        patients = scaled(term.patients, treated.size, parameters.cohort.size)
        patients = max(patients, int(must[position].sum()))
        exact = patients * term.related + owed
        reacted = min(int(np.floor(exact + 0.5)), patients) if term.related > 0 else 0
        if term.related > 0:
            reacted = max(reacted, int(must[position].sum()))
            owed = float(np.clip(exact - reacted, -1, 1))
        tendency = frailty + _log_factor(parameters, cohort, term)[treated]
        with_related = _likeliest(
            rng, np.where(is_reacting, tendency, -np.inf), must[position] & is_reacting, reacted
        )
        free = np.where(affected & ~with_related, tendency, -np.inf)
        others = _likeliest(rng, free, must[position] & ~with_related, patients - int(with_related.sum()))
        for who, flag in ((with_related, True), (others, False)):
            subjects.append(np.flatnonzero(who))
            positions.append(np.full(subjects[-1].size, position))
            flags.append(np.full(subjects[-1].size, flag))
    pairs = _Pairs(np.concatenate(subjects), np.concatenate(positions), np.concatenate(flags))
    movable = np.array([not (term.only or term.stops) for term in given.all_terms])[pairs.term]
    subject = _covered(rng, pairs.subject, pairs.related, movable, is_reacting)
    subject = _covered(
        rng, subject, np.ones(subject.size, dtype=np.bool_), movable & ~pairs.related, affected
    )
    return _Pairs(treated[subject], pairs.term, pairs.related)


def _likeliest(rng: np.random.Generator, tendency: Floats, must: Bools, count: int) -> Bools:
    """`count` of the subjects, likelier with a higher tendency (log scale); those who must be, come first."""
    key = tendency + rng.gumbel(size=tendency.size)
    key = np.where(must, np.inf, key)
    count = min(count, int((key > -np.inf).sum()))
    those = np.zeros(tendency.size, dtype=np.bool_)
    those[np.argsort(-key, kind="stable")[:count]] = True
    return those


def _covered(rng: np.random.Generator, subject: Ints, counts: Bools, movable: Bools, wanted: Bools) -> Ints:
    """The subjects, with some of those moved who have more than one, so that each one wanted has one."""
    has = np.bincount(subject[counts], minlength=wanted.size) > 0
    without = np.flatnonzero(wanted & ~has)
    counted = rng.permutation(np.flatnonzero(counts))
    counted = counted[np.argsort(movable[counted], kind="stable")]
    rank = np.zeros(subject.size, dtype=np.int64)
    rank[counted] = order_within(subject[counted])
    spare = rng.permutation(np.flatnonzero(counts & movable & (rank > 0)))[: without.size]
    moved = subject.copy()
    moved[spare] = without[: spare.size]
    return moved


def _must_have(parameters: Parameters, cohort: Cohort, term: Term) -> Bools:
    """The subjects whose disposition this term explains."""
    named = [end.name == term.stops for end in parameters.cohort.dispositions]
    return np.array([*named, False])[cohort.disposition]


def _explains(parameters: Parameters, cohort: Cohort, subject: Ints, term: Ints) -> Bools:
    """The events that explain why their subject stopped."""
    names = [end.name for end in parameters.cohort.dispositions]
    table = np.array([[name == each.stops for name in names] for each in parameters.adverse_events.all_terms])
    explained: Bools = table[term, cohort.disposition[subject]]
    return explained


def _log_factor(parameters: Parameters, cohort: Cohort, term: Term) -> Floats:
    """How much likelier each subject is to have the term because of the disease, on the log scale."""
    codes = list(parameters.cohort.diseases)
    factors = np.array([term.diseases.get(code, 1.0) for code in codes])
    if term.only:
        factors = np.where([code in term.only for code in codes], factors, 0)
    with np.errstate(divide="ignore"):
        logs: Floats = np.log(factors)[cohort.disease]
    return logs


def _events_of(parameters: Parameters, cohort: Cohort, pairs: _Pairs, rng: np.random.Generator) -> Ints:
    """The pair of each event: one event for each pair, and the term's further events spread over them."""
    extra = []
    for position, term in enumerate(parameters.adverse_events.all_terms):
        own = np.flatnonzero(pairs.term == position)
        further = scaled(term.events, cohort.treated, parameters.cohort.size) - own.size
        if own.size and further > 0:
            extra.append(rng.choice(own, size=further))
    return np.sort(np.concatenate([np.arange(pairs.subject.size), *extra]))


def _gravity(parameters: Parameters, term: Ints, rng: np.random.Generator) -> tuple[Ints, Bools]:
    """CTCAE grade, and whether the event led to hospital: the gravest events of a term do."""
    grade = np.ones(term.size, dtype=np.int64)
    serious = np.zeros(term.size, dtype=np.bool_)
    for position, each in enumerate(parameters.adverse_events.all_terms):
        own = np.flatnonzero(term == position)
        grade[own] = spread_evenly(rng, parameters.adverse_events.grades[each.grades], own.size) + 1
        hospital = int(np.floor(each.serious * own.size + 0.5))
        serious[own[np.lexsort((rng.random(own.size), -grade[own]))[:hospital]]] = True
    return grade, serious


def _actions(
    parameters: Parameters, visits: Visits, subject: Ints, start: Days, grade: Ints, rng: np.random.Generator
) -> Ints:
    """What was done with the study treatment."""
    injected = np.where(visits.given, visits.date, np.datetime64("1900-01-01", "D")).max(axis=1)[subject]
    postponed = (rng.random(subject.size) < parameters.adverse_events.postponed) & (grade > 1)
    return np.where(start > injected, NOT_APPLICABLE, np.where(postponed, POSTPONED, UNCHANGED))


def _outcomes(
    parameters: Parameters, cohort: Cohort, subject: Ints, end: Days, rng: np.random.Generator
) -> Ints:
    """How the events ended."""
    given = parameters.adverse_events
    lost = np.array([each.after is not None for each in parameters.cohort.dispositions])[
        cohort.disposition[subject]
    ]
    ended = chosen(rng, [1 - given.sequelae, given.sequelae], subject.size) + RECOVERED
    open_ = chosen(rng, [given.recovering, 1 - given.recovering], subject.size) + RECOVERING
    return np.where(~np.isnat(end), ended, np.where(lost, UNKNOWN, open_))
