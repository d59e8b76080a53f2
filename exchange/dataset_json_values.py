"""Numbers and SAS dates as Dataset-JSON writes them, and back.

SAS counts days and seconds from 1960-01-01; the file holds dates as ISO 8601 text.
Source: CDISC Dataset-JSON 1.1, dataType and targetDataType; RFC 8259 (JSON), 6, for numbers.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from exchange.as_text import DATES, DATETIMES, TIMES

IsoKind = Literal["date", "datetime", "time"]
FIRST_INEXACT = 2.0**53
"""From this number on not every whole number is a double."""

_FORMAT_NAME = re.compile(r"([A-Z_$][A-Z0-9_]*?)[0-9]*\.[0-9]*")
_DAYS_TO_1970 = 3653
_DAY = 86_400
_FIRST_DAY, _LAST_DAY = -719_162 + _DAYS_TO_1970, 2_932_896 + _DAYS_TO_1970  # 0001-01-01 to 9999-12-31
_BOUNDS: dict[IsoKind, tuple[int, int]] = {
    "date": (_FIRST_DAY, _LAST_DAY),
    "datetime": (_FIRST_DAY * _DAY, _LAST_DAY * _DAY + _DAY - 1),
    "time": (0, _DAY - 1),
}
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?"
_TEXTS: dict[IsoKind, re.Pattern[str]] = {
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "datetime": re.compile(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_CLOCK}"),
    "time": re.compile(_CLOCK),
}
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_ORIGIN = date(1960, 1, 1).toordinal()
_MICROSECONDS = 1_000_000


def iso_kind(form: str) -> IsoKind | None:
    """What a SAS format shows numbers as; None for a format of other numbers.

    >>> iso_kind("DATE9."), iso_kind("DATETIME20."), iso_kind("TIME5."), iso_kind("8.3")
    ('date', 'datetime', 'time', None)
    """
    name = _FORMAT_NAME.fullmatch(form)
    if name is None:
        return None
    kinds: tuple[tuple[IsoKind, frozenset[str]], ...] = (
        ("date", DATES),
        ("datetime", DATETIMES),
        ("time", TIMES),
    )
    return next((kind for kind, formats in kinds if name[1] in formats), None)


def is_iso(kind: IsoKind, values: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Which numbers are whole days or seconds that ISO 8601 can write, or missing."""
    first, last = _BOUNDS[kind]
    fits: npt.NDArray[np.bool_] = (values == np.floor(values)) & (values >= first) & (values <= last)
    return fits | np.isnan(values)


def iso_texts(kind: IsoKind, values: npt.NDArray[np.float64]) -> pa.LargeStringArray:
    """SAS days or seconds as ISO 8601, null for missing; all of them are `is_iso`.

    >>> iso_texts("datetime", np.array([0.0, np.nan])).to_pylist()
    ['1960-01-01T00:00:00', None]
    """
    missing = np.isnan(values)
    whole = np.where(missing, 0, values).astype(np.int64)
    if kind == "date":
        days = pa.array((whole - _DAYS_TO_1970).astype(np.int32), mask=missing)
        return days.cast(pa.date32()).cast(pa.large_string())
    if kind == "time":
        return pa.array(whole.astype(np.int32), mask=missing).cast(pa.time32("s")).cast(pa.large_string())
    moments = pa.array(whole - _DAYS_TO_1970 * _DAY, mask=missing).cast(pa.timestamp("s"))
    return pc.replace_substring(moments.cast(pa.large_string()), " ", "T")


def number_texts(values: npt.NDArray[np.float64], *, whole: bool) -> pa.LargeStringArray:
    """Numbers with the fewest digits that give the same double, null for missing; none is infinite.

    >>> number_texts(np.array([0.1, 12.0, -1e-7, 1e22, -0.0]), whole=False).to_pylist()
    ['0.1', '12', '-1e-7', '1e+22', '0']
    """
    missing = np.isnan(values)
    if whole:
        return pa.array(np.where(missing, 0, values).astype(np.int64), mask=missing).cast(pa.large_string())
    return pa.array(values + 0.0, mask=missing).cast(pa.large_string())  # -0.0 becomes 0


def sas_numbers(
    kind: IsoKind | Literal["decimal"], texts: pa.LargeStringArray
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """ISO 8601 texts as SAS days or seconds, or decimals as numbers, NaN for null; and which are none.

    A time zone is none of SAS's: such a text is not taken.
    """
    coded = texts.dictionary_encode()
    distinct = np.array([*(_number(kind, text) for text in coded.dictionary.to_pylist()), np.nan])
    numbers = distinct[coded.indices.fill_null(-1).to_numpy()]
    present = ~texts.is_null().to_numpy(zero_copy_only=False)
    return numbers, np.isnan(numbers) & present


def _number(kind: IsoKind | Literal["decimal"], text: str) -> float:
    """The number of one text; NaN for a text that is none."""
    if kind == "decimal":
        found = float(text) if _DECIMAL.fullmatch(text) else np.nan
        return found if np.isfinite(found) else np.nan
    if not _TEXTS[kind].fullmatch(text):
        return np.nan
    try:
        if kind == "date":
            return date.fromisoformat(text).toordinal() - _ORIGIN
        moment = datetime.fromisoformat(text if kind == "datetime" else f"1960-01-01T{text}")
    except ValueError:  # a day that is not in the calendar
        return np.nan
    seconds = (moment.toordinal() - _ORIGIN) * _DAY + moment.hour * 3600 + moment.minute * 60 + moment.second
    return seconds + moment.microsecond / _MICROSECONDS
