"""The subjects: who consents when and where, who fails screening, and how it ends for those treated."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from raw.simulation.draws import (
    Bools,
    Days,
    Floats,
    Ints,
    apportioned,
    chosen,
    on_weekday,
    order_within,
    scaled,
    within,
)
from raw.simulation.parameters import Parameters
from raw.simulation.streams import Streams
from specs import UserError

FEMALE, MALE = 0, 1
_NUMBERS = 999
"""subject numbers of a site"""
_SITES = 99


@dataclass(frozen=True)
class Cohort:
    """All subjects screened, in the order of their numbers; one entry of each array for each."""

    site: Ints
    """number of the site"""
    ways: Ints
    """position, in the parameters' sites, of the site whose ways it has"""
    number: Ints
    disease: Ints
    """position in the parameters' diseases"""
    sex: Ints
    age: Ints
    """completed years at consent"""
    birth: Days
    consent: Days
    failure: Ints
    """position in the parameters' screen failures; -1: enrolled"""
    disposition: Ints
    """position in the parameters' dispositions; -1: not enrolled"""
    first_dose: Days
    """planned; missing for those not enrolled"""
    weight: Floats
    height: Floats

    @property
    def screened(self) -> int:
        """How many consented."""
        return int(self.site.size)

    @property
    def enrolled(self) -> Bools:
        """Who was treated."""
        treated: Bools = self.failure < 0
        return treated

    @property
    def treated(self) -> int:
        """How many were treated."""
        return int(self.enrolled.sum())

    @cached_property
    def subject(self) -> npt.NDArray[np.object_]:
        """The subjects' numbers as the EDC writes them, 01-007."""
        pairs = zip(self.site.tolist(), self.number.tolist(), strict=True)
        return np.array([f"{site:02d}-{number:03d}" for site, number in pairs], dtype=object)


def simulate_cohort(parameters: Parameters, subjects: int, streams: Streams) -> Cohort:
    """`subjects` treated subjects in the cohort's proportions, and the screen failures that go with them.

    Raises UserError when the study would need more sites than two digits can number.
    """
    rng = streams.of("cohort")
    given = parameters.cohort
    diseases = list(given.diseases.values())
    failed = apportioned(
        scaled(sum(f.count for f in given.screen_failures), subjects, given.size),
        [failure.count for failure in given.screen_failures],
    )
    failure = np.r_[np.full(subjects, -1), np.repeat(np.arange(failed.size), failed)]
    screened = failure.size

    disease, ways = _cells(parameters, subjects, failure, rng)
    female = np.array([each.female / (each.female + each.male) for each in diseases])
    sex = _sexes(parameters, disease[:subjects], rng)
    sex = np.r_[sex, np.where(rng.random(screened - subjects) < female[disease[subjects:]], FEMALE, MALE)]

    mean, sd = (np.array([each.age[i] for each in diseases])[disease] for i in (0, 1))
    age = np.floor(within(rng, mean, sd, given.age.low, given.age.high + 0.99, screened)).astype(np.int64)
    consent = _consents(parameters, failure, rng)
    birth = _years_before(consent, age) - rng.integers(0, 365, screened).astype("timedelta64[D]")

    wait = rng.integers(int(given.screening_days.low), int(given.screening_days.high) + 1, screened)
    first_dose = _monday_from(consent + wait.astype("timedelta64[D]"))
    first_dose[failure >= 0] = np.datetime64("NaT", "D")

    counts = apportioned(subjects, [each.count for each in given.dispositions])
    disposition = np.full(screened, -1)
    disposition[:subjects] = rng.permutation(np.repeat(np.arange(counts.size), counts))

    weight, height = (
        within(
            rng,
            np.array([body.F[0], body.M[0]])[sex],
            np.array([body.F[1], body.M[1]])[sex],
            body.low,
            np.inf,
            screened,
        )
        for body in (given.weight, given.height)
    )

    order = np.lexsort((np.arange(screened), consent, ways))
    site, number = _numbers(parameters, ways[order])
    by_number = np.lexsort((number, site))
    order = order[by_number]
    return Cohort(
        site=site[by_number],
        ways=ways[order],
        number=number[by_number],
        disease=disease[order],
        sex=sex[order],
        age=age[order],
        birth=birth[order],
        consent=consent[order],
        failure=failure[order],
        disposition=disposition[order],
        first_dose=first_dose[order],
        weight=np.round(weight[order], 1),
        height=np.round(height[order]),
    )


