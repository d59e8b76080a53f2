"""Numbers of written variables: as plain floating point to compute with, and as text to show."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from exchange import TEXT, number_text

Floats = npt.NDArray[np.float64]


def as_floats(values: pd.Series) -> Floats:
    """The numbers with not-a-number for missing."""
    return values.to_numpy(dtype=np.float64, na_value=np.nan)


def as_texts(numbers: Floats, index: pd.Index) -> pd.Series:
    """The numbers with the fewest digits that give the same double; missing where there is none.

    >>> as_texts(np.array([3.0, 0.1, np.nan]), pd.RangeIndex(3)).tolist()
    ['3', '0.1', <NA>]
    """
    codes, distinct = pd.factorize(numbers)
    shown = pd.array([number_text(float(number)) for number in distinct], dtype=TEXT)
    return pd.Series(shown.take(codes, allow_fill=True), index=index)
