"""Draws that the forms share: exact shares, truncated distributions, changes that keep a given mean."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]
"""calendar days, datetime64[D]"""

_ROUNDS = 60


def apportioned(total: int, weights: Sequence[float] | Ints | Floats) -> Ints:
    """`total` split in proportion to the weights, by largest remainders; ties go to the earlier.

    >>> apportioned(46, [40, 1, 1, 1, 1, 1, 1]).tolist()
    [40, 1, 1, 1, 1, 1, 1]
    """
    share = np.asarray(weights, dtype=np.float64)
    exact = share * total / share.sum()
    whole: Ints = np.floor(exact + 1e-9).astype(np.int64)
    first = np.argsort(-(exact - whole), kind="stable")[: total - int(whole.sum())]
    whole[first] += 1
    return whole


def scaled(count: float, subjects: int, cohort: int) -> int:
    """A count per cohort as the count in that many subjects, rounded half up."""
    return int(np.floor(count * subjects / cohort + 0.5))


def within(
    rng: np.random.Generator,
    mean: Floats | float,
    sd: Floats | float,
    low: Floats | float,
    high: Floats | float,
    size: int,
) -> Floats:
    """Normal draws inside the bounds: those outside are drawn again, or set on the bound in the end."""
    centre, spread = np.broadcast_to(mean, size), np.broadcast_to(sd, size)
    lowest, highest = np.broadcast_to(low, size), np.broadcast_to(high, size)
    values: Floats = rng.normal(centre, spread)
    for _ in range(_ROUNDS):
        outside = np.flatnonzero((values < lowest) | (values > highest))
        if not outside.size:
            break
        values[outside] = rng.normal(centre[outside], spread[outside])
    bounded: Floats = np.clip(values, lowest, highest)
    return bounded


def chosen(rng: np.random.Generator, weights: Sequence[float], size: int) -> Ints:
    """Positions in the weights, drawn in their proportion."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.searchsorted(edges[:-1] / edges[-1], rng.random(size), side="right").astype(np.int64)


def spread_evenly(rng: np.random.Generator, weights: Sequence[float], size: int) -> Ints:
    """As `chosen`, with the shares kept as exactly as the size allows."""
    ranks = (rng.permutation(size) + rng.random()) / max(size, 1)
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.searchsorted(edges[:-1] / edges[-1], ranks, side="right").astype(np.int64)


def lognormal_of(mean: Floats, sd: Floats, normal: Floats) -> Floats:
    """Log-normal values with that mean and standard deviation, from standard normal draws."""
    variance = np.log1p((sd / mean) ** 2)
    values: Floats = np.exp(np.log(mean) - variance / 2 + np.sqrt(variance) * normal)
    return values


def order_within(groups: Ints) -> Ints:
    """For each record its place (from 0) among the records of its group, in the order given."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    lengths = np.diff(np.r_[starts, ordered.size])
    places = np.empty(groups.size, dtype=np.int64)
    places[order] = np.arange(ordered.size) - np.repeat(starts, lengths)
    return places


def on_weekday(days: Days) -> Days:
    """Saturdays and Sundays moved to the Monday after."""
    weekday = (days.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday; Monday is 0
    shift = np.where(np.isnat(days), 0, np.where(weekday == 5, 2, np.where(weekday == 6, 1, 0)))
    moved: Days = days + shift.astype("timedelta64[D]")
    return moved
