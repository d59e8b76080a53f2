"""Partial ISO 8601 dates and datetimes made complete by a rule, as numbers since 1960: one algorithm for all
words.

The rules are those of the R package admiral: a highest level that may be imputed, a date rule, a time rule,
whether known lower parts are kept when a higher one is missing, and earliest and latest dates that apply only
within what the partial date allows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from adam.sas_dates import DAY, Floats, as_floats, calendar_parts, clock_parts, days_in_month, days_of
from specs import Doubt

PARTS = ("year", "month", "day", "hour", "minute", "second")
LEVELS = ("Y", "M", "D", "h", "m", "s")
"""the highest part that may be imputed, from the year down; "none" beside them"""
DATE_INVALID = "DATE_INVALID"
IMPUTED_DATE_IMPOSSIBLE = "IMPUTED_DATE_IMPOSSIBLE"
DOUBTS = {
    DATE_INVALID: Doubt(
        "error", "this is no ISO 8601 date or no date of the calendar", "correct the SDTM date"
    ),
    IMPUTED_DATE_IMPOSSIBLE: Doubt(
        "error",
        "the imputation rule makes a date that does not exist",
        "choose a rule that suits every month",
    ),
}
_ISO = (
    r"^(\d{4}|-)(?:-(\d{2}|-)(?:-(\d{2}|-)(?:T(\d{2}|-)(?::(\d{2}|-)(?::(\d{2}(?:\.\d+)?|-))?)?"
    r"(?:Z|[+-]\d{2}:?\d{2})?)?)?)?$"
)
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True)
class Imputation:
    """One rule of imputation, as the words write it."""

    highest: str
    date: str = "first"
    time: str = "first"
    preserve: bool = False


def problem_with(rule: Imputation, *, min_dates: bool, max_dates: bool) -> str | None:
    """What is wrong with a rule, whatever the data; None where nothing is."""
    if re.fullmatch(r"\d{2}", rule.date):
        if LEVELS.index("D") > _level(rule):
            return f"date_imputation '{rule.date}' says a day only: highest_imputation must be D or lower"
        if not 1 <= int(rule.date) <= 31:
            return f"date_imputation '{rule.date}' is no day of a month"
    elif re.fullmatch(r"\d{2}-\d{2}", rule.date):
        month, day = int(rule.date[:2]), int(rule.date[3:])
        if not (1 <= month <= 12 and 1 <= day <= _LENGTHS[month - 1]):
            return f"date_imputation '{rule.date}' is no day of the year"
    elif rule.date not in ("first", "mid", "last"):
        return f"date_imputation '{rule.date}' is none of first, mid, last, mm-dd, dd"
    if rule.time not in ("first", "last") and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d", rule.time):
        return f"time_imputation '{rule.time}' is none of first, last, hh:mm:ss"
    bounded = (rule.date == "first" and min_dates) or (rule.date == "last" and max_dates)
    if rule.highest == "Y" and not bounded:
        return "a year is imputed only with date_imputation first and min_dates, or last and max_dates"
    return None


def sentence(rule: Imputation, *, with_time: bool, min_dates: Sequence[str], max_dates: Sequence[str]) -> str:
    """What the rule does, for the method of define.xml."""
    level = _level(rule)
    if level == len(LEVELS):
        return "Missing where a part of it is missing."
    names = PARTS[level : 6 if with_time else 3]
    listed = " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
    said = [f"Missing {listed} imputed"]
    if level <= LEVELS.index("D"):
        said.append(f" by date rule '{rule.date}'")
    if with_time:
        said.append((" and" if level <= LEVELS.index("D") else " by") + f" time rule '{rule.time}'")
    if rule.preserve:
        said.append(", known lower parts kept")
    if min_dates:
        said.append(f", not before {', '.join(min_dates)} where the known parts allow it")
    if max_dates:
        said.append(f", not after {', '.join(max_dates)} where the known parts allow it")
    return "".join(said) + "."


def parts_of(text: pd.Series) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Year to second of each ISO 8601 text, not-a-number where unknown, and which texts are no such date."""
    codes, distinct = pd.factorize(text.astype("string"))
    parts, invalid = _parsed(pd.Series(distinct, dtype="string"))
    nothing = np.full((1, len(PARTS)), np.nan)
    return np.vstack([parts, nothing])[codes], np.append(invalid, False)[codes]


