"""Numbers as text, plainly: all digits that they have, never an exponent."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd


def number_text(numbers: pd.Series) -> pd.Series:
    """Each number as text; missing where it is missing.

    >>> number_text(pd.Series([3.0, 7.01, 1234567.25, None], dtype="Float64")).tolist()
    ['3', '7.01', '1234567.25', <NA>]
    """
    written = {number: plain_number(number) for number in numbers.dropna().unique()}
    return numbers.map(written, na_action="ignore").astype("string")


def plain_number(number: float) -> str:
    """One number as text.

    >>> plain_number(1e20), plain_number(-0.00005), plain_number(-0.0)
    ('100000000000000000000', '-0.00005', '0')
    """
    exact = Decimal(repr(float(number))).normalize()
    return f"{exact:f}" if exact else "0"
