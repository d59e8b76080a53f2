"""Values as an export writes them: texts looked up by position, never formatted record by record."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from exchange import TEXT
from raw.simulation.draws import Days, Ints

Texts: TypeAlias = pa.Array
"""texts in Arrow's form; missing is null"""


def looked_up(texts: Sequence[str] | npt.NDArray[Any] | Texts, positions: Ints) -> Texts:
    """The texts at these positions; a negative position is missing."""
    words = texts if isinstance(texts, pa.Array) else pa.array(list(texts), type=pa.string())
    if positions.size and positions.min() < 0:
        return words.take(pa.array(positions, mask=positions < 0))
    return words.take(pa.array(positions))


def constant(text: str | None, size: int) -> Texts:
    """The same text for each record."""
    return pa.nulls(size, pa.string()) if text is None else pa.repeat(pa.scalar(text, pa.string()), size)


def joined(*parts: Texts | str) -> Texts:
    """The parts side by side; missing where a part is missing."""
    return pc.binary_join_element_wise(*parts, "")


def counted(prefix: str, numbers: Ints, width: int) -> Texts:
    """Numbers with leading zeros behind a prefix."""
    return joined(prefix, pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width=width, padding="0"))


def integers(numbers: Ints, missing: npt.NDArray[np.bool_] | None = None) -> Texts:
    """Whole numbers."""
    return pa.array(numbers, mask=missing).cast(pa.string())


def days(dates: Days, form: str) -> Texts:
    """Dates in a strftime form; a missing date is missing."""
    missing = np.isnat(dates)
    if missing.all():
        return pa.nulls(dates.size, pa.string())
    known = dates[~missing].astype(np.int64)
    first, last = int(known.min()), int(known.max())
    written = pd.to_datetime(np.arange(first, last + 1), unit="D").strftime(form)
    positions = np.where(missing, -1, dates.astype(np.int64) - first)
    return looked_up(list(written), positions)


def clock(minutes: Ints) -> Texts:
    """Minutes of a day as HH:MM; negative is missing."""
    return looked_up(_clock(), minutes)


def stamps(dates: Days, seconds: Ints) -> Texts:
    """Date and time of day in ISO 8601, to the second."""
    time = looked_up(_seconds(), seconds)
    return joined(days(dates, "%Y-%m-%d"), "T", time)


@lru_cache(maxsize=1)
def _clock() -> Texts:
    return pa.array([f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(24 * 60)])


@lru_cache(maxsize=1)
def _seconds() -> Texts:
    return pa.array([f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in range(24 * 3600)])


@lru_cache(maxsize=256)
def numbers(decimals: int, top: int, comma: bool = False) -> Texts:
    """0 to `top`, in steps of the last decimal, as written; negative decimals count tens, hundreds ..."""
    if decimals <= 0:
        return pa.array([str(step * 10**-decimals) for step in range(top + 1)])
    mark = "," if comma else "."
    unit = 10**decimals
    return pa.array([f"{step // unit}{mark}{step % unit:0{decimals}d}" for step in range(top + 1)])


def frame(columns: dict[str, Texts]) -> pd.DataFrame:
    """Records of texts, one column for each name."""
    arrays = {name: pd.array(texts, dtype=TEXT) for name, texts in columns.items()}
    return pd.DataFrame(arrays, copy=False)


def column(records: pd.DataFrame, name: str) -> Texts:
    """A column of texts in Arrow's form, in one piece."""
    texts = pa.array(records[name].array, type=pa.large_string())
    whole = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    return whole.cast(pa.string())
