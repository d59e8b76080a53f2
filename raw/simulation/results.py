"""What a perfect laboratory would find in each sample, in standard units."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from raw.simulation.cohort import Cohort
from raw.simulation.draws import Floats, lognormal_of, scaled
from raw.simulation.levels import CREATININE, creatinine_at, highest_allowed
from raw.simulation.parameters import Marker, Parameters
from raw.simulation.samples import Samples
from raw.simulation.streams import Streams


def simulate_results(
    parameters: Parameters,
    cohort: Cohort,
    levels: Mapping[str, Floats],
    samples: Samples,
    streams: Streams,
    block: int,
) -> Mapping[str, Floats]:
    """For each test its value in each sample: level, effect of treatment, and change within the subject.

    `block` numbers the samples' block of subjects, so that each block has random streams of its own.
    """
    tests = parameters.laboratory.tests
    screening = samples.visit == 0
    values: dict[str, Floats] = {}
    for name in parameters.laboratory.order():
        test = tests[name]
        noise = np.exp(test.cv * streams.of(f"noise {name}", block).normal(size=samples.size))
        if test.product_of:
            value = test.scale * noise
            for other, power in test.product_of.items():
                value = value * values[other] ** power
        elif test.remainder_of:
            whole = values[test.remainder_of]
            parts = sum((values[part] for part in test.less), np.zeros(samples.size))
            value = np.maximum(whole - parts, test.floor * whole)
            values[test.remainder_of] = value + parts
        else:
            value = levels[name][samples.subject] * _effect(parameters, cohort, name, samples, streams, block)
            value = value * noise
            highest = highest_allowed(parameters, cohort, name)[samples.subject]
            value = np.where(screening, np.clip(value, test.bounds[0], highest), value)
            value = _as_screening_showed(parameters, cohort, name, value, samples)
            value = _transient(parameters, cohort, name, value, samples, streams)
        values[name] = value
    return values


def _effect(
    parameters: Parameters, cohort: Cohort, test: str, samples: Samples, streams: Streams, block: int
) -> Floats:
    """Fold change on treatment."""
    effect = np.ones(samples.size)
    for position, marker in enumerate(parameters.laboratory.effects.markers):
        if marker.test == test:
            own = _fold_change(
                parameters, cohort, marker, f"effect {position} {test}", samples, streams, block
            )
            effect = effect * own
    return effect


def _fold_change(
    parameters: Parameters,
    cohort: Cohort,
    marker: Marker,
    stream: str,
    samples: Samples,
    streams: Streams,
    block: int,
) -> Floats:
    correlation = parameters.laboratory.effects.correlation
    shared = streams.of(f"{stream}, subject").normal(size=cohort.screened)[samples.subject]
    own = streams.of(stream, block).normal(size=samples.size)
    normal = np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * own
    mean = np.interp(samples.day, marker.days, marker.mean)
    change = lognormal_of(mean, np.interp(samples.day, marker.days, marker.sd), normal)
    if not marker.diseases:
        return change
    concerned = np.array([code in marker.diseases for code in parameters.cohort.diseases])[cohort.disease]
    return np.where(concerned[samples.subject], change, 1.0)


def _as_screening_showed(
    parameters: Parameters, cohort: Cohort, test: str, value: Floats, samples: Samples
) -> Floats:
    """The value that shows why the subject failed screening."""
    failure = np.where(samples.visit == 0, cohort.failure[samples.subject], -1)
    for kind, each in enumerate(parameters.cohort.screen_failures):
        if test in each.result:
            value = np.where(failure == kind, each.result[test], value)
        if test == CREATININE and each.clearance is not None:
            value = np.where(failure == kind, creatinine_at(cohort, each.clearance)[samples.subject], value)
    return value


def _transient(
    parameters: Parameters, cohort: Cohort, test: str, value: Floats, samples: Samples, streams: Streams
) -> Floats:
    """One passing abnormality of a few subjects."""
    given = parameters.laboratory.transient
    if test != given.test:
        return value
    treated = np.flatnonzero(cohort.enrolled)
    count = min(scaled(given.per_cohort, treated.size, parameters.cohort.size), treated.size)
    those = np.zeros(cohort.screened, dtype=np.bool_)
    those[streams.of("transient").choice(treated, size=count, replace=False)] = True
    at = next(i for i, visit in enumerate(parameters.calendar.visits) if visit.day == given.day)
    return np.where(those[samples.subject] & (samples.visit == at), given.value, value)
