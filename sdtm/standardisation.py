"""From a collected result in a collected unit to the standard unit, exact in decimals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

import pandas as pd

from specs import Conversions, Judged, TestConversion

_RESULT = re.compile(r"(?P<sign><=|>=|<|>)?\s*(?P<number>[+-]?[0-9]{1,30}(?:[.,][0-9]{1,30})?)")
_EXACT = Context(prec=200)


@dataclass(frozen=True)
class Standardised:
    """A result in the standard unit as text; or why it is held back."""

    text: str | None = None
    doubt: str | None = None


def factor_of(test: TestConversion | None, unit: str | None) -> tuple[float | None, str | None]:
    """The factor for a collected unit, or the code of the doubt."""
    if test is None:
        return None, "TEST_NOT_STANDARDISED"
    if unit is None:
        if test.unit is None:
            return 1.0, None
        if test.without_unit is None:
            return None, "UNIT_MISSING"
        unit = test.without_unit
    factor = test.factor(unit)
    return (factor, None) if factor is not None else (None, "UNIT_UNKNOWN")


def standardised(
    result: str,
    test: TestConversion | None,
    unit: str | None,
    decimal_marks: tuple[str, ...],
    texts: frozenset[str],
) -> Standardised:
    """One result: a text that `texts` allows stays as it is, a number (with < or >) is converted and written plainly."""
    text = result.strip()
    if text in texts:
        return Standardised(text)
    match = _RESULT.fullmatch(text)
    number = match["number"] if match else ""
    if match is None or any(mark in number and mark not in decimal_marks for mark in ".,"):
        return Standardised(doubt="NUMBER_UNREADABLE")
    factor, doubt = factor_of(test, unit)
    if factor is None or test is None:
        return Standardised(doubt=doubt)
    value = converted(number.replace(",", "."), factor, test.decimals)
    sign = match["sign"] or ""
    if not sign and ((test.low is not None and value < Decimal(str(test.low))) or _above(value, test)):
        return Standardised(f"{sign}{plain(value)}", "RESULT_IMPLAUSIBLE")
    return Standardised(f"{sign}{plain(value)}")


def standardised_records(
    results: pd.Series,
    tests: pd.Series,
    units: pd.Series,
    conversions: Conversions,
    decimal_marks: tuple[str, ...],
    texts: frozenset[str] = frozenset(),
) -> Judged:
    """`standardised` for each record; missing where the result or its test is."""
    columns = [each.astype("object").where(each.notna(), None) for each in (results, tests, units)]
    found = [
        Standardised()
        if result is None or test is None
        else standardised(result, conversions.tests.get(test), unit, decimal_marks, texts)
        for result, test, unit in zip(*columns, strict=True)
    ]
    return Judged(
        pd.Series([each.text for each in found], index=results.index, dtype="string"),
        pd.Series([each.doubt for each in found], index=results.index, dtype="string"),
    )


def converted(number: str, factor: float, decimals: int | None) -> Decimal:
    """The number times the factor, rounded half up to `decimals` where it was really converted.

    >>> converted("12.5", 10.0, 1), converted("0.0315", 1.0, 1)
    (Decimal('125'), Decimal('0.0315'))
    """
    value = Decimal(number)
    if factor == 1:
        return value
    value = _EXACT.multiply(value, Decimal(repr(factor)))
    if decimals is not None:
        value = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _EXACT)
    return value.normalize(_EXACT)


def plain(value: Decimal) -> str:
    """A number without an exponent.

    >>> plain(Decimal("1.25E+2")), plain(Decimal("4.10"))
    ('125', '4.10')
    """
    return f"{value:f}"


def _above(value: Decimal, test: TestConversion) -> bool:
    return test.high is not None and value > Decimal(str(test.high))
