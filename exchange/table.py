"""A file's content: columns with their metadata, records, and where each record stood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

TEXT = pd.StringDtype("pyarrow", na_value=pd.NA)
"""The dtype of every character variable; missing is NA, never "". """
NUMBER = pd.Float64Dtype()
"""The dtype of every numeric variable; missing is NA."""


@dataclass(frozen=True)
class Column:
    """A variable; `length` in bytes (character) or 8 (numeric), `format` as in `DATE9.`."""

    name: str
    label: str = ""
    type: Literal["Char", "Num"] = "Char"
    length: int = 0
    format: str = ""


@dataclass(frozen=True)
class Table:
    """One dataset of one file.

    `records` holds one column for each of `columns`, in their order, of dtype TEXT or NUMBER. `rows` says
    where each record stood in the file, counted from 1: the line of a CSV file where the record begins, the
    row of a sheet, the observation of a transport file.
    """

    name: str
    label: str
    columns: tuple[Column, ...]
    records: pd.DataFrame
    rows: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))


def arrow_texts(values: pd.Series[Any]) -> pa.LargeStringArray:
    """A column of dtype TEXT as one Arrow array, "" for missing."""
    assert values.dtype == TEXT, f"{values.name} is text"
    array = pa.array(values.array, type=pa.large_string())
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    return array.fill_null("") if array.null_count else array


def floats(values: pd.Series[Any]) -> npt.NDArray[np.float64]:
    """A column of dtype NUMBER as doubles, NaN for missing."""
    assert values.dtype == NUMBER, f"{values.name} is numeric"
    return values.to_numpy(dtype=np.float64, na_value=np.nan)
