"""Each subject's own level of each test, within what the eligibility criteria allow."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from raw.simulation.cohort import Cohort
from raw.simulation.draws import Floats, within
from raw.simulation.parameters import Parameters, Test
from raw.simulation.parameters.frozen import BySex
from raw.simulation.streams import Streams

CREATININE = "CREAT"
_COCKCROFT = (1.04, 1.23)
"""factor of women and men, for creatinine in umol/L"""


def creatinine_at(cohort: Cohort, clearance: float) -> Floats:
    """The creatinine (umol/L) with which each subject has that clearance (Cockcroft-Gault, mL/min)."""
    factor = np.array(_COCKCROFT)[cohort.sex]
    level: Floats = (140 - cohort.age) * cohort.weight * factor / clearance
    return level


def highest_allowed(parameters: Parameters, cohort: Cohort, test: str) -> Floats:
    """The highest level of the test with which each subject may be enrolled."""
    high = np.full(cohort.screened, parameters.laboratory.tests[test].bounds[1])
    if test != CREATININE:
        return high
    limit = parameters.laboratory.clearance
    excepted = np.array([code in limit.not_diseases for code in parameters.cohort.diseases])[cohort.disease]
    return np.where(excepted, high, np.minimum(high, creatinine_at(cohort, limit.least)))


def simulate_levels(parameters: Parameters, cohort: Cohort, streams: Streams) -> Mapping[str, Floats]:
    """For each test with a level of its own, the level of each subject."""
    return {
        name: _levels(parameters, cohort, name, test, streams.of(f"level {name}"))
        for name, test in parameters.laboratory.tests.items()
        if not test.product_of and not test.remainder_of
    }


def _levels(
    parameters: Parameters, cohort: Cohort, name: str, test: Test, rng: np.random.Generator
) -> Floats:
    centre, spread = np.empty(cohort.screened), np.empty(cohort.screened)
    for position, levels in enumerate(parameters.laboratory.levels.values()):
        level = levels.get(name, test.level)
        assert level is not None, "the parameters name a level of each test for each disease"
        by_sex = np.array([level.F, level.M]) if isinstance(level, BySex) else np.array([level, level])
        those = cohort.disease == position
        centre[those], spread[those] = by_sex[cohort.sex[those]].T
    centre = centre + np.array([test.add.get("F", 0.0), test.add.get("M", 0.0)])[cohort.sex]
    low, high = test.bounds[0], highest_allowed(parameters, cohort, name)
    if test.lognormal:
        drawn = within(rng, np.log(centre), np.log(spread), np.log(low), np.log(high), cohort.screened)
        levels_: Floats = np.exp(drawn)
        return levels_
    return within(rng, centre, spread, low, high, cohort.screened)
