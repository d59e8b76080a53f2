"""What a visit is called: every hospital and every laboratory in its own way, and not always in the same."""

from __future__ import annotations

import numpy as np

from raw.simulation.as_text import Texts, looked_up
from raw.simulation.cohort import Cohort
from raw.simulation.draws import Bools, Ints
from raw.simulation.parameters import Parameters


def ways_drawn(parameters: Parameters, cohort: Cohort, subject: Ints, rng: np.random.Generator) -> Ints:
    """For each visit the way it is called, by the habits of its site; a position in calendar.labels."""
    ways = list(parameters.calendar.labels)
    shares = np.array([[site.labels.get(way, 0.0) for way in ways] for site in parameters.sites.values()])
    edges = np.cumsum(shares / shares.sum(axis=1, keepdims=True), axis=1)[cohort.ways[subject]]
    drawn: Ints = (rng.random(subject.size)[:, None] >= edges[:, :-1]).sum(axis=1)
    return drawn


def labels(parameters: Parameters, visit: Ints, way: Ints, early_end: Bools) -> Texts:
    """The labels of planned visits; `visit` is the position among the parameters' visits."""
    calendar = parameters.calendar
    texts = [label for each in calendar.visits for label in calendar.labels_of(each)]
    end = len(texts)
    return looked_up(
        [*texts, calendar.early_end], np.where(early_end, end, visit * len(calendar.labels) + way)
    )
