"""Hexadecimal doubles against the definition, worked out in exact fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.ibm_float import LARGEST, MISSING_CODES, SMALLEST, from_ibm, out_of_range, to_ibm

EVERY_DOUBLE = st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=True)
WITHIN = st.one_of(
    EVERY_DOUBLE.filter(lambda value: value == 0 or SMALLEST <= abs(value) <= LARGEST),
    st.floats(min_value=-1e6, max_value=1e6, allow_subnormal=False),
    st.integers(-(2**53), 2**53).map(float),
)


def by_definition(word: int) -> Fraction:
    """The number that a hexadecimal double stands for."""
    sign, exponent, fraction = word >> 63, word >> 56 & 0x7F, word & (1 << 56) - 1
    return (-1) ** sign * Fraction(fraction, 1 << 56) * Fraction(16) ** (exponent - 64)


@given(st.lists(WITHIN.filter(lambda value: value == 0 or abs(value) >= SMALLEST), min_size=1, max_size=50))
@settings(derandomize=True, max_examples=200, deadline=None)
def test_every_double_in_range_is_held_exactly(values: list[float]):
    numbers = np.array(values)
    words = to_ibm(numbers)
    assert [by_definition(int(word)) for word in words] == [Fraction(value) for value in values]
    back, missing = from_ibm(words)
    assert np.array_equal(back, numbers)
    assert not missing.any()


@given(EVERY_DOUBLE)
@settings(derandomize=True, max_examples=200, deadline=None)
def test_the_range_is_that_of_the_format(value: float):
    holds = value == 0 or Fraction(16) ** -65 <= abs(Fraction(value)) < Fraction(16) ** 63
    assert bool(out_of_range(np.array([value]))[0]) is not holds


def test_random_doubles_of_every_exponent_are_held_exactly():
    draw = np.random.default_rng(20160104)
    numbers = draw.uniform(-1, 1, 20_000) * 2.0 ** draw.integers(-259, 252, 20_000)
    numbers = numbers[~out_of_range(numbers)]
    assert len(numbers) > 19_000
    assert np.array_equal(from_ibm(to_ibm(numbers))[0], numbers)


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (1.0, "4110000000000000"),
        (-118.625, "C276A00000000000"),
        (0.1, "401999999999999A"),
        (20454.0, "444FE60000000000"),
        (0.0, "0000000000000000"),
        (-0.0, "0000000000000000"),
        (float("nan"), "2E00000000000000"),
        (SMALLEST, "0010000000000000"),
        (LARGEST, "7FFFFFFFFFFFFFF8"),
    ],
)
def test_known_numbers_have_their_known_words(value: float, word: str):
    assert f"{int(to_ibm(np.array([value]))[0]):016X}" == word


@pytest.mark.parametrize("value", [np.inf, -np.inf, 1e76, SMALLEST / 2, 5e-324, -1e-300])
def test_numbers_that_the_format_cannot_hold_are_recognised(value: float):
    assert out_of_range(np.array([value, 1.0])).tolist() == [True, False]


@pytest.mark.parametrize("code", sorted(MISSING_CODES.items()), ids=lambda code: code[1])
def test_a_missing_value_of_any_code_is_missing(code: tuple[int, str]):
    values, missing = from_ibm(np.array([code[0] << 56, 0x41 << 56 | 1 << 52], dtype=np.uint64))
    assert missing.tolist() == [True, False]
    assert np.isnan(values[0])
    assert values[1] == 1.0


def test_there_are_28_codes_of_missing_values():
    assert "".join(code for _, code in sorted(MISSING_CODES.items())) == (
        "..A.B.C.D.E.F.G.H.I.J.K.L.M.N.O.P.Q.R.S.T.U.V.W.X.Y.Z._"
    )


def test_a_zero_with_an_exponent_that_is_no_code_is_zero():
    values, missing = from_ibm(np.array([0x40 << 56, 0x80 << 56], dtype=np.uint64))
    assert values.tolist() == [0.0, 0.0]
    assert not missing.any()