def _cells(
    parameters: Parameters, subjects: int, failure: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Disease and site of each subject: those treated by exact shares, those who fail drawn in proportion."""
    names, sites = list(parameters.cohort.diseases), list(parameters.sites)
    cells = np.array(
        [
            (names.index(code), sites.index(site), count)
            for code, disease in parameters.cohort.diseases.items()
            for site, count in disease.sites.items()
        ],
        dtype=np.int64,
    )
    counts = apportioned(subjects, cells[:, 2])
    cell = np.repeat(np.arange(len(cells)), counts)
    for kind, each in enumerate(parameters.cohort.screen_failures):
        excepted = [names.index(code) for code in each.not_diseases]
        weights = np.where(np.isin(cells[:, 0], excepted), 0, cells[:, 2])
        cell = np.r_[cell, chosen(rng, weights.tolist(), int((failure == kind).sum()))]
    return cells[cell, 0], cells[cell, 1]


def _sexes(parameters: Parameters, disease: Ints, rng: np.random.Generator) -> Ints:
    """Women and men of each disease in exact shares."""
    sex = np.empty(disease.size, dtype=np.int64)
    for position, each in enumerate(parameters.cohort.diseases.values()):
        those = np.flatnonzero(disease == position)
        counts = apportioned(those.size, [each.female, each.male])
        sex[those] = rng.permutation(np.repeat([FEMALE, MALE], counts))
    return sex


def _consents(parameters: Parameters, failure: Ints, rng: np.random.Generator) -> Days:
    """Days of consent, growing log-linearly; the first subject enrolled consents on the first day."""
    accrual = parameters.cohort.accrual
    start, end = np.datetime64(accrual.start, "D"), np.datetime64(accrual.end, "D")
    length = float((end - start).astype(np.int64))
    growth = accrual.growth * length / 365.25
    quantile = (rng.permutation(failure.size) + rng.random(failure.size)) / failure.size
    part = quantile if abs(growth) < 1e-9 else np.log1p(quantile * np.expm1(growth)) / growth
    consent = on_weekday(start + np.floor(part * length).astype("timedelta64[D]"))
    enrolled = np.flatnonzero(failure < 0)
    first = enrolled[np.argmin(consent[enrolled])]
    before = (consent < consent[first]) & (failure >= 0)
    consent = np.where(before, consent + np.timedelta64(14, "D"), consent)
    consent[first] = start
    return consent


def _numbers(parameters: Parameters, ways: Ints) -> tuple[Ints, Ints]:
    """Site and number of subjects in the order of consent; a full site is followed by a further one."""
    known = np.array([int(site) for site in parameters.sites])
    place = order_within(ways)
    share, number = place // _NUMBERS, place % _NUMBERS + 1
    further, pair = np.unique(ways * (_SITES + 1_000) + share, return_inverse=True)
    numbers = np.empty(further.size, dtype=np.int64)
    is_first = further % (_SITES + 1_000) == 0
    numbers[is_first] = known[further[is_first] // (_SITES + 1_000)]
    numbers[~is_first] = known.max() + 1 + np.arange(int((~is_first).sum()))
    if numbers.size and numbers.max() > _SITES:
        raise UserError.of(
            f"the study would need {numbers.max()} sites, but a site number has two digits",
            "simulate, --subjects",
            f"simulate fewer subjects: a site holds {_NUMBERS}",
        )
    return numbers[pair], number


def _years_before(days: Days, years: Ints) -> Days:
    """The same day that many years before; the 29th of February becomes the 28th."""
    months = days.astype("datetime64[M]")
    day = (days - months.astype("datetime64[D]")).astype(np.int64)
    earlier = months - (12 * years).astype("timedelta64[M]")
    last = ((earlier + 1).astype("datetime64[D]") - earlier.astype("datetime64[D]")).astype(np.int64) - 1
    same_day: Days = earlier.astype("datetime64[D]") + np.minimum(day, last).astype("timedelta64[D]")
    return same_day


def _monday_from(days: Days) -> Days:
    """That day if it is a Monday, else the next Monday."""
    monday: Days = days + ((4 - days.astype(np.int64)) % 7).astype("timedelta64[D]")
    return monday