def _parsed(texts: pd.Series) -> tuple[Floats, npt.NDArray[np.bool_]]:
    found = texts.str.extract(_ISO).replace("-", pd.NA)
    parts = np.column_stack([as_floats(pd.to_numeric(found[i])) for i in range(len(PARTS))])
    invalid = ~texts.str.fullmatch(_ISO[1:-1]).to_numpy(dtype=bool)
    year, month, day, hour, minute, second = parts.T
    longest = np.select([month == i + 1 for i in range(12)], [float(n) for n in _LENGTHS], 31.0)
    length = np.where(np.isnan(year) | ~((month >= 1) & (month <= 12)), longest, _month_lengths(year, month))
    invalid |= (month < 1) | (month > 12) | (day < 1) | (day > length)
    invalid |= (hour > 23) | (minute > 59) | (second >= 60)
    return np.where(invalid[:, None], np.nan, parts), invalid


def imputed(
    text: pd.Series,
    rule: Imputation,
    *,
    with_time: bool,
    earliest: Sequence[Floats],
    latest: Sequence[Floats],
) -> tuple[Floats, npt.NDArray[np.object_]]:
    """The number of each date (days) or datetime (seconds), and a code of DOUBTS where one is due, else None.

    Not-a-number where a part above the highest level is missing. `earliest` and `latest` are in the same
    unit.
    """
    collected, invalid = parts_of(text)
    known = collected if with_time else collected[:, :3]
    if not rule.preserve:
        known = np.where(np.isnan(known).cumsum(axis=1) > 0, np.nan, known)
    level = min(_level(rule), known.shape[1])
    gap = np.isnan(known[:, :level]).any(axis=1)
    filled, no_year = _filled(known, rule)
    impossible = ~gap & ~no_year & (filled[:, 2] > _month_lengths(filled[:, 0], filled[:, 1]))
    numbers = _numbers(filled)
    numbers = np.where(no_year, -np.inf if rule.date == "first" else np.inf, numbers)
    numbers = np.where(gap | impossible | invalid, np.nan, numbers)
    for bound in earliest:
        numbers = np.where(_allowed(known, bound), np.maximum(numbers, bound), numbers)
    for bound in latest:
        numbers = np.where(_allowed(known, bound), np.minimum(numbers, bound), numbers)
    codes = np.full(len(numbers), None, dtype=object)
    codes[impossible] = IMPUTED_DATE_IMPOSSIBLE
    codes[invalid] = DATE_INVALID
    return np.where(np.isinf(numbers), np.nan, numbers), codes


def _level(rule: Imputation) -> int:
    return LEVELS.index(rule.highest) if rule.highest in LEVELS else len(LEVELS)


def _filled(known: Floats, rule: Imputation) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Every part after the year, and where even the year is missing."""
    filled = known.copy()
    year, month, day = known[:, 0], known[:, 1], known[:, 2]
    match rule.date:
        case "first":
            rule_month, rule_day = 1.0, np.ones(len(known))
        case "mid":
            rule_month, rule_day = 6.0, np.where(np.isnan(month), 30.0, 15.0)
        case "last":
            rule_month, rule_day = 12.0, np.full(len(known), np.nan)
        case _:
            rule_month, rule_day = float(rule.date[:2]), np.full(len(known), float(rule.date[-2:]))
    filled[:, 1] = np.where(np.isnan(month), rule_month, month)
    last_day = _month_lengths(year, filled[:, 1])
    filled[:, 2] = np.where(np.isnan(day), np.where(np.isnan(rule_day), last_day, rule_day), day)
    if known.shape[1] > 3:
        named = {"first": "00:00:00", "last": "23:59:59"}
        for place, value in enumerate(named.get(rule.time, rule.time).split(":"), start=3):
            filled[:, place] = np.where(np.isnan(known[:, place]), float(value), known[:, place])
    return filled, np.isnan(year)


def _month_lengths(year: Floats, month: Floats) -> Floats:
    usable = (month >= 1) & (month <= 12)
    return days_in_month(np.where(usable, year, np.nan), month)


def _numbers(parts: Floats) -> Floats:
    numbers = days_of(parts[:, 0], parts[:, 1], parts[:, 2])
    if parts.shape[1] > 3:
        numbers = numbers * DAY + parts[:, 3] * 3600 + parts[:, 4] * 60 + parts[:, 5]
    return numbers


def _allowed(known: Floats, bound: Floats) -> npt.NDArray[np.bool_]:
    """Whether a bound lies within what a partial date allows: it agrees with every known part."""
    with_time = known.shape[1] > 3
    parts = np.column_stack(
        [*calendar_parts(np.floor(bound / DAY)), *clock_parts(bound)] if with_time else calendar_parts(bound)
    )
    agrees: npt.NDArray[np.bool_] = (np.isnan(known) | (known == parts)).all(axis=1)
    return agrees & ~np.isnan(bound)
