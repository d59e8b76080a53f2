"""Numbers and SAS dates as text, since raw records are all text."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from exchange.table import TEXT, Table, floats

DATES = frozenset(
    [
        "DATE",
        "DAY",
        "DDMMYY",
        "DDMMYYB",
        "DDMMYYC",
        "DDMMYYD",
        "DDMMYYN",
        "DDMMYYP",
        "DDMMYYS",
        "DOWNAME",
        "E8601DA",
        "B8601DA",
        "IS8601DA",
        "JULDAY",
        "JULIAN",
        "MMDDYY",
        "MMDDYYB",
        "MMDDYYC",
        "MMDDYYD",
        "MMDDYYN",
        "MMDDYYP",
        "MMDDYYS",
        "MMYY",
        "MMYYC",
        "MMYYD",
        "MMYYN",
        "MMYYP",
        "MMYYS",
        "MONNAME",
        "MONTH",
        "MONYY",
        "NENGO",
        "QTR",
        "QTRR",
        "WEEKDATE",
        "WEEKDATX",
        "WEEKDAY",
        "WORDDATE",
        "WORDDATX",
        "YEAR",
        "YYMM",
        "YYMMC",
        "YYMMD",
        "YYMMN",
        "YYMMP",
        "YYMMS",
        "YYMMDD",
        "YYMMDDB",
        "YYMMDDC",
        "YYMMDDD",
        "YYMMDDN",
        "YYMMDDP",
        "YYMMDDS",
        "YYMON",
        "YYQ",
        "YYWEEKU",
        "YYWEEKV",
        "YYWEEKW",
    ]
)
"""Formats of days since 1960-01-01."""
DATETIMES = frozenset(
    [
        "DATEAMPM",
        "DATETIME",
        "DTDATE",
        "DTMONYY",
        "DTWKDATX",
        "DTYEAR",
        "DTYYQC",
        "E8601DN",
        "E8601DT",
        "E8601DZ",
        "E8601DX",
        "E8601LX",
        "B8601DN",
        "B8601DT",
        "B8601DZ",
        "B8601DX",
        "B8601LX",
        "IS8601DN",
        "IS8601DT",
        "IS8601DZ",
        "MDYAMPM",
        "NLDATM",
        "TODSTAMP",
    ]
)
"""Formats of seconds since 1960-01-01T00:00:00."""
TIMES = frozenset(
    [
        "TIME",
        "TIMEAMPM",
        "HHMM",
        "HOUR",
        "MMSS",
        "TOD",
        "E8601TM",
        "E8601TZ",
        "E8601LZ",
        "B8601TM",
        "B8601TZ",
        "B8601LZ",
        "IS8601TM",
        "IS8601TZ",
        "NLTIME",
    ]
)
"""Formats of seconds since midnight."""

_FORMAT_NAME = re.compile(r"([A-Z_$][A-Z0-9_]*?)[0-9]*\.[0-9]*")
_DAYS_TO_1970 = 3653
_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896  # 0001-01-01 and 9999-12-31, from 1970-01-01
_MICROSECONDS = 1_000_000


def text_records(table: Table) -> Table:
    """The table with every column as text, as a raw record has it.

    Numbers are written with the fewest digits that give the same double, whole ones without a decimal point;
    days, seconds and times of a SAS date, datetime or time format as ISO 8601 (`2024-03-01`,
    `2024-03-01T08:30:00`, `08:30:00`). A number that is no day or moment of the years 1 to 9999 stays a
    number. Missing stays NA.
    """
    columns = tuple(
        replace(column, type="Char", length=0, format="") if column.type == "Num" else column
        for column in table.columns
    )
    records = pd.DataFrame(
        {
            column.name: _as_text(table.records.iloc[:, at], column.format)
            if column.type == "Num"
            else table.records.iloc[:, at]
            for at, column in enumerate(table.columns)
        },
        columns=[column.name for column in table.columns],
    )
    return replace(table, columns=columns, records=records)


def is_dated(form: str) -> bool:
    """Whether a format shows numbers as dates, moments or times.

    >>> is_dated("DATE9."), is_dated("E8601DT19."), is_dated("8.3")
    (True, True, False)
    """
    name = _FORMAT_NAME.fullmatch(form)
    return name is not None and name[1] in DATES | DATETIMES | TIMES


def number_text(value: float) -> str:
    """A number with the fewest digits that give the same double; a whole one without a decimal point.

    >>> number_text(12.0), number_text(0.1), number_text(-1e-7), number_text(1e22)
    ('12', '0.1', '-1e-07', '1e+22')
    """
    return repr(value + 0.0).removesuffix(".0")  # -0.0 becomes 0


def _as_text(values: pd.Series[Any], form: str) -> pd.Series[Any]:
    codes, distinct = pd.factorize(floats(values))
    texts = np.array([*(number_text(float(value)) for value in distinct), None], dtype=object)
    name = _FORMAT_NAME.fullmatch(form)
    if name is not None:
        for formats, written in ((DATES, _dates), (DATETIMES, _moments), (TIMES, _times)):
            if name[1] in formats:
                texts[:-1] = np.where(*written(distinct), texts[:-1])
    return pd.Series(pd.array(texts, dtype=TEXT).take(codes), index=values.index, name=values.name)


Written = tuple[npt.NDArray[np.bool_], npt.NDArray[np.object_]]
"""Which numbers could be written, and their texts."""


def _dates(numbers: npt.NDArray[np.float64]) -> Written:
    days = numbers - _DAYS_TO_1970
    valid = (days == np.floor(days)) & (days >= _FIRST_DAY) & (days <= _LAST_DAY)
    return valid, _iso(np.where(valid, days, 0).astype("datetime64[D]"))


def _moments(numbers: npt.NDArray[np.float64]) -> Written:
    seconds = numbers - _DAYS_TO_1970 * 86_400
    valid = (seconds >= _FIRST_DAY * 86_400) & (seconds < (_LAST_DAY + 1) * 86_400)
    moments = _microseconds(np.where(valid, seconds, 0)).astype("datetime64[us]")
    return valid, _iso(moments)


def _times(numbers: npt.NDArray[np.float64]) -> Written:
    valid = (numbers >= 0) & (numbers < 360_000)
    parts = _microseconds(np.where(valid, numbers, 0))
    seconds, micro = np.divmod(parts, _MICROSECONDS)
    texts = [
        f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
        + f".{fraction:06}".rstrip("0").rstrip(".")
        for second, fraction in zip(seconds.tolist(), micro.tolist(), strict=True)
    ]
    return valid, np.array(texts, dtype=object)


def _microseconds(seconds: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    whole = np.floor(seconds)
    micro = np.round((seconds - whole) * _MICROSECONDS)
    return whole.astype(np.int64) * _MICROSECONDS + micro.astype(np.int64)


def _iso(moments: npt.NDArray[np.datetime64]) -> npt.NDArray[np.object_]:
    texts = np.datetime_as_string(moments)
    if moments.dtype == np.dtype("datetime64[us]"):
        return np.array(
            [text.rstrip("0").rstrip(".") if "." in text else text for text in texts.tolist()], dtype=object
        )
    return texts.astype(object)
