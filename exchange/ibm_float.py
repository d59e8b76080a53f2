"""IBM System/360 hexadecimal doubles, the numbers of SAS transport files.

A sign bit, a 7-bit exponent of 16 in excess 64, and a 56-bit fraction, most significant byte first. An IEEE
double has 53 significant bits and moves by at most three when its exponent is made a multiple of four, so
that each one within the range of the exponent is held exactly. Missing values have a first byte of their own
and seven zeros.

Source: SAS technical support note TS-140, "The record layout of a SAS transport data set".
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]

SMALLEST = 2.0**-260
"""The smallest magnitude above zero that a normalised hexadecimal double holds: about 5.4e-79."""
LARGEST = float(np.nextafter(2.0**252, 0.0))
"""The largest magnitude that an IEEE double and a hexadecimal double both hold: about 7.2e75."""
MISSING_CODES: dict[int, str] = {0x2E: ".", 0x5F: "._"} | {
    byte: f".{chr(byte)}" for byte in range(0x41, 0x5B)
}
"""The first byte of a missing value, and how SAS writes that value."""

_FRACTION = np.uint64((1 << 56) - 1)
_SIGNIFICAND = np.uint64((1 << 52) - 1)
_MISSING = np.uint64(0x2E << 56)
_IS_CODE = np.isin(np.arange(256), list(MISSING_CODES))


def _tables() -> tuple[Words, Words]:
    """For each sign and IEEE exponent: the significand's shift, and the word without its fraction."""
    shifts = np.zeros(4096, dtype=np.uint64)
    bases = np.zeros(4096, dtype=np.uint64)
    for sign in (0, 1):
        for biased in range(1, 2047):
            exponent = biased - 1023
            shift = exponent % 4
            exponent16 = (exponent - shift) // 4 + 65
            if 0 <= exponent16 <= 127:
                shifts[sign << 11 | biased] = shift
                bases[sign << 11 | biased] = (sign << 63) + (exponent16 << 56) + (1 << 52 << shift)
    return shifts, bases


_SHIFTS, _BASES = _tables()
_SCALES = np.array([(1 if top < 128 else -1) * 2.0 ** (4 * (top % 128 - 64) - 56) for top in range(256)])


def out_of_range(values: Floats) -> Mask:
    """Which numbers are infinite, or of a magnitude below SMALLEST or above LARGEST; not NaN."""
    magnitudes = np.abs(values)
    outside: Mask = (magnitudes > LARGEST) | ((magnitudes < SMALLEST) & (magnitudes != 0))
    return outside


def to_ibm(values: Floats) -> Words:
    """Hexadecimal doubles in the machine's byte order; NaN becomes the missing value `.`, and -0.0 becomes 0.

    The values must pass `out_of_range`.
    """
    bits = values.view(np.uint64)
    top = (bits >> np.uint64(52)).view(np.intp)
    words = bits & _SIGNIFICAND
    words <<= _SHIFTS.take(top)
    words += _BASES.take(top)
    np.putmask(words, np.isnan(values), _MISSING)
    return words


def from_ibm(words: Words) -> tuple[Floats, Mask]:
    """The numbers, and which of them are missing (with or without a code); words in the machine's byte order.

    Fractions of more than 53 bits, which no IEEE machine writes, are rounded to the nearest double.
    """
    fractions = words & _FRACTION
    top = (words >> np.uint64(56)).view(np.intp)
    values = fractions.astype(np.float64)
    values *= _SCALES.take(top)
    missing = fractions == 0
    missing[missing] = _IS_CODE[top[missing]]
    values[missing] = np.nan
    return values, missing
