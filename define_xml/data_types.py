"""What define.xml says of values: their data type, their length, their digits after the point.

The length of a number counts the digits of the longest value, not the bytes of its file. ISO 8601 dates and
durations have no length. Source: Define-XML 2.1, 5.3.11 (ItemDef); ODM 1.3.2, 2.14 (data formats).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from define_xml.model import DataType

_LENGTH_WITHOUT_VALUES = 8
_TIME = r"T\d{2}(:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:\d{2})?"
_WHOLE_TIME = r"T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?"
_DATE = r"\d{4}-\d{2}-\d{2}"
_DATE_KINDS: tuple[tuple[DataType, str], ...] = (
    ("date", f"^{_DATE}$"),
    ("datetime", f"^{_DATE}{_WHOLE_TIME}$"),
    ("partialDate", r"^\d{4}(-\d{2}(-\d{2})?)?$"),
    ("partialDatetime", rf"^\d{{4}}(-\d{{2}}(-\d{{2}}({_TIME})?)?)?$"),
    ("incompleteDatetime", r"^(\d{4}|-)-(\d{2}|-)-(\d{2}|-)(T(\d{2}|-)(:(\d{2}|-)(:(\d{2}|-))?)?)?$"),
    ("intervalDatetime", r"^[^/]+/[^/]+$"),
)
"""The kinds of dates and the texts they admit, the narrowest first."""
_PARTIAL_OR_INCOMPLETE = f"({_DATE_KINDS[3][1]})|({_DATE_KINDS[4][1]})"
_DURATION = r"^-?P(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?)$"
_DURATION_ENDINGS = ("DUR", "ELTM", "STINT", "ENINT", "MAXPAI", "MINPAI", "EVLINT")
_NUMBER = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"
_WHOLE_NUMBER = r"^-?(0|[1-9][0-9]*)$"


@dataclass(frozen=True)
class ValueFacts:
    """What the values of a variable, or of one value level, are; `missing` when there are none."""

    type: DataType
    length: int | None
    significant_digits: int | None = None
    missing: bool = False


def number_facts(values: npt.NDArray[np.float64]) -> ValueFacts:
    """The facts of numbers, none of them missing: integers where all are whole."""
    if not len(values):
        return ValueFacts("integer", _LENGTH_WITHOUT_VALUES, missing=True)
    before, after = _digits(pa.array(_number_texts(values)))
    return ValueFacts("float", before + after, after) if after else ValueFacts("integer", before)


def text_facts(values: pd.Series[Any], name: str, planned: int, *, typed: bool = False) -> ValueFacts:
    """The facts of the distinct texts of variable `name`, none of them missing, planned for so many bytes.

    A name that ends in DTC holds dates, one that ends in DUR and the like durations, where all values are.
    With `typed`, texts that are all numbers are integer or float: a result as it was collected.
    """
    texts = pa.array(values, type=pa.large_string())
    if name.endswith("DTC"):
        kind = _date_kind(texts)
        if kind is not None:
            return ValueFacts(kind, None, missing=not len(texts))
    if name.endswith(_DURATION_ENDINGS) and _all(texts, _DURATION):
        return ValueFacts("durationDatetime", None, missing=not len(texts))
    if typed and len(texts) and _all(texts, _NUMBER):
        if _all(texts, _WHOLE_NUMBER):
            return ValueFacts("integer", planned)
        return ValueFacts("float", planned, _digits(texts)[1])
    return ValueFacts("text", planned, missing=not len(texts))


def longest(values: pd.Series[Any]) -> int:
    """The bytes of the longest text, 1 at least."""
    return int(pc.max(pc.binary_length(pa.array(values, type=pa.large_string()))).as_py() or 1)


def _date_kind(texts: pa.LargeStringArray) -> DataType | None:
    if not len(texts):
        return "datetime"
    for kind, pattern in _DATE_KINDS:
        if _all(texts, pattern):
            return kind
    return "incompleteDatetime" if _all(texts, _PARTIAL_OR_INCOMPLETE) else None


def _all(texts: pa.LargeStringArray, pattern: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(texts, pattern), min_count=0).as_py())


def _number_texts(values: npt.NDArray[np.float64]) -> list[str]:
    """Numbers to 15 significant digits, written without an exponent."""
    texts: list[str] = np.char.mod("%.15g", np.unique(values)).tolist()
    return [format(Decimal(text), "f") if "e" in text else text for text in texts]


def _digits(texts: pa.Array) -> tuple[int, int]:
    """The most digits before and after the point."""
    digits = pc.utf8_ltrim(texts, "-")
    point = pc.find_substring(digits, ".")
    whole = pc.equal(point, -1)
    length = pc.utf8_length(digits)
    before = pc.if_else(whole, length, point)
    after = pc.if_else(whole, 0, pc.subtract(pc.subtract(length, point), 1))
    return int(pc.max(before).as_py()), int(pc.max(after).as_py())
